"""The books: numbers without gaps whoever dies, 文号, case ids, deliveries, the intake tray, editions."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

import activities.deliveries
from activities.books import Books, Stray
from activities.database import Database
from activities.registry import Registry
from models.errors import InputError, Refusal
from models.notices import Notice
from tests.database_processes import COUNTY, SERIES, die_taking_numbers, take_numbers
from tests.sample_rows import CASE, case_row, snapshot

pytest_plugins = ["tests.databases"]

NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


# numbers


def test_a_key_has_one_number_and_each_series_its_own(books: Books) -> None:
    assert [books.number(*SERIES, key) for key in ("甲", "乙", "甲", "丙")] == [1, 2, 1, 3]
    assert books.number("350481", "suggestion", 2021, "丁") == 1
    assert books.number(COUNTY, "notification_letter", 2021, "戊") == 1
    assert books.number(COUNTY, "suggestion", 2022, "己") == 1
    assert books.case_number(*SERIES, "甲") == 1


def test_a_key_belongs_to_one_series(books: Books) -> None:
    books.number(*SERIES, "甲")
    with pytest.raises(Refusal, match="350425 suggestion 2021 年第 1 号"):
        books.number(COUNTY, "suggestion", 2022, "甲")
    with pytest.raises(InputError):
        books.number(*SERIES, "")
    assert [each.number for each in books.numbers()] == [1]


def _start(target: Callable[..., None], *arguments: Any) -> Any:
    process = SPAWN.Process(target=target, args=arguments)
    process.start()
    return process


def test_numbers_have_no_gap_with_processes_racing_and_dying(books: Books, address: str) -> None:
    shared = [f"共{number}" for number in range(5)]
    racing = [
        _start(take_numbers, address, [*shared, *(f"{name}{number}" for number in range(10)), *shared])
        for name in "甲乙"
    ]
    dying = [
        _start(die_taking_numbers, "before", address, ["亡1", "亡2"]),
        _start(die_taking_numbers, "after", address, ["亡3", "亡4"]),
    ]
    for each in (*racing, *dying):
        each.join(60)
    assert [each.exitcode for each in racing] == [0, 0]
    assert [each.exitcode for each in dying] == [-signal.SIGKILL, -signal.SIGKILL]

    given = {each.key: each.number for each in books.numbers()}
    assert sorted(given.values()) == list(range(1, 2 * 10 + 5 + 1 + 2 + 1))
    assert "亡2" not in given
    assert books.number(*SERIES, "亡4") == given["亡4"]
    assert books.number(*SERIES, "亡2") == len(given) + 1
    assert books.gaps() == []


def test_a_void_number_stays_in_the_register(books: Books) -> None:
    books.number(*SERIES, "甲")
    books.number(*SERIES, "乙")
    books.void("甲", "文书重复")
    books.void("甲", "文书重复")
    first, second = books.numbers(county=COUNTY, kind="suggestion", year=2021)
    assert (first.number, first.void_reason, first.voided_at is None) == (1, "文书重复", False)
    assert (second.number, second.void_reason, second.voided_at) == (2, "", None)
    assert books.gaps() == []
    with pytest.raises(Refusal, match="文书重复"):
        books.number(*SERIES, "甲")
    with pytest.raises(Refusal, match="已经作废"):
        books.void("甲", "另一理由")
    assert books.number(*SERIES, "丙") == 3


def test_voiding_needs_a_number_and_a_reason(books: Books) -> None:
    with pytest.raises(Refusal, match="没有编号"):
        books.void("甲", "文书重复")
    books.number(*SERIES, "甲")
    with pytest.raises(InputError, match="理由"):
        books.void("甲", " ")


def test_a_number_somebody_removed_is_reported(books: Books, database: Database) -> None:
    for key in "甲乙丙丁":
        books.number(*SERIES, key)
    with database.writing() as session:
        session.connection().execute(text("DELETE FROM numbers WHERE number IN (1, 3)"))
    (gap,) = books.gaps()
    assert (gap.county, gap.kind, gap.year, gap.missing) == (*SERIES, (1, 3))


# official numbers

ISSUER = "大田县人民检察院"
OFFICIAL = (ISSUER, "suggestion", 2021)


@pytest.mark.parametrize(
    "written", ["大检建〔2021〕5号", "大检建[2021]5号", "大检建（2021） 5 号", "大检建【2021】５号"]
)
def test_a_taken_official_number_is_refused_however_it_is_typed(books: Books, written: str) -> None:
    books.register_official(*OFFICIAL, "大检建〔2021〕5号", "甲案/L1")
    with pytest.raises(Refusal, match="甲案/L1"):
        books.register_official(*OFFICIAL, written, "乙案/L1")
    books.register_official(*OFFICIAL, written, "甲案/L1")


def test_another_issuer_type_year_or_number_is_free(books: Books) -> None:
    number = "大检建〔2021〕5号"
    books.register_official(*OFFICIAL, number, "甲")
    books.register_official("永安市人民检察院", "suggestion", 2021, number, "乙")
    books.register_official(ISSUER, "notification_letter", 2021, number, "丙")
    books.register_official(ISSUER, "suggestion", 2022, number, "丁")
    books.register_official(*OFFICIAL, "大检建〔2021〕50号", "戊")


def test_one_of_two_who_enter_an_official_number_at_once_gets_it(books: Books) -> None:
    def enter(owner: str) -> bool:
        try:
            books.register_official(*OFFICIAL, "大检建〔2021〕6号", owner)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enter, [f"案{number}" for number in range(8)])) == 1


def test_a_number_and_its_official_one_are_entered_together_or_neither_is(books: Books) -> None:
    def issue(key: str, official: str) -> int:
        return books.issued_number(*SERIES, key, issuer=ISSUER, official_no=official)

    assert [issue("甲", "大检建〔2021〕8号"), issue("甲", "大检建〔2021〕8号")] == [1, 1]
    with pytest.raises(Refusal, match="由 甲 使用"):
        issue("乙", "大检建[2021]8号")
    books.number(*SERIES, "丙")
    books.void("丙", "错发")
    with pytest.raises(Refusal, match="已经作废"):
        issue("丙", "大检建〔2021〕9号")
    with pytest.raises(InputError, match="文号为空"):
        issue("丁", "  ")
    # Neither number that was refused was kept: both are given to the next.
    assert issue("戊", "大检建〔2021〕9号") == 3
    assert books.gaps() == []


def test_an_official_number_entered_by_mistake_is_freed(books: Books, database: Database) -> None:
    number = "大检建〔2021〕7号"
    books.register_official(*OFFICIAL, number, "甲")
    with pytest.raises(Refusal, match="没有使用"):
        books.release_official(*OFFICIAL, number, "乙", "录错")
    books.release_official(*OFFICIAL, number, "甲", "录错")
    books.register_official(*OFFICIAL, number, "乙")
    with pytest.raises(Refusal, match="乙"):
        books.register_official(*OFFICIAL, number, "甲")
    books.release_official(*OFFICIAL, number, "乙", "仍归甲")
    books.register_official(*OFFICIAL, number, "甲")
    with database.reading() as session:
        kept = session.connection().execute(text("SELECT count(*) FROM official_numbers")).scalar_one()
    assert kept == 2


def test_an_empty_official_number_is_not_understood(books: Books) -> None:
    with pytest.raises(InputError, match="official_no"):
        books.register_official(*OFFICIAL, " 　", "甲")


# case ids


def test_a_case_number_given_to_another_request_is_known(books: Books) -> None:
    assert books.case_number(COUNTY, "urging", 2021, "请求一") == 1
    assert books.known_case("urging-350425-2021-0001")
    assert books.known_case("urging-350425-2021-0001", key="请求二")
    assert not books.known_case("urging-350425-2021-0001", key="请求一")
    assert not books.known_case("urging-350425-2021-0002")
    assert not books.known_case("没有这样的编号")


def test_a_case_in_the_registry_is_known_to_everybody(books: Books, database: Database) -> None:
    case = "urging-350425-2020-0009"
    Registry(database).project(snapshot(case=case_row(case)), run="r1", run_started_at=NOON)
    assert books.known_case(case, key="请求一")


def test_a_case_numbered_elsewhere_is_claimed_once(books: Books) -> None:
    case = "urging-350425-2021-0007"
    books.claim_case(case, "材料一")
    books.claim_case(case, "材料一")
    with pytest.raises(Refusal, match=case):
        books.claim_case(case, "材料二")
    with pytest.raises(Refusal, match="2021 年第 7 号"):
        books.claim_case("urging-350425-2021-0008", "材料一")
    with pytest.raises(InputError, match="案件编号"):
        books.claim_case("urging-2021-7", "材料三")
    assert books.case_number(COUNTY, "urging", 2021, "材料四") == 8
    (gap,) = books.gaps(book="case")
    assert gap.missing == (1, 2, 3, 4, 5, 6)


# deliveries


def queue(database: Database, *keys: str) -> None:
    notices = [
        Notice(
            key=key,
            case=CASE,
            to=("张三",),
            subject="提醒",
            body=f"正文{key}\n",
            on=date(2021, 9, 15),
            at=NOON + timedelta(seconds=place),
        )
        for place, key in enumerate(keys)
    ]
    assert Registry(database).project(snapshot(), run="r1", run_started_at=NOON, notices=notices)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the books' clock on."""

    def move(by: timedelta) -> None:
        monkeypatch.setattr(activities.deliveries, "_now", lambda: datetime.now(UTC) + by)

    return move


