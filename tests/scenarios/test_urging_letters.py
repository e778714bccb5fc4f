"""Letters on their way: recipients, approval, issue, service, objection; what each kind of document brings with it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.document_types import DocumentType
from models.documents import ClassSuggestion
from models.errors import Refusal
from models.said.links import CaseTold
from models.stages import UrgingStage
from models.terms import LetterState, ServiceMode, Stance, Substance
from models.wire import Period
from tests.openings import (
    BUREAU,
    CHIEF,
    COURT,
    DRAFTER,
    FORESTRY,
    HEAD,
    OBJECTION,
    TEXT,
    TOWN,
    UNIVERSITY,
    draft,
    opening,
)
from tests.pure_desk import PureDesk, issued, served
from tests.scenarios.shows import shows


def test_several_recipients_of_any_kind() -> None:
    """One document to a bureau, a township, a forestry bureau and a university: four receipts, periods, replies, assessments."""
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU, TOWN, FORESTRY, UNIVERSITY))
    assert [letter.document for letter in desk.case.letters] == ["D1"] * 4
    desk.on("2021-09-17")
    desk.record("letter_served", "2021-09-15", letter=BUREAU.name)
    desk.record("letter_served", "2021-09-16", letter=TOWN.name)
    desk.record("letter_served", "2021-09-17", letter=FORESTRY.name)
    assert desk.stage() is UrgingStage.SERVING  # the university has not been served yet
    # [建议]19: two months from each one's own receipt; 11-16, 11-17 are a Tuesday and a Wednesday.
    assert [desk.due(f"L{n}/jy.reply") for n in (1, 2, 3)] == [
        date(2021, 11, 15),
        date(2021, 11, 16),
        date(2021, 11, 17),
    ]
    desk.on("2021-10-09").record("letter_served", "2021-10-08", letter=UNIVERSITY.name)
    # 2021-12-08 is a Wednesday.
    assert desk.due("L4/jy.reply") == date(2021, 12, 8)
    assert desk.stage() is UrgingStage.AWAITING_REPLY

    desk.on("2021-10-20").record(
        "reply_received", "2021-10-19", letter=TOWN.name, stance=Stance.NOT_COMPETENT
    )
    desk.decide("assess_reply", letter="L2", substance=Substance.REJECTED)
    desk.on("2021-11-15").record("reply_received", "2021-11-12", letter=BUREAU.name)
    desk.decide("assess_reply", letter="L1", substance=Substance.PUT_RIGHT)
    desk.on("2021-12-20")  # beyond the last due day and its grace for mail
    assert desk.case.overdue_letters == {"L3", "L4"}
    assert [desk.letter(f"L{n}").last_substance for n in (1, 2, 3, 4)] == [
        Substance.PUT_RIGHT,
        Substance.REJECTED,
        None,
        None,
    ]
    late = {row.key: (row.met_on, row.days_late) for row in desk.rows().deadlines if row.rule == "jy.reply"}
    assert late["L1/jy.reply"] == ("2021-11-12", -3)
    assert late["L2/jy.reply"] == ("2021-10-19", -28)
    assert late["L3/jy.reply"] == ("", None)


@shows("3.1")
def test_draft_approval_issue() -> None:
    """Whoever drafted does not approve; the official 文号 is entered by staff ([建议]7), the internal number is ours."""
    desk = PureDesk(opening(draft(DocumentType.SUGGESTION, BUREAU, TOWN)))
    assert desk.stage() is UrgingStage.PENDING_APPROVAL
    assert "不得审批自己起草" in desk.refusal("approve_letter", by=DRAFTER)
    assert "尚未审批" in desk.refusal("issue_letter", by=HEAD)
    assert "尚未审批" in desk.refusal("issue_letter", by=DRAFTER.model_copy(update={"role": CHIEF.role}))

    assert "须写明理由" in desk.refusal("return_draft")
    desk.decide("return_draft", reason="证据不足")
    desk.decide("revise_draft", by=HEAD, text=TEXT.model_copy(update={"harm": "耕作层严重毁坏"}))
    for person in (DRAFTER, HEAD):  # one drafted it, the other changed it
        assert "不得审批自己起草" in desk.refusal("approve_letter", by=person)
    desk.decide("approve_letter", document="D1")
    assert desk.letter("L1").state is LetterState.APPROVED

    # A text changed after approval is not an approved text, though it be one recipient's alone.
    desk.decide("revise_draft", by=DRAFTER, document="L2", text=TEXT)
    assert "尚未审批" in desk.refusal("issue_letter", by=HEAD, document="D1")
    desk.decide("approve_letter", document="D1")

    desk.on("2021-09-15").decide("issue_letter", document="D1", official_no="明检建〔2021〕5号")
    for letter in desk.case.letters:
        assert (letter.issued_on, letter.official_no) == (date(2021, 9, 15), "明检建〔2021〕5号")
        assert letter.internal_no == desk.rows().letters[0].internal_no or letter.id == "L2"
    assert desk.papers["L1/issued"].document == desk.papers["L2/issued"].document == "D1"
    assert desk.papers["L1/issued"].official_no == "明检建〔2021〕5号"
    assert desk.letter("L1").internal_no and desk.letter("L1").internal_no != desk.letter("L1").official_no
    assert desk.stage() is UrgingStage.ISSUED

    desk.decide("draft_letter", by=DRAFTER, document="suggestion", recipients=[FORESTRY], text=TEXT)
    desk.decide("approve_letter", document="D2")
    assert "已用于本案另一文书" in desk.refusal(
        "issue_letter", document="D2", official_no="明检建〔2021〕5号"
    )
    assert "在将来" in desk.refusal("issue_letter", document="D2", on=date(2021, 9, 16))


@pytest.mark.parametrize(
    "mode", [ServiceMode.DIRECT, ServiceMode.POST, ServiceMode.PUBLIC, ServiceMode.ELECTRONIC]
)
def test_each_mode_of_service_starts_the_period(mode: ServiceMode) -> None:
    """[民诉]87-92, [建议]18: however it was received, receipt starts the period ([建议]19)."""
    desk = issued().on("2021-09-18")
    desk.record("letter_served", "2021-09-17", letter="L1", mode=mode)
    service = desk.letter().service
    assert service is not None and service.mode is mode
    assert desk.due("L1/jy.reply") == date(2021, 11, 17)


def test_service_in_every_mode() -> None:
    """Refusal is followed by 留置 ([公规]76); until receipt a watch of our own runs, seven days from issue."""
    desk = issued()
    assert desk.running == ["L1/local.service", "L1/jy.file_up"]
    # 7 days from 2021-09-15 end on Wednesday 09-22, after the Mid-Autumn holiday.
    assert desk.due("L1/local.service") == date(2021, 9, 22)
    with pytest.raises(Refusal, match="留置送达以拒收为前提"):
        desk.record("letter_served", "2021-09-15", letter="L1", mode=ServiceMode.LEFT)
    desk.on("2021-09-23")
    assert [tick.id for tick in desk.ticks if "local.service" in tick.id] == [
        "L1/local.service/due/2021-09-22"
    ]
    assert "送达已于2021-09-22届满" in next(n.subject for n in desk.notices if "送达" in n.subject)
    assert "L1/jy.reply" not in desk.case.deadlines.by_key  # sending starts nothing
    desk.record("service_refused", "2021-09-23", letter="L1")
    assert desk.letter().state is LetterState.REFUSED_SERVICE
    assert desk.stage() is UrgingStage.SERVING
    desk.on("2021-09-24")
    with pytest.raises(Refusal, match="早于拒收日"):
        desk.record("letter_served", "2021-09-22", letter="L1", mode=ServiceMode.LEFT)
    desk.record("letter_served", "2021-09-24", letter="L1", mode=ServiceMode.LEFT)
    assert desk.stage() is UrgingStage.AWAITING_REPLY
    assert desk.due("L1/jy.reply") == date(2021, 11, 24)
    assert desk.deadline("L1/local.service").state == "met"


def test_objection_and_its_review() -> None:
    """[建议]16(五), 23: within the written period; reviewed at once; rejected only with the chief procurator's consent."""
    desk = served()
    # 15 days from 2021-09-15, as the document states: 09-30, a Thursday.
    assert desk.due("L1/jy.objection") == date(2021, 9, 30)
    desk.on("2021-09-28").record("objection_raised", "2021-09-27", "o1", letter="L1", grounds="已经立案查处")
    assert desk.stage() is UrgingStage.OBJECTION_REVIEW
    assert desk.deadline("L1/jy.objection").days_late == -3
    assert desk.due("L1/jy.reply") == date(2021, 11, 15)  # an objection stops no clock
    assert "须报经检察长同意" in desk.refusal(
        "review_objection", by=HEAD, letter="L1", upheld=False, reason="不成立"
    )
    desk.decide("review_objection", letter="L1", upheld=False, reason="立案不等于查处")
    assert desk.stage() is UrgingStage.AWAITING_REPLY
    assert "L1/objection-o1" in desk.papers
    assert "没有待复核的异议" in desk.refusal("review_objection", letter="L1", upheld=True, reason="x")

    upheld = served()
    upheld.on("2021-09-28").record("objection_raised", "2021-09-27", "o1", letter="L1", grounds="主体有误")
    upheld.decide("review_objection", by=HEAD, letter="L1", upheld=True, reason="确属他局职责")
    assert (
        "L1/objection-o1" not in upheld.papers
    )  # an upheld objection is answered by the amendment or the withdrawal
    upheld.decide("withdraw_letter", letter="L1", reason="主体有误")
    assert upheld.stage() is UrgingStage.WITHDRAWN

    with pytest.raises(Refusal, match="没有异议程序"):
        served(DocumentType.NOTIFICATION_LETTER).record("objection_raised", "2021-09-15", letter="L1")


