"""A system of its own for the trial: a throw-away server, a home folder, workers in their own processes, the staff's script.

Whatever was started is ended by its process id. Nothing of a system that runs on the machine is read or touched.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from temporalio.client import Client

from activities.sqlite_library import sqlite3
from models.search import ATTRIBUTES
from starter.provision import watchdog
from starter.provision.processes import end_all, log_tail
from starter.provision.server import LocalServer
from workflows.parts.wiring import plugin

ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.5
_TELL_SECONDS = 15.0
_GRACE_SECONDS = 20
_KEPT = ("MINGJIAN_CACHE",)
_WORKER = "from worker import main; main()"


class Standstill(Exception):
    """What was waited for did not come within its bound; the text says what, and how far it had come."""


@dataclass(frozen=True)
class Ran:
    """One run of the script that has ended: what it printed, how long it took, the most memory it held (megabytes)."""

    out: str
    err: str
    seconds: float
    megabytes: float

    @property
    def lines(self) -> list[Any]:
        """What was printed as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def say(text: str) -> None:
    """A line of progress, with the time."""
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


@dataclass
class Gone:
    """What workers that are no more have used: the most memory that any held (megabytes), CPU seconds of all."""

    megabytes: float = 0.0
    cpu: float = 0.0


@dataclass
class House:
    """The running system."""

    home: Path
    server: LocalServer
    client: Client
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    gone: Gone = field(default_factory=Gone)

    @property
    def archive(self) -> Path:
        """The folders of all cases."""
        return self.home / "archive" / "cases"

    @property
    def registry(self) -> Path:
        """Books and registry, one SQLite file."""
        return self.home / "registry.db"

    def start_worker(self) -> None:
        """One more worker, as `mingjian-worker` runs, under a watchdog that ends it with this process, however that ends."""
        log = str(self.home / "workers.log")
        self.workers.append(
            subprocess.Popen(
                [sys.executable, "-I", "-S", watchdog.__file__, log, "-", sys.executable, "-c", _WORKER],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    async def kill_worker_at(self, workflow: str) -> int:
        """SIGKILL for the worker that has an activity of this workflow in hand, and a new worker; which was killed."""
        described = await self.client.get_workflow_handle(workflow).describe()
        pending = described.raw_description.pending_activities
        holder = pending[0].last_worker_identity.partition("@")[0] if pending else ""
        for each in self.workers:
            for pid in descendants(each.pid):
                if str(pid) == holder:
                    self._measure(each)
                    os.kill(pid, signal.SIGKILL)
                    await asyncio.to_thread(each.wait, _GRACE_SECONDS)
                    end_all([each])
                    self.workers.remove(each)
                    self.start_worker()
                    return pid
        raise Standstill(f"no worker of ours has {workflow} in hand (it is with “{holder}”)")

    def fault(self) -> str:
        """What has ended that should run; empty while all is well."""
        ended = [
            f"worker {each.pid} ended with {each.poll()}" for each in self.workers if each.poll() is not None
        ]
        return "; ".join([*ended, *filter(None, [self.server.fault()])])

    def log(self) -> str:
        """The end of what the workers have logged, when there is something to be explained."""
        return log_tail({self.home / "workers.log": 0})

    # the script

    async def script(self, *arguments: str | Path, within: float, codes: Sequence[int] = (0,)) -> Ran:
        """A command as staff type it, a process of its own; Standstill when it takes longer, or ends otherwise."""
        ran, code = await asyncio.to_thread(
            run, [sys.executable, "-m", "starter.main", *map(str, arguments)], self.environment, within
        )
        if code not in codes:
            raise Standstill(
                f"mingjian {' '.join(map(str, arguments[:3]))} ended with {code}: {ran.err[-1500:]}"
            )
        return ran

    # the registry, as anybody may look into it

    def asked(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question to the registry: short ones, for a reader keeps writers waiting.

        Not opened for reading only: after a writer was killed the next who comes has to undo what it left half written.
        """
        with closing(sqlite3.connect(f"file:{self.registry}?mode=rw", uri=True, timeout=30)) as database:
            return database.execute(question, values).fetchall()

    def number(self, question: str, *values: object) -> int:
        """The one number that answers a question."""
        return int(self.asked(question, *values)[0][0])

    async def until(
        self, what: str, left: Callable[[], int], *, within: float, still: float = 120.0
    ) -> float:
        """Wait until nothing is left, telling how far it has come; how many seconds it took.

        Standstill when that takes longer than `within`, when for `still` seconds nothing has changed, and when a process ends.
        """
        began = told = changed = time.monotonic()
        last = -1
        while now := await asyncio.to_thread(left):
            moment = time.monotonic()
            if now != last:
                last, changed = now, moment
            if moment - told > _TELL_SECONDS:
                say(f"{what}: {now:,} left")
                told = moment
            if fault := self.fault():
                raise Standstill(f"{what}: {fault}")
            if moment - began > within or moment - changed > still:
                raise Standstill(f"{what}: {now:,} left after {moment - began:.0f} s")
            await asyncio.sleep(_LOOK_SECONDS)
        return time.monotonic() - began

    async def at_rest(self, *, within: float, quiet: float = 3.0) -> None:
        """Until nothing has been written for some seconds, and no mail or filing is on its way."""
        seen, since, began = "", time.monotonic(), time.monotonic()
        while True:
            now = await asyncio.to_thread(self._standing)
            moment = time.monotonic()
            if now != seen:
                seen, since = now, moment
            elif moment - since >= quiet:
                return
            if moment - began > within:
                raise Standstill(f"the cases did not come to rest within {within:.0f} s ({now})")
            await asyncio.sleep(_LOOK_SECONDS)

    def _standing(self) -> str:
        revisions = self.asked("SELECT count(*), total(revision), total(settling) FROM cases")[0]
        return f"{revisions} {self.number('SELECT count(*) FROM seals')}"

    # memory and CPU

    def megabytes(self) -> dict[str, float]:
        """The most that server and workers have held until now; of the workers, the one that held most."""
        server = [peak(pid) for pid in descendants_of(self.server.pids)]
        workers = [self.gone.megabytes, *(peak(pid) for pid in self._processes(self.workers))]
        return {"server": max(server, default=0.0), "worker": max(workers)}

    def cpu(self) -> tuple[float, float]:
        """CPU seconds that workers and server have used until now."""
        workers = self.gone.cpu + sum(map(cpu, self._processes(self.workers)))
        return workers, sum(map(cpu, descendants_of(self.server.pids)))

    def _processes(self, watchdogs: Sequence[subprocess.Popen[bytes]]) -> list[int]:
        return descendants_of([each.pid for each in watchdogs])

    def _measure(self, worker: subprocess.Popen[bytes]) -> None:
        """What one has used that is about to end."""
        for pid in self._processes([worker]):
            self.gone.megabytes = max(self.gone.megabytes, peak(pid))
            self.gone.cpu += cpu(pid)

    def stop(self) -> None:
        """End the workers: asked first, then by force."""
        for each in self.workers:
            self._measure(each)
        end_all(self.workers)
        self.workers.clear()


@asynccontextmanager
async def house_in(folder: Path, *, pace: int, workers: int) -> AsyncIterator[House]:
    """Server and workers; `pace`: how many cases are told of a published calendar in a second."""
    home = folder / "home"
    home.mkdir()
    async with LocalServer(search_attributes=ATTRIBUTES) as server:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name in _KEPT or not name.startswith(("MINGJIAN_", "TEMPORAL_"))
        }
        environment = inherited | {
            "MINGJIAN_HOME": str(home),
            "MINGJIAN_TEMPORAL_ADDRESS": server.address,
            "MINGJIAN_CALENDAR_PACE": str(pace),
            "MINGJIAN_LOG_LEVEL": "warning",
        }
        client = await Client.connect(server.address, plugins=[plugin()])
        house = House(home, server, client, environment)
        try:
            # The first makes the database; the others find it made.
            house.start_worker()
            await house.until("the first worker", lambda: int(not _is_made(house)), within=90)
            for _ in range(workers - 1):
                house.start_worker()
            yield house
        finally:
            await asyncio.to_thread(house.stop)


def _is_made(house: House) -> bool:
    with suppress(sqlite3.Error):
        return house.number("SELECT count(*) FROM cases") == 0
    return False


def run(command: Sequence[str], environment: dict[str, str], within: float) -> tuple[Ran, int]:
    """One process from its start to its end, with what it printed and the memory it held; killed when it takes longer."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            while True:
                ended, status, used = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    break
                if time.monotonic() - began > within:
                    raise Standstill(f"{' '.join(command[1:5])} took longer than {within:.0f} s")
                time.sleep(0.02)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, told = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
    return Ran(said, told, time.monotonic() - began, used.ru_maxrss / 1000), process.returncode


def peak(pid: int) -> float:
    """The most memory that a process has held, in megabytes; 0 where the system does not say (it says so on Linux)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1000
    return 0.0


def cpu(pid: int) -> float:
    """CPU seconds that a process has used; 0 where the system does not say."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def descendants_of(pids: Sequence[int]) -> list[int]:
    """The processes that these have started, and those that they have."""
    return [child for pid in pids for child in descendants(pid)]


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


async def in_turn(jobs: Sequence[Callable[[], Awaitable[None]]], at_once: int) -> None:
    """Do all of them, so many at once; the first that fails ends the others."""
    left = iter(jobs)

    async def hand() -> None:
        for job in left:
            await job()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(hand())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from failed
