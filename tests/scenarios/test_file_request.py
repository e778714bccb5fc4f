"""第六条 调阅、复印、查询、协助调查: given by its day, item by item; a refusal goes up, originals go back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.bags import PaperRef
from models.cases.file_requests import FileRequestFile
from models.document_types import DocumentType
from models.said.assistance import FileRequestTerms
from models.stages import FileRequestStage
from models.terms import CaseKind, Stance
from tests.openings import BUREAU, DRAFTER, FORESTRY, HEAD, TOWN, draft, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

SCAN = PaperRef("ab" * 32, 120_000, "application/pdf", "处罚决定书.pdf")
COPY = {"title": "处罚决定书", "pages": 3, "compared_by": ["甲检察官", "丙书记员"], "scan": SCAN}
RAW_COPY = {"title": "勘测笔录", "pages": 5}
ORIGINAL = {"title": "处罚卷（原卷）", "pages": 86, "original": True}


def request(*drafts: DocumentType, **changes: Any) -> PureDesk[FileRequestFile]:
    """A request for the file of a penalty, drafted on 8 September 2021; to be answered by the 24th."""
    fields: dict[str, Any] = {
        "case": "file_request-350421-2021-0001",
        "kind": CaseKind.FILE_REQUEST,
        "title": "调阅雪峰镇占地案处罚卷",
        "opened_on": date(2021, 9, 8),
        "terms": FileRequestTerms(holder=BUREAU.name, files=("雪峰镇占地案处罚卷",)),
    }
    letters = (
        draft(each, id=f"draft-{number}", reply_by=date(2021, 9, 24))
        for number, each in enumerate(drafts or (DocumentType.FILE_REQUEST,), 1)
    )
    return PureDesk(opening(*letters, **(fields | changes)))


def issued(**changes: Any) -> PureDesk[FileRequestFile]:
    desk = request(**changes)
    desk.decide("approve_letter", document="D1")
    desk.decide("issue_letter", document="D1", official_no="明检调卷〔2021〕1号")
    return desk


def served(**changes: Any) -> PureDesk[FileRequestFile]:
    desk = issued(**changes)
    desk.on("2021-09-09").record("letter_served", "2021-09-09", "receipt", letter="L1")
    return desk


@shows("6.1")
def test_a_file_is_given_compared_and_given_back() -> None:
    """依法调阅、复印自然资源行政执法卷宗: by its day, each item listed and digested; the original goes back by its own day."""
    desk = request()
    assert desk.stage() is FileRequestStage.REQUESTED
    desk.decide("approve_letter")
    desk.decide("issue_letter")
    assert "早于请求制发日" in desk.misfit("file_provided", "2021-09-07", items=[COPY])
    desk.on("2021-09-09").record("letter_served", "2021-09-09", letter="L1")
    assert desk.stage() is FileRequestStage.SERVED
    assert desk.due("L1/file.access") == date(2021, 9, 24)
    desk.on("2021-09-22").record(
        "file_provided", "2021-09-22", "given", items=[COPY, RAW_COPY, ORIGINAL], return_by="2021-10-08"
    )
    assert desk.deadline("L1/file.access").days_late == -2
    assert desk.stage() is FileRequestStage.TO_BE_RETURNED
    assert desk.due("case/local.file_return/given") == date(2021, 10, 8)
    paper = desk.papers["files/given"].paper.model_dump_json()
    assert "ab" * 32 in paper and "与原件核对一致（甲检察官、丙书记员）" in paper and "86页，原件" in paper

    refused = desk.refusal("close_case", outcome="provided", reason="已提供")
    assert "原件尚未归还：处罚卷（原卷）" in refused and "尚未与原件核对：勘测笔录" in refused
    assert "只有一人核对" in desk.misfit("copies_compared", "2021-09-22", compared_by=["甲", "甲"])
    assert "没有：处罚决定书" in desk.misfit(
        "copies_compared", "2021-09-22", titles=["处罚决定书"], compared_by=["甲", "丙"]
    )
    desk.record("copies_compared", "2021-09-22", compared_by=["甲检察官", "丙书记员"])
    assert "没有待核对" in desk.misfit("copies_compared", "2021-09-22", compared_by=["甲", "丙"])
    assert "早于提供日" in desk.misfit("file_returned", "2021-09-21")
    desk.on("2021-09-29").record("file_returned", "2021-09-29")
    assert desk.stage() is FileRequestStage.RETURNED
    assert desk.deadline("case/local.file_return/given").met_on is not None
    assert "没有待归还" in desk.misfit("file_returned", "2021-09-29")
    desk.decide("close_case", outcome="provided", reason="已提供", look_back_on=["2021-12-29"])
    assert desk.stage() is FileRequestStage.CLOSED
    desk.on("2021-12-29").record("looked_back", "2021-12-29", held=False)
    assert desk.stage() is FileRequestStage.REVISIT
    desk.decide("file_away", reason="另行调卷")
    assert desk.stage() is FileRequestStage.ARCHIVED


@shows("6.1")
def test_a_query_is_answered_by_letter() -> None:
    """查询相关信息: the answer is the reply itself; 收悉, or difficulties, give nothing, and leave the day running."""
    desk = request(DocumentType.QUERY_LETTER)
    desk.decide("approve_letter")
    desk.decide("issue_letter")
    desk.on("2021-09-09").record("letter_served", "2021-09-09", letter="L1")
    for stance in (Stance.ACKNOWLEDGED, Stance.AGREED, Stance.DIFFICULTIES):
        desk.record("reply_received", "2021-09-09", letter="L1", stance=stance)
        assert desk.stage() is FileRequestStage.SERVED
        assert desk.running == ["L1/file.access"]
    desk.on("2021-09-17").record(
        "reply_received", "2021-09-17", letter="L1", stance=Stance.PROVIDED, summary="地类：水田"
    )
    assert desk.stage() is FileRequestStage.PROVIDED
    assert desk.deadline("L1/file.access").days_late == -7
    desk.decide("close_case", outcome="provided", reason="已答复")
    assert desk.stage() is FileRequestStage.ARCHIVED


@shows("6.2")
def test_an_inquiry_is_made_together() -> None:
    """依法开展调查核实和收集证据工作，应当予以配合: help is asked for by letter, given in the field, followed as tasks."""
    desk = request(DocumentType.INQUIRY_HELP_LETTER)
    desk.decide("approve_letter")
    desk.decide("issue_letter")
    desk.on("2021-09-09").record("letter_served", "2021-09-09", letter="L1")
    task = {"id": "勘测", "what": "共同勘测", "kind": "task", "owner": "王科长", "due_on": "2021-09-23"}
    desk.decide("add_item", item=task)
    desk.on("2021-09-20").record(
        "meeting_held", "2021-09-20", form="field_work", topic="共同勘测地块", attended=["王科长", "甲检察官"]
    )
    desk.record("item_progressed", "2021-09-20", item="勘测", milestone="done")
    desk.record("file_provided", "2021-09-20", items=[{**COPY, "title": "勘测成果"}])
    assert desk.stage() is FileRequestStage.PROVIDED
    assert desk.running == []


def test_given_on_the_spot_and_entered_before_its_receipt() -> None:
    """The file came back with the messenger: the receipt is entered later, and the period it starts is met already."""
    desk = issued()
    desk.on("2021-09-10").signal("file_provided", "2021-09-09", "given", items=[COPY])
    assert desk.stage() is FileRequestStage.PROVIDED
    desk.record("letter_served", "2021-09-09", letter="L1")
    assert desk.deadline("L1/file.access").met_on is not None
    # A fact before its cause: given back before it was known to be given.
    early = served()
    assert early.signal("file_returned", "2021-09-09").how == "unmatched"
    early.record("file_provided", "2021-09-09", items=[ORIGINAL])
    assert early.stage() is FileRequestStage.RETURNED


@shows("6.2")
def test_silence_is_urged_and_then_put_before_the_chief() -> None:
    """应当予以配合: the day passes, the holder is urged; the chief procurator decides how it is made known ([公规]45)."""
    desk = served()
    desk.on("2021-09-23")
    act: dict[str, Any] = {"letter": "L1", "measure": "circulate", "to": "三明市自然资源局", "reason": "逾期"}
    assert "既未逾期" in desk.refusal("act_on_refusal", **act)
    # 2021-09-24, a Friday, passes; the 25th is the first day after it.
    desk.on("2021-09-27")
    assert desk.stage() is FileRequestStage.OVERDUE and desk.is_overdue()
    desk.decide("urge", letter="L1")
    assert "L1/urged-1" in desk.papers
    assert "由检察长" in desk.refusal("act_on_refusal", by=HEAD, **act)
    assert "须写明向谁" in desk.refusal("act_on_refusal", **(act | {"to": ""}))
    assert "须写明理由" in desk.refusal("act_on_refusal", **(act | {"reason": ""}))
    assert "没有对应" in desk.refusal("act_on_refusal", **(act | {"letter": "L9"}))
    assert "尚未处理" in desk.refusal("close_case", outcome="refused", reason="不提供")
    desk.decide("act_on_refusal", **act)
    assert desk.stage() is FileRequestStage.OVERDUE
    # Given after all, on 30 September: six days late, and the case goes on as if given.
    desk.on("2021-09-30").record("file_provided", "2021-09-30", items=[COPY])
    assert desk.deadline("L1/file.access").days_late == 6
    assert desk.stage() is FileRequestStage.PROVIDED and not desk.is_overdue()
    assert "没有拒绝" in desk.refusal("close_case", outcome="refused", reason="不提供")


@pytest.mark.parametrize(
    "stance", [Stance.REFUSED, Stance.DECLINED, Stance.NOT_ADOPTED, Stance.NOT_COMPETENT]
)
def test_a_refusal_in_writing(stance: Stance) -> None:
    """Answered in time, and nothing given: the same decision; a suggestion to the holder or its superior ([行监]67)."""
    desk = served()
    desk.on("2021-09-16").record(
        "reply_received", "2021-09-16", letter="L1", stance=stance, summary="案卷涉密"
    )
    assert desk.stage() is FileRequestStage.REFUSED and not desk.is_overdue()
    assert "没有全部提供" in desk.refusal("close_case", outcome="provided", reason="完成")
    assert "不是部分提供" in desk.refusal("close_case", outcome="partly_provided", reason="完成")
    desk.decide("act_on_refusal", measure="suggest", to=BUREAU.name, reason="未标密级，理由不成立")
    desk.decide("act_on_refusal", measure="other", reason="约谈")
    assert desk.stage() is FileRequestStage.REFUSED
    desk.decide("close_case", outcome="refused", reason="已提出检察建议")
    assert desk.stage() is FileRequestStage.ARCHIVED


def test_each_provision_has_a_list_of_its_own() -> None:
    """What came first and what came later are listed apart: each list bears a name of its own, and keeps it."""
    desk = served()
    desk.on("2021-09-20").record("file_provided", "2021-09-20", "p1", items=[COPY], withheld=["会审纪要"])
    desk.on("2021-09-22").record("file_provided", "2021-09-22", "p2", letter="L1", items=[ORIGINAL])
    names = {order: desk.papers[order].name for order in ("files/p1", "files/p2")}
    assert len(set(names.values())) == 2
    assert all(name.startswith("案卷材料接收清单-") for name in names.values())
    desk.correct("p1")
    desk.on("2021-09-23").record("file_provided", "2021-09-23", "p3", letter="L1", items=[RAW_COPY])
    assert desk.papers["files/p3"].name not in names.values()


def test_given_in_part() -> None:
    """What is kept back is named with its reason; what comes later completes it, though it is entered first."""
    desk = served()
    desk.on("2021-09-20").record(
        "file_provided", "2021-09-20", items=[COPY], withheld=["会审纪要：称属内部材料"]
    )
    assert desk.stage() is FileRequestStage.PARTLY_PROVIDED
    assert "没有全部提供" in desk.refusal("close_case", outcome="provided", reason="完成")
    settled = served()
    settled.on("2021-09-20").record("file_provided", "2021-09-20", items=[COPY], withheld=["纪要：内部"])
    settled.decide("close_case", outcome="partly_provided", reason="其余与本案无关")
    assert settled.stage() is FileRequestStage.ARCHIVED

    desk.on("2021-09-28").record("file_provided", "2021-09-28", items=[{**COPY, "title": "会审纪要"}])
    desk.record("reply_received", "2021-09-22", letter="L1", stance=Stance.PARTLY_PROVIDED)
    assert desk.stage() is FileRequestStage.PROVIDED


def test_several_requests_side_by_side() -> None:
    """File and query, each with its own answer; what most needs doing says where the case stands."""
    desk = request(DocumentType.FILE_REQUEST, DocumentType.QUERY_LETTER)
    for document in ("D1", "D2"):
        desk.decide("approve_letter", document=document)
        desk.decide("issue_letter", document=document)
    desk.on("2021-09-09")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-09", letter=letter)
    assert "对应多份请求" in desk.misfit("file_provided", "2021-09-09", items=[COPY])
    desk.record("file_provided", "2021-09-09", letter="L1", items=[COPY])
    assert desk.stage() is FileRequestStage.SERVED
    desk.on("2021-09-10").record("reply_received", "2021-09-10", letter="L2", stance=Stance.PARTLY_PROVIDED)
    assert desk.stage() is FileRequestStage.PARTLY_PROVIDED
    # To the same body by name: the first upon which nothing was given.
    desk.record("file_provided", "2021-09-10", letter=BUREAU.name, items=[RAW_COPY])
    assert list(desk.case.provisions) == ["L1", "L2"]


def test_a_request_that_is_taken_back() -> None:
    """The file turned up elsewhere: the request is withdrawn, its day stops, the case ends without one."""
    desk = served()
    assert "尚未撤回" in desk.refusal("close_case", outcome="cancelled", reason="不需要")
    desk.decide("withdraw_letter", letter="L1", reason="已另行取得")
    assert desk.running == []
    assert desk.stage() is FileRequestStage.REQUESTED
    desk.decide("close_case", outcome="cancelled", reason="已另行取得")


def test_originals_are_watched_by_the_provision_they_came_with() -> None:
    """Two loans with days of their own: one is met when its last original is back; the other runs out, and staff are told."""
    desk = served()
    second = {**ORIGINAL, "title": "勘测卷"}
    desk.on("2021-09-10").record(
        "file_provided", "2021-09-10", "one", items=[ORIGINAL, second], return_by="2021-09-29"
    )
    desk.on("2021-09-13").record(
        "file_provided", "2021-09-13", "two", items=[{**ORIGINAL, "title": "征收卷"}], return_by="2021-09-17"
    )
    assert desk.stage() is FileRequestStage.TO_BE_RETURNED
    desk.on("2021-09-22")
    late = [tick for tick in desk.ticks if tick.kind == "fell_due"]
    assert [tick.deadline for tick in late] == ["case/local.file_return/two"]
    desk.record("file_returned", "2021-09-22", titles=["处罚卷（原卷）"])
    assert "没有：勘测" in desk.misfit("file_returned", "2021-09-22", titles=["勘测"])
    assert "case/local.file_return/one" in desk.running
    desk.record("file_returned", "2021-09-22", titles=["勘测卷", "征收卷"])
    assert desk.running == []
    assert desk.deadline("case/local.file_return/two").days_late == 5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"items": [COPY, COPY]}, "已列"),
        ({"items": [{**COPY, "compared_by": ["甲检察官"]}]}, "只有一人核对"),
        ({"items": [{**COPY, "compared_by": ["甲检察官", "甲检察官"]}]}, "只有一人核对"),
        ({"items": [{**ORIGINAL, "compared_by": ["甲", "丙"]}]}, "原件不必核对"),
        ({"items": [COPY], "return_by": "2021-10-08"}, "没有原件"),
        ({"items": [ORIGINAL], "return_by": "2021-09-01"}, "早于提供日"),
        ({"items": [COPY], "letter": FORESTRY.name}, "没有对应"),
        ({"items": [COPY], "on": "2021-12-01"}, "在将来"),
    ],
)
def test_what_cannot_have_been_given_so(fields: dict[str, Any], said: str) -> None:
    """Copies are compared by two, originals not at all; a title stands for one thing; a day of return needs an original."""
    desk = served()
    assert said in desk.misfit("file_provided", **({"on": "2021-09-09"} | fields))


def test_a_request_says_by_when() -> None:
    """[意见]6 has no number of days: the request itself must state its day, ahead of us; another paper need not."""
    desk = request()
    asked: dict[str, Any] = {"document": "file_request", "recipients": [TOWN.model_dump()]}
    assert "没有写明何日前提供" in desk.refusal("draft_letter", by=DRAFTER, **asked)
    assert "不在今后" in desk.refusal("draft_letter", by=DRAFTER, reply_by=date(2021, 9, 1), **asked)
    assert desk.refusal("draft_letter", by=DRAFTER, **(asked | {"document": "letter"})) == ""
    assert "不制发" in desk.refusal("draft_letter", by=DRAFTER, **(asked | {"document": "clue_return"}))
    within = {"amount": 10, "unit": "working_days"}
    desk.decide("draft_letter", by=DRAFTER, reply_within=within, **asked)
    for document in ("D1", "D2"):
        desk.decide("approve_letter", document=document)
        desk.decide("issue_letter", document=document)
    desk.on("2021-09-15").record("letter_served", "2021-09-15", letter="L2")
    # W10 from 2021-09-15, over mid-autumn and the two worked weekends: 09-29.
    assert desk.due("L2/file.access") == date(2021, 9, 29)


def test_what_a_request_is_opened_with() -> None:
    """Who holds the file, and which file."""
    desk = request(terms=FileRequestTerms())
    problems = "".join(map(str, desk.case.against_opening()))
    assert "保管案卷的单位" in problems and "调阅、查询什么" in problems
    assert request().case.against_opening() == []