def test_objection_while_overdue() -> None:
    """Raised after expiry it is still to be reviewed at once; the ladder waits for the review, the overdue stays."""
    desk = served().on("2021-11-20")
    assert desk.is_overdue()
    desk.record("objection_raised", "2021-11-19", letter="L1", grounds="无权处理")
    assert desk.stage() is UrgingStage.OBJECTION_REVIEW
    assert desk.is_overdue()
    assert desk.deadline("L1/jy.objection").days_late == 50
    desk.decide("urge", letter="L1")
    assert "有异议待复核" in desk.refusal("escalate", letter="L1", rung="superior_procuratorate")
    desk.decide("review_objection", letter="L1", upheld=False, reason="职责法定")
    assert desk.refusal("escalate", letter="L1", rung="superior_procuratorate") == ""


def test_a_court_objects() -> None:
    """A court's written objection is reviewed within a month ([民监]122 by [行监]135), each for itself."""
    desk = served(draft(DocumentType.COURT_SUGGESTION, COURT)).on("2021-10-08")
    desk.record("objection_raised", "2021-10-08", "o1", letter=COURT.name, grounds="执行行为合法")
    assert desk.due("L1/sup.court_query/o1") == date(2021, 11, 8)
    desk.on("2021-11-09")
    assert "【到期】" in next(n.subject for n in desk.notices if "复查" in n.subject and "已于" in n.subject)
    desk.decide("review_objection", letter="L1", upheld=False, reason="执行有误")
    assert desk.deadline("L1/sup.court_query/o1").days_late == 1


