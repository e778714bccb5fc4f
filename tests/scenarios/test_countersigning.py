"""会签 ([公文]22): a joint circular is signed by all who issue it before it goes out, and signed anew when it is changed."""

from __future__ import annotations

from typing import Any

from models.cases.liaison import LiaisonExchangeFile
from models.countersigning import signatures_awaited
from models.decisions import DECISIONS
from models.document_types import DocumentType
from models.general_papers import GeneralLetter
from models.status import details
from models.terms import Role
from models.wire import LetterText, Person
from tests.openings import BUREAU, CHIEF, COURT, DRAFTER, HEAD, TEXT, draft, opening
from tests.pure_desk import PureDesk
from tests.scenarios.test_liaison_exchange import OURS, THEIRS, exchange

OFFICE, RESEARCH = "建宁县自然资源局", "法律政策研究室"
Desk = PureDesk[LiaisonExchangeFile]


def drafted(**changes: Any) -> Desk:
    """A circular of both offices, approved, which our own research office is to sign too."""
    desk = exchange().on("2021-10-08")
    fields: dict[str, Any] = {
        "by": DRAFTER,
        "document": "circular",
        "recipients": (OURS, THEIRS),
        "joint_issuers": [OFFICE],
        "reply_by": "2021-10-29",
        "countersigners": [RESEARCH],
    }
    desk.decide("draft_letter", **(fields | changes))
    desk.decide("approve_letter")
    return desk


def sign(desk: Desk, organ: str, id: str = "", **fields: Any) -> None:
    desk.record("countersigned", "2021-10-08", id, organ=organ, signer="庚局长", **fields)


def test_a_joint_circular_goes_out_when_all_have_signed_it() -> None:
    """Whoever has not signed is named; a stranger's signature does not fit, nor a second one, nor one after the issue."""
    desk = drafted()
    assert f"D1 尚未经{OFFICE}、{RESEARCH}会签" in desk.refusal("issue_letter")
    assert f"- D1 情况通报待{OFFICE}、{RESEARCH}会签" in details(desk.case)
    assert f"可选：{OFFICE}、{RESEARCH}" in desk.misfit(
        "countersigned", "2021-10-08", organ="林业局", signer="辛"
    )
    assert "没有待会签的文书“D9”" in desk.misfit(
        "countersigned", "2021-10-08", organ=OFFICE, signer="庚局长", document="D9"
    )
    assert "在将来" in desk.misfit("countersigned", "2021-10-09", organ=OFFICE, signer="庚局长")
    sign(desk, OFFICE, document="D1", opinion="同意")
    assert "已会签" in desk.misfit("countersigned", "2021-10-08", organ=OFFICE, signer="庚局长")
    refusal = desk.refusal("issue_letter")
    assert f"尚未经{RESEARCH}会签" in refusal and OFFICE not in refusal
    assert list(signatures_awaited(desk.case.letters)) == [f"D1 情况通报待{RESEARCH}会签"]
    sign(desk, RESEARCH)
    assert [each.awaited_signatures for each in desk.case.letters] == [(), ()]
    desk.decide("issue_letter", official_no="建检会〔2021〕2号")
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter) and paper.joint_issuers == (OFFICE,)
    assert "待会签的文书" in desk.misfit("countersigned", "2021-10-08", organ=OFFICE, signer="庚局长")


def test_a_signature_of_the_former_draft_is_none_of_the_revised_one() -> None:
    desk = drafted().on("2021-10-12")
    desk.decide("revise_draft", by=DRAFTER, text=LetterText(facts="更正办案数据"))
    misfit = desk.misfit("countersigned", "2021-10-08", organ=OFFICE, signer="庚局长")
    assert "在 D1 修改或者退回（2021-10-12）以前" in misfit
    assert desk.misfit("countersigned", "2021-10-11", organ=OFFICE, signer="庚局长")
    desk.record("countersigned", "2021-10-12", organ=OFFICE, signer="庚局长")
    assert {each.awaited_signatures for each in desk.case.letters} == {(RESEARCH,)}


