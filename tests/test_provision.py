"""The local Temporal server: what it is made with, that it keeps its cases, and that it never outlives
its parent.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from models.errors import Refusal, Unreachable
from starter.provision import server as server_module
from starter.provision.namespaces import ensure_namespace, ensure_search_attributes
from starter.provision.programs import ServerPrograms
from starter.provision.server import LocalServer
from starter.provision.server_files import Ports
from tests.script_runs import descendants, is_alive

ATTRIBUTES = {"CaseStage": "Keyword", "NextDueAt": "Datetime", "IsOverdue": "Bool", "Agency": "KeywordList"}
ROOT = Path(__file__).parents[1]


@workflow.defn
class _Wait:
    @workflow.run
    async def run(self, seconds: int) -> int:
        await workflow.sleep(seconds)
        return seconds


def _worker(client: Client) -> Worker:
    return Worker(client, task_queue="q", workflows=[_Wait], workflow_runner=UnsandboxedWorkflowRunner())


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as page:
        assert page.status == 200
        return str(page.read().decode())


def _wait_until(condition: object, seconds: float) -> bool:
    assert callable(condition)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.asyncio
async def test_throw_away_server_is_usable_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # None of these may reach the server, nor steer anyone to another one.
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("TEMPORAL_SERVICES", "nonsense")
    server = LocalServer(ui=True, search_attributes=ATTRIBUTES)
    async with server:
        client = await Client.connect(server.address, namespace=server.namespace)
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
        retention = described.config.workflow_execution_retention_ttl.ToTimedelta()
        query = " AND ".join(f"`{name}` IS NULL" for name in ATTRIBUTES)
        assert retention == timedelta(days=90)
        assert (await client.count_workflows(query)).count == 0
        assert "<html" in await asyncio.to_thread(_get, server.ui_url)
        shown = json.loads(
            await asyncio.to_thread(_get, f"http://127.0.0.1:{server.ports.ui}/api/v1/settings")
        )
        assert server.programs is not None
        assert shown["DisableWriteActions"] is (server.programs.route == "go")
        folder, pids = server.folder, server.pids
        watched = [each for pid in pids for each in descendants(pid)]
        assert watched
    assert not any(is_alive(pid) for pid in (*pids, *watched))
    assert not folder.exists()


@pytest.mark.asyncio
async def test_time_skips_only_where_it_was_asked_for() -> None:
    async with LocalServer(time_skipping=True) as server:
        skipping = TimeSkipper(await Client.connect(server.address)).client
        async with _worker(skipping):
            begun = time.monotonic()
            month = int(timedelta(days=30).total_seconds())
            result = await skipping.execute_workflow(_Wait.run, month, id="skips", task_queue="q")
        assert result == month
        assert time.monotonic() - begun < 30
    async with LocalServer() as server:
        skipping = TimeSkipper(await Client.connect(server.address)).client
        with pytest.raises(RPCError):
            await skipping.start_workflow(_Wait.run, 1, id="refused", task_queue="q")


@pytest.mark.asyncio
async def test_lasting_server_keeps_its_cases_and_hands_out_tasks_at_once_after_a_restart(
    tmp_path: Path,
) -> None:
    server = LocalServer(tmp_path, search_attributes=ATTRIBUTES)
    async with server:
        client = await Client.connect(server.address)
        await client.start_workflow(_Wait.run, 1, id="kept", task_queue="q")
        pragma = json.loads((tmp_path / "server.yaml").read_text())["persistence"]["datastores"]
        assert pragma["sqlite"]["sql"]["connectAttributes"]["synchronous"] == "2"
    begun = time.monotonic()
    async with server:
        client = await Client.connect(server.address)
        async with _worker(client):
            assert await client.get_workflow_handle("kept").result() == 1
    # A server that still waits for its predecessor hands out no tasks for tens of seconds, and stops as
    # slowly.
    assert time.monotonic() - begun < 20


@pytest.mark.asyncio
async def test_namespace_and_attributes_can_be_made_again_but_not_otherwise(tmp_path: Path) -> None:
    async with LocalServer(search_attributes=ATTRIBUTES) as server:
        client = await Client.connect(server.address)
        await ensure_search_attributes(client, "default", ATTRIBUTES)
        await ensure_namespace(client, "default", timedelta(days=120))
        found = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace="default")
        )
        assert found.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=120)
        with pytest.raises(Refusal, match="IsOverdue"):
            await ensure_search_attributes(client, "default", {"IsOverdue": "Keyword", "More": "Keyword"})
        # Nothing of a refused set is made.
        with pytest.raises(RPCError):
            await client.count_workflows("More IS NULL")
        await ensure_namespace(client, "second", timedelta(days=90))
        await ensure_search_attributes(client, "second", ATTRIBUTES)


_PARENT = """
import asyncio, sys
from pathlib import Path
from starter.provision.server import LocalServer

