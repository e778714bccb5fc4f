"""`mingjian show CASE --why`: each move of a deadline, who made it, and what the due day would have been otherwise."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from activities.typesetting import Typesetter
from models.calendar import calendar
from models.deadline_courses import Course
from models.errors import InputError, Refusal, Unreachable
from models.explained_notes import explained_note
from models.journal import CaseState
from models.otherwise import Due
from models.projecting import rows
from models.retelling import courses
from starter import why
from starter.columns import width
from starter.office import Office
from starter.provision.fonts import font_folders
from starter.showing import Look
from tests.openings import PRESIDENT
from tests.playing import play
from tests.pure_desk import PureDesk, issued, served
from tests.scenarios.test_enforcement import DEMOLITION, granted
from tests.scenarios.test_enforcement_supervision import silent_court, supervised
from tests.scenarios.test_on_the_server import own
from tests.sealed_cases import sealed_case
from tests.test_drafts import Shipped, text_of
from tests.world import World

REPLY = "L1/jy.reply"
EXECUTE = "A1/ct.execute"


def course(desk: PureDesk[Any], key: str) -> Course:
    [found] = courses(desk.case.state(), Shipped(), (key,))
    return found


def moved(found: Course) -> list[tuple[str, str, str]]:
    """Each move with the due day before and after."""
    return [(move.what, move.before.words, move.after.words) for move in found.moves]


def otherwise(found: Course) -> list[str]:
    return [move.otherwise.words for move in found.moves if move.otherwise]


def shown(desk: PureDesk[Any], capsys: pytest.CaptureFixture[str], key: str = "") -> str:
    state = desk.case.state()
    told = courses(state, Shipped(), (key,) if key else ())
    why.tell_why(why.Told(state.opening.case, state.opening.title, "", state, told), as_json=False)
    text = capsys.readouterr().out
    assert max(map(width, text.splitlines())) <= 80
    return text


def stayed_lengthened_corrected() -> PureDesk[Any]:
    """The court's execution: stayed, resumed, lengthened by its president, and its beginning corrected."""
    desk = granted(DEMOLITION)
    desk.on("2021-10-12").record("execution_opened", "2021-10-08", "opened")
    desk.on("2021-11-01").record("execution_stayed", "2021-11-01", note="被执行人提出异议")
    desk.on("2021-12-01").record("execution_resumed", "2021-12-01")
    desk.decide("extend", by=PRESIDENT, deadline=EXECUTE, by_period={"amount": 3, "unit": "months"})
    desk.on("2021-12-06").correct("opened", "2021-10-11")
    return desk


def test_stayed_lengthened_and_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    desk = stayed_lengthened_corrected()
    found = course(desk, EXECUTE)
    assert moved(found) == [
        ("自2021-11-01中止（中止执行），被执行人提出异议", "2022-01-10", "中止，暂无届满日"),
        ("自2021-12-01恢复（恢复执行）", "中止，暂无届满日", "2022-02-07"),
        ("延长3个月", "2022-02-07", "2022-05-09"),
        ("更正法院执行立案“opened”：2021-10-08改为2021-10-11，记录有误", "2022-05-09", "2022-05-11"),
    ]
    assert found.moves[-1].after == found.due and found.due.last == desk.due(EXECUTE)
    stay, longer, corrected = otherwise(found)
    assert stay == "若未中止，则为2022-04-11（法释〔2000〕29号第九条（中止执行、审计评估等期间不计入））"
    assert longer.startswith("若未延长，则为2022-02-10（") and "第五条" in longer
    assert corrected == "若不更正，则为2022-05-09"
    assert [move.by for move in found.moves] == [
        "丙书记员（书记员）",
        "丙书记员（书记员）",
        "戊院长（人民法院）",
        "乙检察长（检察长）",
    ]
    text = shown(desk, capsys, EXECUTE)
    assert "起算 2021-10-11　法院执行立案，丙书记员（书记员）于2021-10-12记入" in text
    assert "届满日由“2022-05-09”变为“2022-05-11”" in text
    assert "届满日不是暂定" in text and "第八十五条" not in text


