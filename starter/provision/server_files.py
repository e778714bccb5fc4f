"""The configuration of a local Temporal server and of its web UI, as the files their programs read.

Everything is written as JSON, which every YAML reader takes. The database keeps one history shard and the
cluster name `active`, as the Temporal CLI does, so that a data folder opens with either program.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starter.provision.processes import free_ports

DATABASE = "temporal.db"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ports:
    """Every port a local server listens on, all on 127.0.0.1."""

    grpc: int
    http: int
    ui: int
    metrics: int
    inner: tuple[int, ...]
    """gRPC of history, matching and worker, then the membership ports of all four services."""

    @classmethod
    def choose(cls, grpc: int = 0, ui: int = 0) -> Ports:
        """Free ports, except those that are given."""
        free = free_ports(11, apart_from=(grpc, ui))
        return cls(grpc or free[0], free[1], ui or free[2], free[3], tuple(free[4:]))


def dynamic_values(*, time_skipping: bool) -> Json:
    """Dynamic configuration of every local server, by key.

    A new search attribute or namespace is usable at once; one partition is enough for one machine.
    """
    values: Json = {
        "system.forceSearchAttributesCacheRefreshOnRead": True,
        "system.namespaceCacheRefreshInterval": "1s",
        "matching.numTaskqueueReadPartitions": 1,
        "matching.numTaskqueueWritePartitions": 1,
        "frontend.namespaceRPS.visibility": 100,
        "frontend.persistenceMaxQPS": 10000,
        "history.persistenceMaxQPS": 45000,
    }
    if time_skipping:
        values["frontend.WorkflowTimeSkippingEnabled"] = True
        # A case that is deleted would stay half a minute, until what has been done of it is noted.
        values["history.transferProcessorUpdateAckInterval"] = "1s"
        values["history.visibilityProcessorUpdateAckInterval"] = "1s"
    return values


def sqlite_pragmas(*, durable: bool) -> dict[str, str]:
    """`synchronous` 2 keeps what was acknowledged through a power cut; 0 only through the end of the
    process.
    """
    return {"journal_mode": "wal", "synchronous": "2" if durable else "0"}


def server_settings(folder: Path, ports: Ports, *, durable: bool) -> Json:
    """The server's own configuration: one SQLite file for history and visibility, everything on loopback."""
    history, matching, worker, *membership = ports.inner
    store = {
        "sql": {
            "pluginName": "sqlite",
            "databaseName": str(folder / DATABASE),
            "connectAddr": "localhost",
            "connectProtocol": "tcp",
            "connectAttributes": {"cache": "private", "setup": "true", **sqlite_pragmas(durable=durable)},
            "maxConns": 1,
            "maxIdleConns": 1,
        }
    }
    grpc = {"frontend": ports.grpc, "history": history, "matching": matching, "worker": worker}
    services: Json = {
        name: {"rpc": {"grpcPort": port, "membershipPort": joined, "bindOnLocalHost": True}}
        for (name, port), joined in zip(grpc.items(), membership, strict=True)
    }
    services["frontend"]["rpc"]["httpPort"] = ports.http
    return {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "sqlite",
            "visibilityStore": "sqlite",
            "numHistoryShards": 1,
            "datastores": {"sqlite": store},
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": "127.0.0.1"}},
        "services": services,
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": "active",
            "currentClusterName": "active",
            "clusterInformation": {
                "active": {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": f"127.0.0.1:{ports.grpc}",
                    "httpAddress": f"127.0.0.1:{ports.http}",
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "publicClient": {"hostPort": f"127.0.0.1:{ports.grpc}"},
        "dynamicConfigClient": {"filepath": str(folder / "dynamic.yaml"), "pollInterval": "60s"},
    }


def ui_settings(ports: Ports, namespace: str, *, writes: bool) -> Json:
    """The web UI's configuration; without `writes` it can look and not touch."""
    return {
        "temporalGrpcAddress": f"127.0.0.1:{ports.grpc}",
        "host": "127.0.0.1",
        "port": ports.ui,
        "enableUi": True,
        "defaultNamespace": namespace,
        "disableNewsFetch": True,
        "disableWriteActions": not writes,
        "cors": {"cookieInsecure": True},
    }


def write_files(
    folder: Path, ports: Ports, namespace: str, *, time_skipping: bool, durable: bool, ui_writes: bool
) -> None:
    """Put server.yaml, dynamic.yaml and ui/ui.yaml into `folder`."""
    dynamic = {key: [{"value": value}] for key, value in dynamic_values(time_skipping=time_skipping).items()}
    (folder / "ui").mkdir(exist_ok=True)
    for name, content in (
        ("server.yaml", server_settings(folder, ports, durable=durable)),
        ("dynamic.yaml", dynamic),
        ("ui/ui.yaml", ui_settings(ports, namespace, writes=ui_writes)),
    ):
        (folder / name).write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
