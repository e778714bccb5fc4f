"""保管期限, decided case by case at closing: in the journal, on the form, in the seal, in the lock of the bucket."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from activities.folder_archive import FolderArchive
from models.bags import Ledger
from models.chain import as_said
from models.decisions import DECISIONS, CloseCase
from models.ending import Closing
from models.keeping import KEEPING_FIELD, Keeping, KeepingPeriods
from models.kinds import restored
from models.orders import closing_review
from starter.provision.s3_server import S3Server
from tests.filed_cases import closed_state, file_case
from tests.kept_archives import bucket_archive, kept_names
from tests.openings import CHIEF

pytest_plugins = ["tests.archives"]

CLOSED = {"kind": "close_case", "id": "c", "by": CHIEF.model_dump(mode="json"), "outcome": "withdrawn"}


def closing_of(keeping: Keeping | None = None) -> Closing:
    closing = restored(closed_state(keeping=keeping)).closing
    assert closing is not None
    return closing


def seal_of(archive: FolderArchive, case: str) -> dict[str, str]:
    ledger = archive.ledger(case)
    assert ledger is not None and ledger.seal is not None
    return dict(ledger.seal)


def test_what_is_decided_stands_on_the_form_and_in_the_timeline() -> None:
    case = restored(closed_state(keeping="永久"))
    assert closing_of(keeping="永久").keeping == "永久" and closing_of().keeping is None
    assert closing_review(case).keeping == "永久" and "保管期限永久" in closing_review(case).course
    assert closing_review(restored(closed_state())).keeping == ""
    assert "保管期限" not in closing_review(restored(closed_state())).course


def test_a_closing_that_says_nothing_is_written_as_before() -> None:
    said = cast(CloseCase, DECISIONS.validate_python(CLOSED))
    assert said.keeping is None and b"keeping" not in as_said(said)
    assert b'"keeping":"\xe7\x9f\xad\xe6\x9c\x9f"' in as_said(said.model_copy(update={"keeping": "短期"}))


def test_a_class_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="keeping"):
        DECISIONS.validate_python({**CLOSED, "keeping": "五年"})


def test_the_seal_says_what_was_decided_and_otherwise_what_it_said_before(tmp_path: Path) -> None:
    decided, silent = FolderArchive(tmp_path / "decided"), FolderArchive(tmp_path / "silent")
    case, _ = file_case(decided, keeping="短期")
    file_case(silent)
    assert seal_of(decided, case)[KEEPING_FIELD] == "短期"
    assert set(seal_of(silent, case)) == {"Source-Organization", "External-Description", "Bagging-Date"}
    bag = tmp_path / "decided" / "cases" / case
    assert "Keeping-Period: 短期\n" in (bag / "bag-info.txt").read_text()
    assert Ledger.parse((bag / "ledger.jsonl").read_text()) == decided.ledger(case)


@pytest.mark.parametrize(("decided", "years"), [("永久", 100), ("短期", 30), ("", 60), ("很久", 60)])
def test_what_is_decided_goes_before_what_the_site_has_for_the_kind(decided: str, years: int) -> None:
    periods = KeepingPeriods(by_kind={"urging": "长期", "clue": "短期"})
    assert periods.kept_until("urging-1", 2021, decided) == datetime(2022 + years, 1, 1, tzinfo=UTC)
    assert periods.class_of("clue-1") == "短期" and periods.class_of("clue-1", "永久") == "永久"


@pytest.mark.parametrize(("decided", "year"), [("永久", 2122), (None, 2052)])
def test_the_lock_of_the_bucket_lasts_as_the_seal_says(
    s3_server: S3Server, tmp_path: Path, decided: Keeping | None, year: int
) -> None:
    """Of two cases of one kind, which the site keeps for the short period, one was decided to be kept for good."""
    archive = bucket_archive(s3_server, tmp_path, keeping=KeepingPeriods(by_kind={"urging": "短期"}))
    case, voucher = file_case(archive, keeping=decided)
    assert closing_of().on.year == date(2021, 10, 20).year
    for name in kept_names(archive):
        locked = archive.bucket.locked_until(name)
        assert locked == datetime(year, 1, 1, tzinfo=UTC), name
    assert archive.verify(case, sealed=voucher) == []
