"""The S3 server of the tests: found, or told why not; it says what went wrong, keeps its port, and ends with us."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.errors import InputError, Unreachable
from models.settings import load_settings
from starter.provision.bucket import prepare_bucket
from starter.provision.s3_server import S3Server, find_s3_server
from tests.kept_archives import SECRET

pytest_plugins = ["tests.archives"]


def test_without_go_and_without_a_program_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGJIAN_CACHE", str(tmp_path))
    with pytest.raises(Unreachable, match="versitygw"):
        find_s3_server(fetch=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreachable, match="安装 Go"):
        find_s3_server()
    program = tmp_path / "versitygw"
    shutil.copy("/bin/sh", program)
    assert find_s3_server() == program


def test_a_server_that_does_not_start_shows_the_end_of_its_log(tmp_path: Path, s3_server: S3Server) -> None:
    wrong = S3Server(
        find_s3_server(), tmp_path, secret=SECRET, variables={"VGW_CERT": "no.pem", "VGW_KEY": "no.pem"}
    )
    with pytest.raises(Unreachable, match=r"没有起来[\s\S]*no\.pem"):
        wrong.start()
    assert wrong.endpoint.startswith("https://127.0.0.1:")


def test_a_bucket_is_made_once_and_waited_for_in_vain(own_s3_server: S3Server, tmp_path: Path) -> None:
    said: list[str] = []
    settings = load_settings(
        home=tmp_path,
        archive_url="s3://mingjian",
        archive_endpoint=own_s3_server.endpoint,
        archive_key_id=own_s3_server.key_id,
        archive_secret=SECRET,
    )
    for _ in range(2):
        prepare_bucket(settings, said.append)
    assert ["早已" in line for line in said] == [False, True]
    own_s3_server.stop()
    with pytest.raises(Unreachable, match="没有应答"):
        prepare_bucket(settings, said.append, patience_seconds=0)
    with pytest.raises(InputError, match="没有写明存储桶"):
        prepare_bucket(load_settings(home=tmp_path), said.append)