def test_a_correction_of_the_service_and_one_of_the_reply(capsys: pytest.CaptureFixture[str]) -> None:
    desk = served()
    desk.on("2021-10-20").correct("served", "2021-09-22")
    desk.correct("served", "2021-09-24")
    desk.on("2021-12-02").record("reply_received", "2021-12-01", "reply", letter="L1")
    desk.correct("reply", "2021-11-30")
    found = course(desk, REPLY)
    assert moved(found) == [
        ("更正送达“served”：2021-09-15改为2021-09-22，记录有误", "2021-11-15", "2021-11-22"),
        ("更正送达“served”：2021-09-22改为2021-09-24，记录有误", "2021-11-22", "2021-11-24"),
        ("更正回复“reply”：2021-12-01改为2021-11-30，记录有误", "2021-11-24", "2021-11-24"),
    ]
    # The last of two corrections of a fact stands, whether or not there was the first.
    assert otherwise(found) == [
        "若不更正，则为2021-11-24",
        "若不更正，则为2021-11-22",
        "若不更正，则为2021-11-24",
    ]
    assert found.moves[2].effect == "届满日不变（2021-11-24），完成日由2021-12-01变为2021-11-30"
    assert (found.days_late, found.punctuality) == (6, "逾期6日")
    text = shown(desk, capsys, REPLY)
    assert "2021-11-30　回复，丙书记员（书记员）于2021-12-02记入，逾期6日。" in text


def test_a_presumed_service_gives_way_to_the_real_one() -> None:
    desk = issued()
    desk.on("2021-10-20").record("letter_served", "2021-09-15", "presumed", letter="L1", presumed=True)
    desk.on("2021-10-25").record("letter_served", "2021-09-22", "real", letter="L1")
    found = course(desk, REPLY)
    assert moved(found) == [
        ("推定的送达（2021-09-15）由实际的送达（2021-09-22）取代", "2021-11-15", "2021-11-22")
    ]
    assert otherwise(found) == ["若仍按原起算日，则为2021-11-15"]
    assert found.started_by.words == "送达，丙书记员（书记员）于2021-10-25记入"


def test_days_excluded_and_a_fact_struck_out() -> None:
    desk = supervised(silent_court())
    desk.on("2021-11-01").decide(
        "exclude_days", deadline="case/sup.review", first="2021-10-11", last="2021-10-21", why="调阅法院卷宗"
    )
    found = course(desk, "case/sup.review")
    assert moved(found) == [("2021-10-11之后至2021-10-21不计入（调阅法院卷宗）", "2022-01-10", "2022-01-18")]
    assert otherwise(found)[0].startswith(
        "若不扣除，则为2022-01-10（《人民检察院行政诉讼监督规则》第五十六条"
    )
    served_twice = issued().on("2021-10-20")
    served_twice.record("letter_served", "2021-09-15", "presumed", letter="L1", presumed=True)
    served_twice.record("letter_served", "2021-09-22", "real", letter="L1")
    served_twice.on("2021-10-26").correct("real")
    found = course(served_twice, REPLY)
    assert moved(found)[1] == ("撤销送达“real”（2021-09-22），记录有误", "2021-11-22", "2021-11-15")
    assert otherwise(found)[-1] == "若不更正，则为2021-11-22"


def under(desk: PureDesk[Any], edition: str) -> CaseState:
    """The case as opened under an edition that its opening names, as every case is that the script opens."""
    state: CaseState = desk.case.state()
    return state.model_copy(update={"opening": state.opening.model_copy(update={"edition": edition})})


def test_a_new_calendar_and_what_was_under_the_former() -> None:
    """Two months from 29 November 2019 end in the spring festival of 2020, which a late notice made longer."""
    desk = served(on=date(2019, 11, 29), edition=calendar("2020"))
    desk.on("2020-01-28").publish(calendar("2020-01"))
    [found] = courses(under(desk, "2020"), Shipped(), (REPLY,))
    assert moved(found) == [("日历版本2020-01公布，重新计算", "2020-01-31", "2020-02-03")]
    assert otherwise(found) == ["若仍按日历版本2020，则为2020-01-31"]
    assert found.moves[0].by == "系统" and str(found.moves[0].entered_on) == "2020-01-28"
    assert found.remarks == ()
    # The news changed nothing for what had ended before.
    [service] = courses(under(desk, "2020"), Shipped(), ("L1/local.service",))
    assert service.moves == ()


def test_a_count_under_a_newer_calendar_of_which_no_news_was_entered() -> None:
    """Before anything falls due it is counted again under the edition in force: that is seen, though not when it was."""
    desk = served(on=date(2019, 11, 29), edition=calendar("2020"))
    desk.edition = calendar("2020-01")
    desk.on("2020-02-01")
    [found] = courses(under(desk, "2020"), Shipped(), (REPLY,))
    assert moved(found) == [("按日历版本2020-01重新计算", "2020-01-31", "2020-02-03")]
    assert found.moves[0].entered_on is None
    assert otherwise(found) == ["若仍按日历版本2020，则为2020-01-31"]