def test_what_is_revised_or_given_back_is_signed_anew() -> None:
    """What was signed is the draft as it read; a changed one needs each signature again."""
    desk = drafted()
    for organ in (OFFICE, RESEARCH):
        sign(desk, organ)
    desk.decide("revise_draft", by=DRAFTER, text=LetterText(facts="更正办案数据"))
    assert f"D1 情况通报待{OFFICE}、{RESEARCH}会签" in signatures_awaited(desk.case.letters)
    sign(desk, OFFICE)
    desk.decide("return_draft", reason="数据有误")
    desk.decide("approve_letter")
    assert f"尚未经{OFFICE}、{RESEARCH}会签" in desk.refusal("issue_letter")
    for organ in (OFFICE, RESEARCH):
        sign(desk, organ)
    desk.decide("issue_letter")
    assert desk.letter("L2").issued_on is not None


def test_a_signature_that_was_recorded_wrongly_is_corrected() -> None:
    """Struck out, the draft waits for it again; what had meanwhile gone out stays so."""
    desk = drafted(countersigners=[])
    sign(desk, OFFICE, "signed")
    desk.correct("signed")
    assert f"尚未经{OFFICE}会签" in desk.refusal("issue_letter")
    sign(desk, OFFICE, "again")
    desk.decide("issue_letter")
    desk.correct("again")
    assert desk.letter().issued_on is not None and desk.letter().countersignatures == []


def test_what_was_issued_before_signatures_were_recorded_stays_issued() -> None:
    """The door asks, the fold does not; what went out long ago is entered without."""
    desk = drafted()
    issue = {"kind": "issue_letter", "id": "released", "by": CHIEF}
    assert "会签" in str(desk.ask(DECISIONS.validate_python(issue))[0])
    assert desk.take(DECISIONS.validate_python(issue)).how == "applied"
    assert desk.letter().issued_on is not None

    earlier = drafted()
    earlier.decide("issue_letter", known_on="2021-08")
    assert earlier.letter().issued_on is not None


def test_a_suggestion_is_ours_alone_and_one_of_our_offices_may_have_to_sign_it() -> None:
    """检察建议书 bears one name ([建议]7); which department must see it the draft says."""
    desk = exchange().on("2021-10-08")
    letter: dict[str, Any] = {"document": "letter", "recipients": [BUREAU], "text": TEXT}
    desk.decide("draft_letter", by=DRAFTER, **letter, countersigners=[RESEARCH])
    desk.decide("approve_letter")
    assert f"尚未经{RESEARCH}会签" in desk.refusal("issue_letter")


def test_a_suggestion_is_decided_upon_by_the_chief_procurator() -> None:
    """[建议]15: the head of a department may look it over, but neither he nor a procurator sends it out; a 告知函 he may."""
    desk = PureDesk(opening(draft()))
    desk.decide("approve_letter", by=HEAD)
    for by in (HEAD, Person(name="己检察官", role=Role.PROCURATOR)):
        assert "D1 尚未由检察长或者检察委员会决定" in desk.refusal("issue_letter", by=by)
    desk.decide("revise_draft", by=DRAFTER, text={"facts": "耕地上堆放砂石"})
    desk.decide("approve_letter")
    desk.decide("revise_draft", by=DRAFTER, text={"facts": "耕地上堆放弃土"})
    desk.decide("approve_letter", by=HEAD)
    assert "检察委员会决定" in desk.refusal("issue_letter", by=HEAD), "what he decided upon was another text"
    desk.decide("return_draft", by=HEAD, reason="再核实")
    desk.decide("approve_letter", by=Person(name="检察委员会", role=Role.PROCURATORIAL_COMMITTEE))
    desk.decide("issue_letter", by=HEAD)
    assert desk.letter().issued_on == desk.case.opening.opened_on

    plain = PureDesk(opening(draft(DocumentType.NOTIFICATION_LETTER)))
    plain.decide("approve_letter", by=HEAD)
    plain.decide("issue_letter", by=HEAD)
    assert plain.letter().issued_on is not None


def test_the_chief_procurator_may_sign_what_a_head_of_department_approved() -> None:
    """Deciding and signing are one act of his; so it is with a suggestion to a court ([行监]113)."""
    desk = PureDesk(opening(draft(DocumentType.COURT_SUGGESTION, recipients=(COURT,))))
    desk.decide("approve_letter", by=HEAD)
    assert "检察委员会决定" in desk.refusal("issue_letter", by=HEAD)
    desk.decide("issue_letter", by=CHIEF)
    assert desk.letter().issued_on is not None
