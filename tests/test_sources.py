"""What the registry is made again from: sealed folders, in either archive, and what cannot be trusted in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from activities.archive import Archive
from activities.folders import history_name
from models.errors import Refusal
from models.numbering import case_of_supplement, supplement_id
from starter.sources import Source, filed_source, read_filed
from tests.kept_archives import Maker
from tests.sample_rows import CASE, case_row, fact_row, snapshot

pytest_plugins = ["tests.archives"]

FIRST, SECOND = "11111111-aaaa", "22222222-bbbb"
SUPPLEMENT = supplement_id(CASE, SECOND)
HELD = snapshot(3, facts=(fact_row(1),))


def history(ended: int) -> bytes:
    """A run whose first task failed and was done again at 9:00:02.123456789, and which ended in that minute."""
    events = [
        ("EXECUTION_STARTED", "01:00:00Z"),
        ("TASK_STARTED", "01:00:01Z"),
        ("TASK_FAILED", "01:00:01.5Z"),
        ("TASK_STARTED", "01:00:02.123456789Z"),
        ("TASK_COMPLETED", "01:00:03Z"),
        ("TASK_STARTED", "01:00:04Z"),
        ("TASK_COMPLETED", "01:00:05Z"),
        ("EXECUTION_COMPLETED", f"01:{ended:02}:00Z"),
    ]
    return json.dumps(
        {
            "events": [
                {"eventType": f"EVENT_TYPE_WORKFLOW_{kind}", "eventTime": f"2021-09-15T{at}"}
                for kind, at in events
            ]
        }
    ).encode()


def keep(archive: Archive, folder: str, files: dict[str, bytes], *, sealed: bool = True) -> None:
    for name, content in files.items():
        archive.store(folder, name, content, media_type="application/json", meta={})
    if sealed:
        archive.seal(folder, {})


def rows_of(case: str = CASE) -> bytes:
    return snapshot(3, case_row(case), facts=(fact_row(1),)).model_dump_json().encode()


@pytest.fixture
def archive(make_archive: Maker) -> Archive:
    return make_archive()


def test_a_sealed_folder_tells_rows_run_and_start(archive: Archive) -> None:
    files = {history_name("0" * 8): history(1), history_name(FIRST): history(2), "snapshot.json": rows_of()}
    keep(archive, CASE, files)
    source = filed_source(archive, CASE, [CASE])
    assert source == Source(CASE, "archive", FIRST, CASE)
    told = read_filed(archive, source)
    assert told.snapshot == HELD
    assert (told.run, told.started_at) == (FIRST, datetime(2021, 9, 15, 1, 0, 2, 123456, tzinfo=UTC))


@pytest.mark.parametrize(("first", "second"), [(10, 20), (20, 10)])
def test_of_two_folders_the_one_whose_run_ended_last_counts(
    archive: Archive, first: int, second: int
) -> None:
    keep(archive, CASE, {history_name(FIRST): history(first), "snapshot.json": rows_of()})
    keep(archive, SUPPLEMENT, {history_name(SECOND): history(second), "snapshot.json": rows_of()})
    found = filed_source(archive, CASE, [CASE, SUPPLEMENT])
    assert found.folder == (SUPPLEMENT if second > first else CASE)


def test_a_folder_that_is_not_sealed_is_no_case(archive: Archive) -> None:
    keep(archive, CASE, {history_name(FIRST): history(1)}, sealed=False)
    with pytest.raises(Refusal, match="尚未封存"):
        filed_source(archive, CASE, [CASE])
    with pytest.raises(Refusal, match="档案库和服务器上都没有"):
        filed_source(archive, "urging-350425-2021-0002", [])


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({history_name(FIRST): history(1)}, r"snapshot\.json：案卷中没有这个文件"),
        ({history_name(FIRST): history(1), "snapshot.json": b"{}"}, "快照读不出来"),
        (
            {history_name(FIRST): history(1), "snapshot.json": rows_of("urging-350425-2021-0002")},
            "快照是案件 urging-350425-2021-0002 的",
        ),
        ({history_name(FIRST): b'{"events": []}', "snapshot.json": rows_of()}, "运行记录读不出来"),
        ({"snapshot.json": rows_of()}, "没有运行记录"),
    ],
)
def test_what_cannot_be_trusted_is_named(archive: Archive, files: dict[str, bytes], said: str) -> None:
    keep(archive, CASE, files)
    with pytest.raises(Refusal, match=said):
        read_filed(archive, filed_source(archive, CASE, [CASE]))


def test_the_case_of_a_supplement() -> None:
    assert case_of_supplement(supplement_id(CASE, "0123abcd-0000-0000")) == CASE
    assert case_of_supplement(CASE) == case_of_supplement("intake-2021") == ""
