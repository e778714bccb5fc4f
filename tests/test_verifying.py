"""`mingjian verify`: whatever is changed in a sealed case is found and named, mended from a copy, and sound again."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from starter.provision.server import LocalServer
from tests.sealed_cases import Copy, places, said, sealed_case
from tests.world import World, world_on

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sealed(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, str]]:
    folder = tmp_path_factory.mktemp("sealed")
    async with world_on(server, folder / "home", "verifying") as world:
        yield world, await sealed_case(world, 9701, folder)


@pytest.fixture
def copy(sealed: tuple[World, str], tmp_path: Path) -> Copy:
    world, case = sealed
    return Copy.of(world, case, tmp_path / "home")


@pytest.fixture
def backup(sealed: tuple[World, str]) -> Path:
    return sealed[0].settings.archive_folder


async def test_a_sealed_case_is_sound_everywhere(copy: Copy) -> None:
    for offline in (True, False):
        verdict = await copy.verdict(offline=offline)
        assert said(verdict.findings) == ""
        assert verdict.unmade == []
    assert verdict.package is not None and len(verdict.package.histories) == 2


async def test_a_byte_changed_in_each_file_is_found_named_and_mended(copy: Copy, backup: Path) -> None:
    files = copy.files()
    assert len(files) >= 12
    for name in files:
        right = copy.read(name)
        copy.change_in_place(name)
        verdict = await copy.verdict()
        assert name in places(verdict), f"{name}:\n{said(verdict.findings)}"
        look = await copy.mended(backup, by="")
        assert look.steps and copy.read(name) != right
        mended = await copy.mended(backup)
        assert mended.verdict.is_sound, f"{name}:\n{said(mended.verdict.findings)}\n{mended.lacking}"
        assert copy.read(name) == right
    shutil.rmtree(copy.home)
