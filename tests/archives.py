"""The archives under test: a folder, and a bucket of a real S3 server that the tests start.

Loaded as a plugin (`pytest_plugins`): the contract's tests get an archive of each kind, S3's own tests the server.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.folder_archive import FolderArchive
from activities.s3_bucket import Bucket
from starter.provision.s3_server import S3Server, find_s3_server
from tests.kept_archives import SECRET, Made, Maker, access_to, bucket_archive


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The one S3 server of a test run, with a bucket that can lock."""
    if shutil.which("go") is None and shutil.which("versitygw") is None:
        pytest.skip("no S3 server is to be had")
    folder = tmp_path_factory.mktemp("s3")
    with S3Server(find_s3_server(), folder, secret=SECRET) as server:
        Bucket(access_to(server)).make()
        yield server


@pytest.fixture
def own_s3_server(s3_server: S3Server, tmp_path: Path) -> Iterator[S3Server]:
    """A server that the test may stop and start again, apart from the one that all share; it has no bucket yet."""
    with S3Server(find_s3_server(), tmp_path / "own-s3", secret=SECRET) as server:
        yield server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture(params=["folder", "s3"])
def make_archive(request: pytest.FixtureRequest, root: Path) -> Maker:
    """Makes an empty archive of each kind."""
    if request.param == "folder":
        return lambda **options: FolderArchive(root, **options)
    server: S3Server = request.getfixturevalue("s3_server")
    return lambda **options: bucket_archive(server, root / "incoming", **options)


@pytest.fixture
def archive(make_archive: Maker) -> Made:
    return make_archive()
