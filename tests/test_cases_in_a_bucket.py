"""A case from its letter to its sealed folder in a bucket, its archive being away for a while."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from activities.s3_archive import S3Archive
from activities.s3_bucket import Bucket
from models.numbering import filing_id
from starter.provision.s3_server import S3Server
from starter.provision.server import LocalServer
from tests.kept_archives import SECRET, access_to
from tests.world import awaiting_reply, within, world_on

pytest_plugins = ["tests.archives"]

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_case_waits_for_its_archive_and_is_filed_when_it_is_back(
    server: LocalServer, own_s3_server: S3Server, tmp_path: Path
) -> None:
    """归档: nothing is lost while the archive does not answer, and nobody has to lend a hand when it does again."""
    Bucket(access_to(own_s3_server)).make()
    bucket: dict[str, Any] = {
        "archive_url": "s3://mingjian/cases",
        "archive_endpoint": own_s3_server.endpoint,
        "archive_key_id": own_s3_server.key_id,
        "archive_secret": SECRET,
    }
    async with world_on(server, tmp_path, "bucket", **bucket) as world:
        archive = world.world.archive
        assert isinstance(archive, S3Archive)
        case = await awaiting_reply(world, 951)
        number = case.opening.case
        async with within(60):
            while not await asyncio.to_thread(archive.papers, number):
                await asyncio.sleep(0.1)
        await asyncio.to_thread(own_s3_server.stop)
        await case.decide("withdraw_letter", "withdraw-1", letter="L1", reason="不当")
        await case.decide("close_case", "close-1", outcome="withdrawn", reason="撤回")
        await asyncio.sleep(1)
        await asyncio.to_thread(own_s3_server.start)
        async with within(120):
            await case.handle.result()
            run = (await case.handle.describe()).run_id
            assert run is not None
            await world.client.get_workflow_handle(filing_id(number, run)).result()
    kept = {filed.paper.name for filed in archive.papers(number)}
    assert {"journal.jsonl", "snapshot.json", f"history/{run}.json", "papers/out/结案审查表.pdf"} <= kept
    assert archive.is_sealed(number) and archive.verify(number) == []
    assert list(archive.cases()) == [number] and not (tmp_path / "archive").exists()