def test_withdrawn_and_reported_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    desk = served().on("2021-10-20")
    desk.decide("withdraw_letter", letter="L1", reason="不当")
    state = desk.case.state()
    why.tell_why(why.Told(state.opening.case, "", "取自案卷", state, courses(state, Shipped())), as_json=True)
    captured = capsys.readouterr()
    assert captured.err == "取自案卷\n"
    lines = {line["key"]: line for line in map(json.loads, captured.out.splitlines())}
    reply = lines[REPLY]
    assert reply["ended"] and [move["what"] for move in reply["moves"]] == [f"终止：{reply['ended']}"]
    day = {"from": "2021-11-15", "to": "2021-11-15", "how": "day", "provisional": False}
    assert reply["due"] == reply["moves"][0]["after"] == day
    assert reply["started"] == {
        "on": "2021-09-15",
        "what": "送达",
        "by": "丙书记员（书记员）",
        "entered_on": "2021-09-15",
    }
    assert reply["met"] is None and lines["L1/local.service"]["met"]["days_late"] == -7


def test_an_edition_that_is_not_here_is_said_and_nothing_is_guessed() -> None:
    lost = under(served(), "永安-2020")
    corrected = PureDesk(lost.opening, carried=lost).on("2021-10-20")
    corrected.correct("served", "2021-09-22")
    [found] = courses(corrected.case.state(), Shipped(), (REPLY,))
    assert [(move.before, move.after) for move in found.moves] == [
        (Due(None, None, "unknown"), Due(None, None, "unknown")),
        (Due(None, None, "unknown"), found.due),
    ]
    assert found.moves[-1].entered_on is None and found.due.words == "2021-11-22"
    assert found.remarks == ("日历版本永安-2020不在本机，按它计算的日期无从计算。",)


@pytest.mark.parametrize("make", [served, stayed_lengthened_corrected, lambda: supervised(silent_court())])
def test_the_last_move_ends_on_the_due_day(make: Any) -> None:
    desk = make()
    for found in courses(desk.case.state(), Shipped()):
        counted = desk.case.deadlines.counted[found.key]
        assert found.due.last == counted.last_day
        assert not found.moves or found.moves[-1].after == found.due


def test_printed_in_the_reckoning_note(tmp_path: Path) -> None:
    desk = stayed_lengthened_corrected()
    state = desk.case.state()
    note = explained_note(state, courses(state, Shipped(), (EXECUTE,)), Shipped(), date(2021, 12, 6))
    assert [each.key for each in note.deadlines] == [EXECUTE] and not note.draft
    text = text_of(note)
    for words in (
        "对期限的影响",
        "自2021-11-01中止（中止执行）",
        "若不更正，则为2022-05-09",
        "戊院长（人民法院）",
    ):
        assert words in text, words
    assert Typesetter(font_folders(())).render(note).startswith(b"%PDF")


def test_where_it_may_not_be_written(tmp_path: Path) -> None:
    there = tmp_path / "有了.pdf"
    there.write_bytes(b"")
    for name, what in (("说明.docx", "不是 .pdf"), (str(there), "不覆盖"), ("没有/说明.pdf", "没有文件夹")):
        with pytest.raises(InputError, match=what):
            why.check_out(name)


class Silent:
    """An office whose archive holds nothing."""

    calendars = Shipped()

    @property
    def archive(self) -> Any:
        raise Refusal("没有案卷")


@pytest.mark.parametrize(
    ("source", "error", "what"),
    [("unanswered", Unreachable, "没有工作进程应答"), ("registry", Refusal, "无从说明各期限的由来")],
)
def test_rows_alone_do_not_tell_why(
    source: Any, error: type[Exception], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry holds the days, and not how they came to be: it is said that it cannot be known, not guessed."""

    async def found(office: object, case: str, *, with_state: bool) -> Look:
        return Look(rows(served().case), source)

    monkeypatch.setattr(why, "look", found)
    with pytest.raises(error, match=what):
        asyncio.run(why.why(cast(Office, Silent()), "urging-350421-2021-0007"))


# on the server


@pytest.mark.asyncio(loop_scope="session")
async def test_a_running_case_tells_what_the_desk_told(world: World) -> None:
    desk = stayed_lengthened_corrected()
    played = await play(world, own(desk, 9841))
    assert not played.differences
    office = Office(world.settings, world.client)
    try:
        told = await why.why(office, played.course.opening.case, EXECUTE)
        [on_the_server] = told.courses
        assert on_the_server == course(desk, EXECUTE)
        with pytest.raises(Refusal, match=r"没有期限“L9”.*A1/ct.execute"):
            await why.why(office, played.course.opening.case, "L9")
    finally:
        office.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_sealed_case_tells_the_same_from_its_folder(world: World, tmp_path: Path) -> None:
    case = await sealed_case(world, 9842, tmp_path)
    office = Office(world.settings, world.client)
    try:
        told = await why.why(office, case)
        assert told.source == "" and told.courses
        assert courses(why._sealed(office, case), office.calendars) == told.courses
        with pytest.raises(Refusal, match="无从说明各期限的由来"):
            why._sealed(office, "urging-350481-2021-9843")
    finally:
        office.close()