def test_an_id_is_no_file_name() -> None:
    """Whatever a sender calls his message, its paper has a name that can be filed, always the same."""
    desk = served().on("2021-09-28")
    for number, id in enumerate(("../../x", "异" * 200, "a/b", "o1")):
        desk.record("objection_raised", "2021-09-27", id, letter="L1", grounds="无权处理")
        desk.decide("review_objection", letter="L1", upheld=False, reason="不成立")
        name = desk.papers[f"L1/objection-{id}"].name
        assert "/" not in name and len(name.encode()) < 100, number
    digest = hashlib.sha256(b"o1").hexdigest()[:8]
    assert desk.papers["L1/objection-o1"].name == f"L1-异议复核意见书-{digest}.pdf"
    assert len({order.name for order in desk.papers.values()}) == len(desk.papers)


@shows("3.1")
def test_notification_letter_has_its_own_duties() -> None:
    """A 告知函 is no 检察建议: [意见]3 gives its two months; no objection, no filing upward."""
    desk = served(DocumentType.NOTIFICATION_LETTER)
    assert desk.running == ["L1/coop.reply"]
    assert desk.due("L1/coop.reply") == date(2021, 11, 15)


@shows("3.2")
def test_class_suggestion() -> None:
    """类案检察建议 (art. 3): the duties of a 检察建议, filed upward within five days of issue ([建议]21)."""
    desk = issued(draft(DocumentType.CLASS_SUGGESTION))
    # 5 days from 09-15 are 09-20, in the holiday; rolled to 09-22 ([民典]203).
    assert desk.due("L1/jy.file_up") == date(2021, 9, 22)
    desk.on("2021-09-22").record("filed_upward", "2021-09-22", letter="L1")
    assert desk.deadline("L1/jy.file_up").days_late == 0
    desk.record("letter_served", "2021-09-22", letter="L1")
    assert desk.due("L1/jy.reply") == date(2021, 11, 22)
    assert desk.papers["L1/issued"].paper.NAME == "类案检察建议书"