def waiting(books: Books, limit: int = 9) -> list[str]:
    return [notice.key for notice in books.queued(limit)]


def test_a_notice_is_sent_once(books: Books, database: Database) -> None:
    queue(database, "甲", "乙", "丙")
    assert waiting(books, 2) == ["甲/张三", "乙/张三"]
    assert books.queued(1)[0].body == "正文甲\n"
    assert books.queued(1)[0].at == NOON
    books.sending("甲/张三")
    books.sent("甲/张三", "<1@example.gov.cn>")
    assert waiting(books) == ["乙/张三", "丙/张三"]
    with pytest.raises(Refusal, match="已经发出"):
        books.sending("甲/张三")
    (delivery,) = books.deliveries(state="sent")
    assert (delivery.notice.key, delivery.message_id, delivery.attempts) == (
        "甲/张三",
        "<1@example.gov.cn>",
        1,
    )
    assert delivery.sent_at is not None
    assert not delivery.possibly_twice


def test_a_sending_cut_short_is_sent_again_and_marked(books: Books, database: Database) -> None:
    queue(database, "甲", "乙")
    books.sending("甲/张三")
    after_restart = Books(database)
    assert sorted(waiting(after_restart)) == ["乙/张三", "甲/张三"]
    after_restart.sending("甲/张三")
    after_restart.sent("甲/张三", "<1@example.gov.cn>")
    by_key = {each.notice.key: each for each in books.deliveries()}
    assert by_key["甲/张三"].possibly_twice
    assert by_key["甲/张三"].attempts == 2
    assert not by_key["乙/张三"].possibly_twice


