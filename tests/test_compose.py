"""docker-compose.yml and what it mounts: read as data, and run without containers where this machine
allows it.
"""

from __future__ import annotations

import asyncio
import grp
import json
import os
import pwd
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, text
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from activities.archive import open_bucket
from models.search import ATTRIBUTES
from models.settings import load_settings
from starter.doctor import examine
from starter.provision import programs, s3_server
from starter.provision.processes import end_all, under_watchdog
from starter.provision.server_files import Ports
from tests.world import within

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
_WORD = "0a1b2c3d4e5f" * 4  # as deploy/secrets.sh makes them
JOBS = {"temporal-schema", "temporal-namespace", "archive-bucket"}


@workflow.defn(sandboxed=False)
class _Idle:
    @workflow.run
    async def run(self) -> None:
        """Is never started: its worker only polls."""


def _environment(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_image_is_pinned_and_none_is_retired() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    for image in images:
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.?\d*[\w.-]*", image), image
        assert "auto-setup" not in image
    assert f"temporalio/server:{programs.SERVER_VERSION}" in images
    assert f"temporalio/admin-tools:{programs.SERVER_VERSION}" in images
    assert f"temporalio/ui:{programs.UI_VERSION}" in images
    assert f"versity/versitygw:v{s3_server.VERSION}" in images
    assert f"mingjian:{tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']['version']}" in images


def test_everything_is_published_on_loopback_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    ours = ["7233:7233", "8233:8080", "7070:7070", "8025:8025"]
    assert published == [f"127.0.0.1:{each}" for each in ours]


def test_whatever_lasts_has_a_health_check_and_whatever_waits_has_something_to_wait_for() -> None:
    for name, service in SERVICES.items():
        assert ("healthcheck" in service) == (name not in JOBS), name
        assert service["restart"] == ("no" if name in JOBS else "unless-stopped")
        for before, how in service.get("depends_on", {}).items():
            done = "service_completed_successfully" if before in JOBS else "service_healthy"
            assert how == {"condition": done}, (name, before)
    waits = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    assert waits["temporal"] == {"temporal-schema"}
    assert waits["worker"] == {"temporal-namespace", "archive-bucket", "postgres"}
    assert waits["archive-bucket"] == {"archive"}


def test_every_mounted_file_exists_and_every_volume_and_secret_is_declared() -> None:
    for service in SERVICES.values():
        if "env_file" in service:
            assert (ROOT / service["env_file"]).is_file()
        for mount in service.get("volumes", []):
            if isinstance(
                mount, dict
            ):  # a folder of this machine: its people make it, and not the daemon as root
                assert mount["type"] == "bind" and not mount["bind"]["create_host_path"]
                assert f"/{Path(mount['source']).name}/" in (ROOT / ".gitignore").read_text().splitlines()
                continue
            source = mount.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_secrets_are_made_once_and_stay_out_of_the_repository(tmp_path: Path) -> None:
    script = shutil.copy(ROOT / "deploy" / "secrets.sh", tmp_path / "secrets.sh")
    subprocess.run(["sh", str(script)], check=True)
    wanted = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == wanted
    for name, value in made.items():
        shape = {"certificate": r"-----BEGIN [\s\S]+", "login": r"mingjian:[0-9a-f]{48}\n"}
        kind = next((each for each in shape if each in name), "")
        assert re.fullmatch(shape.get(kind, r"[0-9a-f]{48}"), value), name
    assert made["mail_login"] == f"mingjian:{made['mingjian_smtp_password']}\n"
    assert len(set(made.values())) == len(made)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    subprocess.run(["sh", str(script)], check=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("deploy/secrets/")


def test_containers_of_ours_have_no_rights_and_one_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = [service for service in SERVICES.values() if service["image"].startswith("mingjian:")]
    assert len(ours) == 3
    for service in ours:
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["environment"] == {"MINGJIAN_SETTINGS": "/etc/mingjian/settings.toml"}
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["mingjian"]
    assert "COPY deploy/settings.toml /etc/mingjian/settings.toml" in dockerfile
    assert "PYTHONSAFEPATH=1" in dockerfile and "--require-hashes" in dockerfile


def test_settings_file_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("MINGJIAN_")]:
        monkeypatch.delenv(name)
    for name in ("mingjian_registry_password", "mingjian_archive_secret", "mingjian_smtp_password"):
        (tmp_path / name).write_text("word")
    monkeypatch.setenv("MINGJIAN_SETTINGS", str(ROOT / "deploy" / "settings.toml"))
    monkeypatch.setenv("MINGJIAN_SECRETS", str(tmp_path))
    settings = load_settings()
    assert settings.registry == "postgresql+psycopg://mingjian:word@postgres:5432/mingjian"
    assert settings.temporal_address == f"temporal:{SERVICES['temporal']['ports'][0].split(':')[-1]}"
    assert settings.log_format == "json"
    assert settings.archive_url == "s3://mingjian/archive" and settings.archive_secret is not None
    assert settings.archive_endpoint == f"https://archive:{SERVICES['archive']['ports'][0].split(':')[-1]}"
    for service in SERVICES.values():
        if service["image"].startswith("mingjian:"):
            assert Path(str(settings.archive_certificate)).name in service["secrets"]
            assert {"mingjian_smtp_password", Path(str(settings.smtp_authority)).name} <= set(
                service["secrets"]
            )
    assert settings.smtp_host in SERVICES and settings.smtp_security == "starttls"
    home, intake = SERVICES["worker"]["volumes"]
    assert home.split(":")[1] == str(settings.home) and intake["target"] == str(settings.intake_folder)
    for folder in (settings.archive_folder, settings.outbox_folder, settings.calendar_folder):
        assert folder.is_relative_to(settings.home)


def test_web_ui_cannot_write_and_time_is_never_skipped() -> None:
    assert _environment("deploy/temporal/ui.env")["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"
    dynamic = yaml.safe_load((ROOT / "deploy" / "temporal" / "dynamic.yaml").read_text(encoding="utf-8"))
    assert dynamic["frontend.WorkflowTimeSkippingEnabled"] == [{"value": False}]


@contextmanager
def _postgres(folder: Path, port: int) -> Iterator[None]:
    """A PostgreSQL of its own with the role `temporal`, as the container makes it; not as root, which it
    refuses.
    """
    (bin_folder,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    (folder / "temporal_database_password").write_text(_WORD)
    (folder / "mingjian_registry_password").write_text(_WORD[::-1])
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        for path in (folder, *folder.iterdir()):
            os.chown(path, pwd.getpwnam("postgres").pw_uid, grp.getgrnam("postgres").gr_gid)
    cluster = folder / "cluster"
    initdb = [str(bin_folder / "initdb"), "-D", str(cluster), "-U", "temporal", "--auth=scram-sha-256"]
    initdb += [f"--pwfile={folder / 'temporal_database_password'}", "--encoding=UTF8", "--locale=C.UTF-8"]
    _run([*as_user, *initdb, "--no-sync"], dict(os.environ), folder)
    control = [*as_user, str(bin_folder / "pg_ctl"), "-D", str(cluster), "-w", "-l", str(folder / "log")]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    # Without pipes: the database that stays behind would hold them open.
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield
    finally:
        _run([*control, "-m", "immediate", "stop"], dict(os.environ), folder)


def _run(command: list[str], environment: dict[str, str], folder: Path) -> None:
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _make_databases(folder: Path, port: int) -> None:
    shared = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGPASSWORD": _WORD}
    registry = {
        "REGISTRY_PASSWORD_FILE": str(folder / "mingjian_registry_password"),
        "POSTGRES_USER": "temporal",
    }
    script = ["sh", str(ROOT / "deploy" / "postgres" / "registry.sh")]
    _run(script, shared | registry, folder)
    schema = _environment("deploy/temporal/schema.env") | {
        "SQL_HOST": "127.0.0.1",
        "SQL_PORT": str(port),
        "SQL_TOOL": str(programs.build_schema_tool()),
        "DATABASE_PASSWORD_FILE": str(folder / "temporal_database_password"),
    }
    script = ["sh", str(ROOT / "deploy" / "temporal" / "schema.sh")]
    for _ in range(2):  # as at a second `up`
        _run(script, os.environ | schema, folder)


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as page:
        return json.load(page)


def _database_here() -> bool:
    return bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


@pytest.mark.asyncio
@pytest.mark.skipif(
    shutil.which("go") is None and programs.built() is None,
    reason="the Temporal CLI cannot be configured as the container is; the server built by Go can",
)
async def test_server_and_ui_run_as_the_containers_are_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With PostgreSQL where it is installed, else with SQLite; the schema, namespace and health jobs as
    they stand.
    """
    found = programs.built() or programs.build([], lambda _: None)
    assert found is not None
    ports = Ports.choose()
    history, matching, work, *membership, database = (*ports.inner, ports.metrics)
    environment = _environment("deploy/temporal/server.env") | {
        "BIND_ON_IP": "127.0.0.1",
        "DYNAMIC_CONFIG_FILE_PATH": str(ROOT / "deploy" / "temporal" / "dynamic.yaml"),
        "FRONTEND_GRPC_PORT": str(ports.grpc),
        "FRONTEND_HTTP_PORT": str(ports.http),
        "HISTORY_GRPC_PORT": str(history),
        "MATCHING_GRPC_PORT": str(matching),
        "WORKER_GRPC_PORT": str(work),
    }
    names = ("FRONTEND", "HISTORY", "MATCHING", "WORKER")
    environment |= {
        f"{name}_MEMBERSHIP_PORT": str(port) for name, port in zip(names, membership, strict=True)
    }
    address = f"127.0.0.1:{ports.grpc}"
    shown = _environment("deploy/temporal/ui.env") | {
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_UI_PORT": str(ports.ui),
    }

    with (
        tempfile.TemporaryDirectory(prefix="mingjian-compose-") as scratch,
        _database(Path(scratch), database, environment),
    ):
        folder = Path(scratch)
        for name in ("mingjian_archive_secret", "mingjian_smtp_password"):
            (folder / name).write_text(_WORD)
        (folder / "ui").mkdir()
        shutil.copy(ROOT / "deploy" / "temporal" / "ui.yaml", folder / "ui" / "docker.yaml")
        running = []
        try:
            running.append(
                under_watchdog(
                    _with(environment, str(found.server), "start"), folder / "server.log", folder, None
                )
            )
            settings = {
                "MINGJIAN_SETTINGS": str(ROOT / "deploy" / "settings.toml"),
                "MINGJIAN_SECRETS": str(folder),
                "MINGJIAN_TEMPORAL_ADDRESS": address,
            }
            for name, value in settings.items():
                monkeypatch.setenv(name, value)
            for _ in range(2):  # as at a second `up`
                job = [sys.executable, "-m", "starter.provision.cluster"]
                done = await asyncio.to_thread(subprocess.run, job, cwd=ROOT, capture_output=True, text=True)
                assert done.returncode == 0, done.stderr + (folder / "server.log").read_text()[-3000:]
            client = await Client.connect(address)
            query = " AND ".join(f"`{name}` IS NULL" for name in ATTRIBUTES)
            assert (await client.count_workflows(query)).count == 0

            ui = [str(found.ui), "--root", str(folder), "--config", "ui", "--env", "docker", "start"]
            running.append(under_watchdog(_with(shown, *ui), folder / "ui.log", folder, None))
            seen = await _until_answered(f"http://127.0.0.1:{ports.ui}/api/v1/settings")
            assert seen["DisableWriteActions"] is True
            check = [sys.executable, "-m", "starter.provision.health"]
            idle = await asyncio.to_thread(subprocess.run, check, cwd=ROOT, capture_output=True)
            assert idle.returncode == 1, "no worker polls yet"
            async with Worker(client, task_queue=load_settings().task_queue, workflows=[_Idle]):
                assert await asyncio.to_thread(_becomes_well, check)
        finally:
            await asyncio.to_thread(end_all, running)


@pytest.mark.skipif(
    shutil.which("go") is None and shutil.which("versitygw") is None, reason="no S3 server is to be had"
)
def test_the_archive_runs_as_the_container_is_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The server by its script, with the certificate of secrets.sh; the job that makes the bucket, twice."""
    subprocess.run(["sh", shutil.copy(ROOT / "deploy" / "secrets.sh", tmp_path)], check=True)
    secrets, port = tmp_path / "secrets", Ports.choose().grpc
    environment = _environment("deploy/archive/server.env") | {
        "ARCHIVE_FOLDER": str(tmp_path / "archive"),
        "ARCHIVE_SECRET_FILE": str(secrets / "mingjian_archive_secret"),
        "ARCHIVE_SERVER": str(s3_server.find_s3_server()),
        "VGW_PORT": f"127.0.0.1:{port}",
        "VGW_CERT": str(secrets / "archive_certificate"),
        "VGW_KEY": str(secrets / "archive_certificate_key"),
    }
    (tmp_path / "home").mkdir()
    for name, value in {
        "MINGJIAN_SETTINGS": str(ROOT / "deploy" / "settings.toml"),
        "MINGJIAN_SECRETS": str(secrets),
        "MINGJIAN_HOME": str(tmp_path / "home"),
        "MINGJIAN_ARCHIVE_ENDPOINT": f"https://127.0.0.1:{port}",
        "MINGJIAN_ARCHIVE_CERTIFICATE": str(secrets / "archive_certificate"),
    }.items():
        monkeypatch.setenv(name, value)
    script = _with(environment, "sh", str(ROOT / "deploy" / "archive" / "serve.sh"))
    running = [under_watchdog(script, tmp_path / "log", tmp_path, None)]
    try:
        for _ in range(2):  # as at a second `up`
            job = [sys.executable, "-m", "starter.provision.bucket"]
            done = subprocess.run(job, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr + (tmp_path / "log").read_text()
        archive = open_bucket(load_settings())
        archive.store("urging-1", "papers/x.pdf", b"x", media_type="application/pdf", meta={})
        voucher = archive.seal("urging-1", {"Bagging-Date": "2021-12-01"})
        assert archive.verify("urging-1", sealed=voucher) == []
        found = {finding.name: finding for finding in asyncio.run(examine(load_settings()))}
        assert found["archive"].found and "compliance" in found["archive"].version
        trusted = ssl.create_default_context(cafile=secrets / "archive_certificate")
        address = f"https://127.0.0.1:{port}{environment['VGW_HEALTH']}"
        assert (
            SERVICES["archive"]["healthcheck"]["test"][-1]
            == f"https://127.0.0.1:7070{environment['VGW_HEALTH']}"
        )
        with urllib.request.urlopen(address, timeout=5, context=trusted) as page:
            assert page.status == 200
    finally:
        end_all(running)


@contextmanager
def _database(folder: Path, port: int, environment: dict[str, str]) -> Iterator[None]:
    if not _database_here():
        environment |= {"DB": "sqlite", "DBNAME": str(folder / "t.db")}
        environment |= {"VISIBILITY_DBNAME": str(folder / "v.db")}
        yield
        return
    environment |= {"POSTGRES_SEEDS": "127.0.0.1", "DB_PORT": str(port), "POSTGRES_PWD": _WORD}
    with _postgres(folder, port):
        _make_databases(folder, port)
        settings = load_settings(
            registry_url=f"postgresql+psycopg://mingjian@127.0.0.1:{port}/mingjian",
            registry_password=(folder / "mingjian_registry_password").read_text(),
        )
        engine = create_engine(settings.registry)
        with engine.connect() as opened:
            assert opened.execute(text("select current_user")).scalar_one() == "mingjian"
        engine.dispose()
        yield


def _with(environment: dict[str, str], *command: str) -> list[str]:
    """The command with these variables, which `under_watchdog` would otherwise keep from it."""
    return ["env", *(f"{name}={value}" for name, value in environment.items()), *command]


def _becomes_well(check: list[str]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if subprocess.run(check, cwd=ROOT, capture_output=True).returncode == 0:
            return True
    return False


async def _until_answered(url: str) -> Any:
    async with within(20):
        while True:
            try:
                return await asyncio.to_thread(_get, url)
            except OSError:
                await asyncio.sleep(0.1)