@shows("3.2")
def test_one_letter_covers_many_cases() -> None:
    """A 类案检察建议 draws on other cases: it lists them, each is told and closes by itself; here they are heard to close."""
    covered = [f"urging-350421-2021-{number:04d}" for number in (11, 12, 13)]
    desk = PureDesk(opening(draft(DocumentType.CLASS_SUGGESTION)), others=tuple(covered))
    for case in covered:
        desk.decide("link_case", relation="covers", case=case)
    desk.decide("issue_letter")
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, ClassSuggestion)
    assert [each.number for each in paper.covered_cases] == covered
    told = [e.message for e in desk.case.entries if e.message.kind == "case_told"]
    assert [news.how for news in told if isinstance(news, CaseTold)] == ["told"] * 3
    desk.signal("linked_case_closed", "2021-09-01", case=covered[1], outcome="整改到位")
    assert [tie.outcome for tie in desk.case.links.standing()] == ["", "整改到位", ""]


def test_court_letter() -> None:
    """To a court: three months ([执监]13), no ladder of [建议]25 but follow-up; only a court is written to so."""
    desk = served(draft(DocumentType.COURT_SUGGESTION, COURT))
    assert desk.running == ["L1/ct.reply", "L1/jy.objection"]
    assert desk.due("L1/ct.reply") == date(2021, 12, 15)
    desk.on("2021-12-21")
    assert desk.is_overdue()
    desk.decide("urge", letter="L1")
    assert "不适用[建议]25" in desk.refusal("escalate", letter="L1", rung="superior_agency")
    court: dict[str, Any] = {"document": "suggestion", "recipients": [COURT], "text": TEXT}
    assert "不符" in desk.refusal("draft_letter", **court)
    bureau: dict[str, Any] = {"document": "court_suggestion", "recipients": [BUREAU], "text": TEXT}
    assert "不符" in desk.refusal("draft_letter", **bureau)
    told: dict[str, Any] = {"document": "notification_letter", "recipients": [COURT], "text": TEXT}
    assert "告知函不发给法院" in desk.refusal("draft_letter", **told)


def test_urgent_letter_with_a_written_period() -> None:
    """[建议]19: only an urgent 检察建议 sets its own period; [公释]21 sets fifteen days, and no document another."""
    urgent = draft(urgent=True, reply_within=Period(amount=10, unit="working_days"))
    desk = served(urgent)
    # 10 working days from 2021-09-15: the golden date 09-29, Saturday 18 and Sunday 26 September being worked.
    assert desk.due("L1/jy.reply_urgent") == date(2021, 9, 29)
    ask: dict[str, Any] = {"recipients": [BUREAU], "text": TEXT, "objection_within": OBJECTION}
    assert "须写明回复期限" in desk.refusal("draft_letter", document="suggestion", urgent=True, **ask)
    period = Period(amount=15)
    for document in ("suggestion", "notification_letter", "pre_suit_suggestion"):
        assert "由法律规定" in desk.refusal("draft_letter", document=document, reply_within=period, **ask)
    assert "没有紧急" in desk.refusal("draft_letter", document="notification_letter", urgent=True, **ask)

    pre_suit = served(draft(DocumentType.PRE_SUIT_SUGGESTION, urgent=True))
    assert pre_suit.due("L1/pil.reply_urgent") == date(2021, 9, 30)