def test_a_failed_notice_waits_longer_each_time_and_blocks_no_other(
    books: Books, database: Database, later: Callable[[timedelta], None]
) -> None:
    queue(database, "甲", "乙")
    books.sending("甲/张三")
    books.failed("甲/张三", "邮件服务器没有应答")
    assert waiting(books) == ["乙/张三"]
    (failed,) = books.deliveries(state="failed")
    assert (failed.last_error, failed.possibly_twice) == ("邮件服务器没有应答", False)
    later(timedelta(seconds=61))
    assert waiting(books) == ["乙/张三", "甲/张三"]
    books.sending("甲/张三")
    books.failed("甲/张三", "邮件服务器没有应答")
    later(timedelta(seconds=61 + 119))
    assert waiting(books) == ["乙/张三"]
    later(timedelta(seconds=61 + 121))
    assert waiting(books) == ["乙/张三", "甲/张三"]
    for _ in range(30):
        books.sending("甲/张三")
        books.failed("甲/张三", "邮件服务器没有应答")
    later(timedelta(seconds=61 + 121) + timedelta(minutes=61))
    assert waiting(books) == ["乙/张三", "甲/张三"]


def test_a_late_failure_does_not_unsend(books: Books, database: Database) -> None:
    queue(database, "甲")
    books.sending("甲/张三")
    books.sent("甲/张三", "<1@example.gov.cn>")
    books.failed("甲/张三", "迟到的失败")
    (delivery,) = books.deliveries()
    assert (delivery.state, delivery.last_error) == ("sent", "")


