"""The worker itself: papers leave threads to the settling of cases, what it holds is given back, what was left is swept."""

from __future__ import annotations

import asyncio
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.worker import Worker
from temporalio.worker._workflow import _WorkflowWorker

import worker
from activities.folder_archive import FolderArchive
from activities.typesetting import Typesetter
from models.documents import Paper
from models.errors import Unreachable
from models.settings import load_settings
from starter.provision.fonts import font_folders
from tests.openings import notification_opening
from tests.world import World, within


class Press:
    """Sets nothing before it is told to; counts the threads that wait for it."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.waiting = 0
        self._counting = threading.Lock()

    def render(self, paper: Paper) -> bytes:
        with self._counting:
            self.waiting += 1
        assert self.go.wait(120)
        return b"%PDF"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_burst_of_papers_leaves_threads_to_the_settling_of_cases(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More papers are asked for than there are threads, and none gets done: cases are entered and projected all the same."""
    assert worker._ACTIVITIES + 4 <= worker._THREADS
    monkeypatch.setattr(worker, "_THREADS", 3)
    monkeypatch.setattr(worker, "_ACTIVITIES", 2)
    press = Press()
    busy = world.aside("papers")
    busy.world = replace(busy.world, typesetter=cast(Typesetter, press))
    async with busy.worker():
        try:
            async with within(60):
                cases = [await busy.open(notification_opening(number)) for number in range(701, 706)]
                for case in cases:
                    await case.decide("issue_letter", "issue-1")
                while press.waiting < 2:
                    await asyncio.sleep(0.05)
                for case in cases:
                    await case.record("letter_served", "served-1", on="2021-09-15")
                    assert (await case.settled()).case.stage == "awaiting_reply"
            assert press.waiting == 2
        finally:
            press.go.set()
        for case in cases:
            await case.at_rest()
            assert (await case.settled()).letters[0].internal_no


@pytest.mark.asyncio(loop_scope="session")
async def test_threads_are_given_back_when_a_worker_stops(world: World) -> None:
    async with world.aside("short").worker() as working:
        executor = working.config()["activity_executor"]
        assert executor is not None and executor.submit(int).result() == 0
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(int)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_two_seconds_of_the_sdk_are_where_we_look_for_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK has no option for them; one that renames them is not worked with unawares."""
    async with world.aside("patient").worker() as working:
        assert isinstance(working, Worker) and working._workflow_worker is not None
        assert working._workflow_worker._deadlock_timeout_seconds == worker._DEADLOCK_SECONDS
    begin = _WorkflowWorker.__init__

    def renamed(self: Any, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        self._patience = self.__dict__.pop("_deadlock_timeout_seconds")

    monkeypatch.setattr(_WorkflowWorker, "__init__", renamed)
    with pytest.raises(AssertionError, match="under another name"):
        worker.build_worker(world.client, world.world, task_queue="renamed")


def test_what_writers_that_died_left_is_swept_when_a_worker_starts(tmp_path: Path) -> None:
    """But not what may still be written by another worker of the machine."""
    settings = load_settings(home=tmp_path)
    folders = (settings.archive_folder / "incoming", settings.outbox_folder / ".incoming")
    for folder in folders:
        folder.mkdir(parents=True)
        for name in ("torn", "being-written"):
            (folder / name).write_bytes(b"%PDF")
        os.utime(folder / "torn", (0, 0))
    worker.adapters(settings, font_folders())
    assert [[path.name for path in folder.iterdir()] for folder in folders] == [["being-written"]] * 2


def test_a_folder_that_cannot_be_swept_keeps_no_worker_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(archive: FolderArchive) -> None:
        raise Unreachable("档案库读写失败")

    monkeypatch.setattr(FolderArchive, "tidy", away)
    worker.adapters(load_settings(home=tmp_path), font_folders())