def test_second_letter_to_the_same_body() -> None:
    """A receipt named by the body alone is that of the unserved letter, a reply that of the unanswered one."""
    desk = served(DocumentType.NOTIFICATION_LETTER)
    desk.on("2021-10-08").decide(
        "draft_letter", by=DRAFTER, document="suggestion", recipients=[BUREAU], text=TEXT
    )
    desk.decide("approve_letter", document="D2")
    desk.decide("issue_letter", document="D2", official_no="明检建〔2021〕9号")
    desk.on("2021-10-12").record("letter_served", "2021-10-11", letter=BUREAU.name)
    assert desk.due("L1/coop.reply") == date(2021, 11, 15)  # untouched
    # 2021-12-11 is a Saturday: Monday 12-13.
    assert desk.due("L2/jy.reply") == date(2021, 12, 13)
    # A reply of a day before the second letter was out can only answer the first.
    desk.record("reply_received", "2021-10-07", letter=BUREAU.name)
    desk.on("2021-11-30").record(
        "reply_received", "2021-11-29", letter=BUREAU.name, promises=[{"what": "复耕", "by": "2022-03-01"}]
    )
    assert [len(desk.letter(id).replies) for id in ("L1", "L2")] == [1, 1]
    assert [each.letter for each in desk.case.putting_right.undertakings.values()] == ["L2"]
    # A decision must say which.
    assert "对应多份文书" in desk.refusal("urge", letter=BUREAU.name)


def test_upgraded_letter_still_gets_its_reply() -> None:
    """The reply to a replaced 告知函, under its own 文号, is entered with it, and is not lost or laid to the new letter."""
    desk = served(DocumentType.NOTIFICATION_LETTER).on("2021-11-22")
    desk.decide("upgrade_letter", letter="L1", by=DRAFTER, objection_within=OBJECTION)
    assert "已是" in desk.refusal("upgrade_letter", letter="L1")
    desk.decide("approve_letter", document="D2")
    desk.decide("issue_letter", document="D2", official_no="明检建〔2021〕9号")
    assert desk.letter("L2").replaces == "L1"
    assert desk.letter("L1").replaced_by == "L2"
    assert desk.running == ["L2/local.service", "L2/jy.file_up"]
    desk.on("2021-11-25").record("reply_received", "2021-11-12", letter=desk.letter("L1").official_no)
    assert [len(desk.letter(id).replies) for id in ("L1", "L2")] == [1, 0]
    assert desk.deadline("L1/coop.reply").days_late == -3
    assert "不能再升格" in desk.refusal("upgrade_letter", letter="L1")


def test_withdrawn_letter_gets_a_receipt_and_a_reply() -> None:
    """What still comes in to a withdrawn letter is entered, and starts nothing, reminds of nothing."""
    desk = issued()
    desk.on("2021-09-18").decide("withdraw_letter", letter="L1", reason="主体有误")
    assert desk.running == []
    desk.record("letter_served", "2021-09-17", letter=BUREAU.name)
    promise = {"what": "清运", "by": "2021-12-31"}
    desk.on("2021-10-09").record("reply_received", "2021-10-08", letter=BUREAU.name, promises=[promise])
    assert desk.letter().service is not None and len(desk.letter().replies) == 1
    desk.on("2022-03-01")
    assert desk.running == []
    assert desk.ticks == []
    assert not desk.is_overdue()


def test_presumed_service_gives_way_to_the_real_one() -> None:
    """A receipt that was only taken to be the day of issue does not hold against the real one, in either order."""
    for order in ((True, False), (False, True)):
        desk = issued().on("2021-09-30")
        for presumed in order:
            day = date(2021, 9, 15) if presumed else date(2021, 9, 28)
            desk.record("letter_served", day, letter="L1", presumed=presumed)
        # 2021-11-28 is a Sunday.
        assert desk.due("L1/jy.reply") == date(2021, 11, 29)
        assert not desk.letter().served_presumed


def test_a_second_receipt_moves_nothing() -> None:
    """[建议]19: the period runs from receipt, the first one, in whatever order they are recorded."""
    for days in (("2021-09-15", "2021-09-22"), ("2021-09-22", "2021-09-15")):
        desk = issued().on("2021-09-23")
        for day in days:
            desk.record("letter_served", day, letter="L1")
        assert desk.due("L1/jy.reply") == date(2021, 11, 15)


def test_a_day_ends_in_china() -> None:
    """The agenda's moments are UTC: 24:00 of the due day in China is 16:00 UTC ([民典]203)."""
    counted = served().deadline("L1/jy.reply")
    assert counted.due_at == datetime(2021, 11, 15, 16, tzinfo=UTC)
    # three working days for mail: 16, 17, 18 November
    assert counted.overdue_at == datetime(2021, 11, 18, 16, tzinfo=UTC)
