"""A house that receives, and a bag as it came to it. Loaded as a plugin (`pytest_plugins`)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.folder_archive import FolderArchive
from starter.handing_over import package_case
from tests.filed_cases import file_case
from tests.receiving_house import House


@pytest.fixture
def no_power_is_cut_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forcing every file to disk takes longer than all else."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def house(no_power_is_cut_here: None, tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "house")
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag as it was sent from another county."""
    folder = tmp_path_factory.mktemp("sent")
    sender = FolderArchive(folder / "sender")
    case, _ = file_case(sender)
    package_case(sender, case, folder)
    return folder / case


@pytest.fixture
def bag(sent: Path, tmp_path: Path) -> Path:
    """The bag as it came."""
    return Path(shutil.copytree(sent, tmp_path / "came" / sent.name))
