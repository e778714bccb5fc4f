"""The doctor: it tells what is there and what is not, and neither makes nor breaks anything by looking."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from activities.sqlite_library import sqlite3
from models.settings import load_settings
from starter.doctor import examine
from starter.findings import Finding
from starter.provision.server import LocalServer
from tests.mail_server import certificate_in, free_port, mail_server


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


async def _examined(**overrides: object) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(load_settings(**overrides))}


@pytest.mark.asyncio
async def test_fresh_machine_is_told_what_is_missing_and_nothing_is_made(tmp_path: Path) -> None:
    found = await _examined(temporal_address="127.0.0.1:9")
    assert {
        "python",
        "packages",
        "server_programs",
        "ui",
        "go",
        "fonts",
        "home",
        "sqlite",
        "registry",
        "archive",
    } <= set(found)
    assert {"server", "jurisdiction", "calendar", "settings"} <= set(found)
    assert found["python"].found and found["jurisdiction"].found and found["calendar"].found
    for name in ("home", "registry", "archive", "server", "mail", "intake"):
        assert not found[name].found and not found[name].needed, name
        assert found[name].remedy and found[name].where
    assert not (tmp_path / "home").exists()
    for finding in found.values():
        told = json.loads(json.dumps(finding.as_json(), ensure_ascii=False))
        assert {"name", "found", "version", "where", "remedy"} <= set(told)
        assert finding.found or finding.remedy


@pytest.mark.asyncio
async def test_running_system_is_found_with_its_versions(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    sqlite3.connect(tmp_path / "home" / "registry.db").close()
    async with LocalServer() as server:
        found = await _examined(temporal_address=server.address)
        other = await _examined(temporal_address=server.address, temporal_namespace="absent")
    assert found["server"].found and found["server"].version.startswith("1.3")
    assert found["home"].found and found["registry"].found
    assert found["registry"].version == sqlite3.sqlite_version
    assert not other["server"].found and "命名空间" in other["server"].remedy


@pytest.mark.asyncio
async def test_broken_parts_are_told_and_do_not_hide_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", encoding="utf-8")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.toml").write_text("year = 'x'", encoding="utf-8")
    found = await _examined(
        jurisdiction=broken,
        calendar_folder=tmp_path / "calendars",
        registry_url="postgresql+psycopg://mingjian@127.0.0.1:9/mingjian",
        registry_password="word",
        font_folders=(tmp_path / "no-fonts",),
        archive_url="s3://mingjian",
        archive_endpoint="http://127.0.0.1:9",
        archive_key_id="mingjian",
        archive_secret="word",
        temporal_address="127.0.0.1:9",
    )
    for name in ("jurisdiction", "calendar", "registry", "fonts", "archive"):
        assert not found[name].found, name
        assert found[name].remedy
    assert found["python"].found and found["sqlite"].found
    assert "word" not in json.dumps([finding.as_json() for finding in found.values()])


@pytest.mark.asyncio
async def test_a_mail_server_is_tried_without_a_mail(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path, "127.0.0.1")
    given: dict[str, object] = {"smtp_host": "127.0.0.1", "mail_from": "mingjian@datian.example"}
    login = {"smtp_user": "mingjian", "smtp_password": "s3cret", "smtp_authority": certificate[0]}
    with mail_server(certificate=certificate, login=True) as server:
        given["smtp_port"] = server.port
        found = await _examined(**given, **login)
        mail = found["mail"]
        assert mail.found and mail.version == "starttls" and f"127.0.0.1:{server.port}" in mail.where
        assert server.logins == ["mingjian"] and server.took == []
        for wrong, said in (
            ({"smtp_password": "wr0ng"}, "拒绝登录"),
            ({"smtp_authority": None}, "证书验证不通过"),
            ({"smtp_port": free_port()}, "用不了"),
        ):
            found = await _examined(**(given | login | wrong))
            assert not found["mail"].found and found["mail"].needed
            assert said in found["mail"].remedy
            assert "wr0ng" not in found["mail"].remedy and found["python"].found
        assert server.took == []


@pytest.mark.asyncio
async def test_the_intake_folder_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "intake"
    folder.write_text("x")
    found = (await _examined(intake_folder=folder))["intake"]
    assert not found.found and found.needed and "文件" in found.remedy
    folder.unlink()
    (folder / "done").mkdir(parents=True)
    (folder / "a.pdf").write_text("x")
    found = (await _examined(intake_folder=folder))["intake"]
    assert found.found and found.version.startswith("1 件待收，剩余") and found.where == str(folder)
    monkeypatch.setattr("starter.mail_findings.os.access", lambda path, mode: path != folder / "done")
    found = (await _examined(intake_folder=folder))["intake"]
    assert not found.found and found.needed and "权限" in found.remedy
    monkeypatch.undo()
    monkeypatch.setattr("starter.findings.shutil.disk_usage", lambda _: SimpleNamespace(free=9e8))
    found = (await _examined(intake_folder=folder))["intake"]
    assert found.found and "不足" in found.remedy