async def main():
    server = LocalServer(ui=True)
    await server.start()
    print(server.folder, *server.pids, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_server_dies_with_its_parent(number: int) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )
    with parent:
        assert parent.stdout is not None
        folder, *pids = parent.stdout.readline().split()
        watched = [each for pid in map(int, pids) for each in (pid, *descendants(pid))]
        assert all(is_alive(pid) for pid in watched)
        parent.send_signal(number)
        parent.wait(10)
        gone = _wait_until(lambda: not any(is_alive(pid) for pid in watched), 20)
    assert gone, "the server outlived its parent"
    assert _wait_until(lambda: not Path(folder).exists(), 5)


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
async def test_server_dies_with_its_watchdog() -> None:
    server = LocalServer()
    await server.start()
    (watchdog,) = server.pids
    watched = descendants(watchdog)
    os.kill(watchdog, signal.SIGKILL)
    try:
        assert await asyncio.to_thread(_wait_until, lambda: not any(map(is_alive, watched)), 5)
        # The kernel kills the program when the watchdog's thread ends, a moment before the watchdog can be waited for.
        assert await asyncio.to_thread(_wait_until, lambda: server.fault() is not None, 5)
    finally:
        await server.stop()


@pytest.mark.asyncio
async def test_two_servers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "FOLDER_PATIENCE_SECONDS", 0.3)
    async with LocalServer(tmp_path):
        with pytest.raises(Unreachable, match="正被另一个 Temporal 服务器使用"):
            await LocalServer(tmp_path).start()


@pytest.mark.asyncio
async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Unreachable, match=f"端口 {port} 已被占用.*MINGJIAN_TEMPORAL_PORT"):
            await LocalServer(tmp_path, port=port).start()
        with pytest.raises(Unreachable, match=f"端口 {port} 已被占用.*MINGJIAN_UI_PORT"):
            await LocalServer(tmp_path, ui=True, ui_port=port).start()


@pytest.mark.asyncio
async def test_a_server_that_does_not_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "server"
    broken.write_text("#!/bin/sh\necho the disk is on fire\nexit 3\n")
    broken.chmod(0o755)
    programs = ServerPrograms("go", "1.32.0", "2.54.1", server=broken, ui=broken)
    server = LocalServer(tmp_path / "kept", programs=programs)
    with pytest.raises(Unreachable, match=r"(?s)退出码 3.*the disk is on fire.*server\.log"):
        await server.start()
    assert server.pids == ()
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    programs = ServerPrograms("go", "1.32.0", "2.54.1", server=silent, ui=silent)
    server = LocalServer(tmp_path / "kept", programs=programs, start_timeout=timedelta(seconds=1))
    with pytest.raises(Unreachable, match="1 秒内没有就绪"):
        await server.start()
    assert server.pids == ()


@pytest.mark.asyncio
async def test_a_taken_free_port_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Ports] = []
    real = Ports.choose
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]

        def unlucky(grpc: int = 0, ui: int = 0) -> Ports:
            ports = real(grpc, ui)
            if not chosen:
                ports = Ports(ports.grpc, ports.http, ports.ui, ports.metrics, (taken, *ports.inner[1:]))
            chosen.append(ports)
            return ports

        monkeypatch.setattr(Ports, "choose", unlucky)
        async with LocalServer(tmp_path, search_attributes=ATTRIBUTES) as server:
            assert server.programs is not None
            # The CLI chooses its inner ports itself.
            assert len(chosen) == (2 if server.programs.route == "go" else 1)


def test_chosen_ports_are_free_and_different() -> None:
    ports = Ports.choose(grpc=7233)
    every = [ports.grpc, ports.http, ports.ui, ports.metrics, *ports.inner]
    assert ports.grpc == 7233
    assert len(set(every)) == len(every) == 11


@pytest.mark.asyncio
async def test_members_of_a_killed_server_are_forgotten(tmp_path: Path) -> None:
    server = LocalServer(tmp_path)
    await server.start()
    for pid in server.pids:
        for child in descendants(pid):
            os.kill(child, signal.SIGKILL)
    await server.stop()
    begun = time.monotonic()
    async with server:
        client = await Client.connect(server.address)
        async with _worker(client):
            assert await client.execute_workflow(_Wait.run, 1, id="after", task_queue="q") == 1
    assert time.monotonic() - begun < 20
    with sqlite3.connect(tmp_path / "temporal.db") as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()


@pytest.mark.asyncio
async def test_given_ports_and_another_namespace_are_used(tmp_path: Path) -> None:
    ports = Ports.choose()
    server = LocalServer(
        tmp_path,
        ui=True,
        port=ports.grpc,
        ui_port=ports.ui,
        namespace="sanming",
        search_attributes=ATTRIBUTES,
    )
    async with server:
        assert server.address == f"127.0.0.1:{ports.grpc}"
        assert server.ui_url == f"http://127.0.0.1:{ports.ui}/namespaces/sanming/workflows"
        client = await Client.connect(server.address, namespace="sanming")
        assert (await client.count_workflows("CaseStage IS NULL")).count == 0
        assert server.fault() is None
        assert (tmp_path / "temporal.db").exists()
