"""Fixtures: one throw-away server for the whole run (two, when two processes share the tests), one world (folders, queue,
worker) for each test.
"""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from activities import database
from starter.doctor import ROOMS
from starter.provision.server import LocalServer
from tests.ready_databases import migrated_by_copy
from tests.script_runs import ROOT
from tests.world import World, started_server, world_on

# No example is held to a time: the machine may be busy, not least with the other half of the tests.
settings.register_profile("developer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A developer's run looks for new examples each time; the gate tries the same ones, so that it speaks of the change alone.
settings.register_profile("gate", settings.get_profile("developer"), derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("gate")
    # Hypothesis tries the constants of our modules too, of those that are there: the same, whatever ran before.
    for room in ROOMS:
        for module in walk_packages([str(ROOT / room)], f"{room}."):
            if ".migrations." not in module.name:  # only Alembic can load those
                import_module(module.name)
else:
    settings.load_profile("developer")

# No test cuts the power, and what a killed process has written stays: nothing is won by waiting for the disk.
database.SYNCHRONOUS = "OFF"
setattr(database.Database, "migrate", migrated_by_copy)  # noqa: B010  # a type checker lets no method be replaced


# What takes longest, half a minute and more: begun last, one of them would run alone at the end.
LONG = (
    "test_on_the_server.py",
    "test_script_kinds.py",
    "test_script_system.py",
    "test_floods.py",
    "test_faults.py",
    "test_rebuild.py",
    "test_demo.py",
    "test_case_machine.py",
    "test_handbook.py",
    "test_server_agrees.py",
    "test_rehearsal.py",
    "test_cases_on_the_server.py",
    "test_inbox_system.py",
    "test_replay.py",
    "test_ledger_export.py",
    "test_ledger_import.py",
    "test_script.py",
    "test_provision.py",
    "test_endurance.py",
    "test_campaign_floods.py",
    "test_campaign_lists.py",
    "test_doctor.py",
    "test_mailroom.py",
    "test_compose.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of `LONG` in its order, the others as they were found."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take what was imported and collected out of the garbage collector's rounds: looking through it again and again took an
    eighth of the time of what computes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[LocalServer]:
    async with started_server() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def world(server: LocalServer, tmp_path: Path) -> AsyncIterator[World]:
    async with world_on(server, tmp_path, f"test-{uuid4().hex[:8]}") as made:
        yield made
