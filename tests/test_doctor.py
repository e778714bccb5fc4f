"""The doctor: it tells what is there and what is not, and neither makes nor breaks anything by looking."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from models.settings import load_settings
from starter.doctor import Finding, examine
from starter.provision.server import LocalServer


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
    for name in ("home", "registry", "archive", "server"):
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
