"""Making a namespace and its search attributes on any Temporal server: what is already there stays, and
is not an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.errors import Problem, Refusal, Unreachable

_KINDS = {
    "Text": IndexedValueType.INDEXED_VALUE_TYPE_TEXT,
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
    "Double": IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
    "Bool": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    "KeywordList": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
}
_SETTLING_SECONDS = 0.1


async def ensure_namespace(client: Client, namespace: str, retention: timedelta) -> None:
    """Register `namespace` with that retention, or give an existing one that retention."""
    service = client.workflow_service
    wanted = Duration()
    wanted.FromTimedelta(retention)
    try:
        found = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        try:
            await service.register_namespace(
                RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=wanted)
            )
        except RPCError as raced:
            if raced.status != RPCStatusCode.ALREADY_EXISTS:
                raise
        return
    if found.config.workflow_execution_retention_ttl != wanted:
        change = UpdateNamespaceRequest(namespace=namespace)
        change.config.workflow_execution_retention_ttl.CopyFrom(wanted)
        await service.update_namespace(change)


async def ensure_search_attributes(
    client: Client, namespace: str, wanted: Mapping[str, str], *, within: timedelta = timedelta(seconds=30)
) -> None:
    """Register each attribute (name → Keyword, Datetime, Bool, Int, Double, KeywordList or Text) and wait
    until usable.

    Raises Refusal when one exists with another type, Unreachable when they do not become usable in time.
    """
    unknown = {name: kind for name, kind in wanted.items() if kind not in _KINDS}
    if unknown:
        raise ValueError(f"unknown search attribute types: {unknown}")
    try:
        async with asyncio.timeout(within.total_seconds()):
            await _add_missing(client, namespace, wanted)
            await _until_usable(client, namespace, wanted)
    except TimeoutError:
        raise Unreachable(
            Problem(
                f"命名空间 {namespace} 的检索字段未能在 {within.total_seconds():.0f} 秒内生效",
                remedy="查看 Temporal 服务器的日志",
            )
        ) from None


async def _add_missing(client: Client, namespace: str, wanted: Mapping[str, str]) -> None:
    while True:
        try:
            have = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=namespace)
            )
        except RPCError as error:
            # A namespace just registered is not yet known to every part of the server.
            if error.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE):
                raise
            await asyncio.sleep(_SETTLING_SECONDS)
            continue
        other = [
            Problem(
                f"检索字段 {name} 已登记为另一种类型"
                f"（{IndexedValueType.Name(have.custom_attributes[name])}），应为 {kind}",
                remedy="换一个命名空间，或由运维人员改正该字段",
            )
            for name, kind in wanted.items()
            if have.custom_attributes.get(name, _KINDS[kind]) != _KINDS[kind]
        ]
        if other:
            raise Refusal(other)
        missing = {name: _KINDS[kind] for name, kind in wanted.items() if name not in have.custom_attributes}
        if not missing:
            return
        try:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
            )
        except RPCError as error:
            if error.status not in (
                RPCStatusCode.ALREADY_EXISTS,
                RPCStatusCode.NOT_FOUND,
                RPCStatusCode.UNAVAILABLE,
            ):
                raise
        await asyncio.sleep(_SETTLING_SECONDS)


async def _until_usable(client: Client, namespace: str, wanted: Mapping[str, str]) -> None:
    query = " AND ".join(f"`{name}` IS NULL" for name in wanted)
    while True:
        try:
            await client.workflow_service.count_workflow_executions(
                CountWorkflowExecutionsRequest(namespace=namespace, query=query)
            )
        except RPCError as error:
            if error.status not in (
                RPCStatusCode.INVALID_ARGUMENT,
                RPCStatusCode.NOT_FOUND,
                RPCStatusCode.UNAVAILABLE,
                RPCStatusCode.RESOURCE_EXHAUSTED,
            ):
                raise
            await asyncio.sleep(_SETTLING_SECONDS)
        else:
            return
