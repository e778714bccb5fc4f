"""Fixtures: one throw-away server for the whole run, one world (folders, queue, worker) for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from hypothesis import settings

from starter.provision.server import LocalServer
from tests.world import World, started_server, world_on

# A developer's run looks for new examples each time; the gate tries the same ones, so that it speaks of the change alone.
settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("gate")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[LocalServer]:
    async with started_server() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def world(server: LocalServer, tmp_path: Path) -> AsyncIterator[World]:
    async with world_on(server, tmp_path, f"test-{uuid4().hex[:8]}") as made:
        yield made