def test_a_notice_never_queued_is_refused(books: Books) -> None:
    with pytest.raises(Refusal, match="没有排队"):
        books.sending("无")


# the intake tray


def stray(stray_id: str = "收1", content: str = '{"kind": "reply_received"}') -> Stray:
    return Stray(
        id=stray_id,
        case="urging-350425-2020-0009",
        name="fact",
        content=content,
        paper="0" * 64,
        paper_name="复函.pdf",
        why="案件已归档",
        received_at=NOON,
        received_by="李四",
    )


def test_what_reached_no_case_waits_until_it_is_sorted_out(books: Books) -> None:
    assert books.keep(stray())
    assert books.keep(stray("收2"))
    assert books.waiting() == [stray(), stray("收2")]
    books.sort_out("收1", by="张三", went_to="urging-350425-2021-0010")
    books.sort_out("收2", by="张三", note="重复来件，存查")
    assert books.waiting() == []


def test_the_same_paper_is_kept_once(books: Books) -> None:
    assert books.keep(stray())
    assert not books.keep(stray())
    with pytest.raises(Refusal, match="内容不同"):
        books.keep(stray(content="{}"))
    assert books.waiting() == [stray()]
    books.sort_out("收1", by="张三", note="存查")
    assert not books.keep(stray())
    assert books.waiting() == []


def test_sorting_out_has_one_answer(books: Books) -> None:
    books.keep(stray())
    with pytest.raises(InputError):
        books.sort_out("收1", by="张三")
    with pytest.raises(InputError):
        books.sort_out("收1", by="", note="存查")
    with pytest.raises(Refusal, match="没有收件"):
        books.sort_out("收9", by="张三", note="存查")
    books.sort_out("收1", by="张三", note="存查")
    books.sort_out("收1", by="王五", note="存查")
    with pytest.raises(Refusal, match="已由张三整理"):
        books.sort_out("收1", by="王五", note="另案处理")


# editions


def test_an_edition_never_changes(books: Books) -> None:
    digest = books.publish("2026-01", "holidays = []\n")
    assert books.publish("2026-01", "holidays = []\n") == digest
    with pytest.raises(Refusal, match="不得改动"):
        books.publish("2026-01", "holidays = ['2026-01-01']\n")
    assert books.edition("2026-01") == "holidays = []\n"
    books.publish("2026-01", "rules\n", kind="rules")
    books.publish("2025-02", "holidays = []\n")
    assert books.editions() == ["2026-01", "2025-02"]
    assert books.editions(kind="rules") == ["2026-01"]


def test_an_edition_that_is_missing_or_altered_is_refused(books: Books, database: Database) -> None:
    with pytest.raises(Refusal, match="没有发布过"):
        books.edition("2027")
    books.publish("2026-01", "holidays = []\n")
    with database.writing() as session:
        session.connection().execute(text("UPDATE editions SET text = 'x'"))
    with pytest.raises(Refusal, match="被改动过"):
        books.edition("2026-01")
