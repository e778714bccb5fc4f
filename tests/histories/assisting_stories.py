"""Recorded courses of what one side does for the other: clue, file request, assistant, the settling of a dispute."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.assistants import AssistantFile
from models.cases.clues import ClueFile
from models.cases.disputes import DisputeFile
from models.cases.file_requests import FileRequestFile
from models.document_types import DocumentType
from models.messages import Link
from models.terms import ClueDirection, Relation
from tests.openings import BUREAU, CLERK, FORESTRY, field
from tests.pure_desk import PureDesk
from tests.scenarios import test_assistant as assistants
from tests.scenarios import test_clue as clues
from tests.scenarios import test_dispute as disputes
from tests.scenarios import test_file_request as requests

REFERRED: dict[str, Any] = {"direction": ClueDirection.BETWEEN_PROCURATORATES}


def clue() -> PureDesk[ClueFile]:
    """From a neighbour: asked above, designated here, taken, the case that was opened from it closes; its sender is told."""
    desk = clues.in_hand(
        **REFERRED,
        sender=clues.NEIGHBOUR.name,
        receiver=clues.OURS,
        case="clue-350421-2021-9211",
        items=(field(),),
    )
    desk.others = (clues.COURSE,)
    desk.decide("review_clue", review_by=date(2021, 9, 30))
    desk.decide("forward_clue", to=clues.SUPERIOR.name, upward=True, reason="地块跨县，请求指定管辖")
    clues.write(desk, "transfer_letter", clues.SUPERIOR)
    desk.on("2021-09-27").record(
        "competence_designated", "2021-09-26", superior=clues.SUPERIOR.name, competent=clues.OURS
    )
    desk.on("2021-09-28").decide("take_clue", into="public_interest", reason="耕地受损，监管未到位")
    desk.correct("signed", "2021-09-13")
    desk.on("2022-03-01").signal("linked_case_closed", "2022-03-01", case=clues.COURSE, outcome="整改到位")
    desk.on("2022-03-09")
    clues.write(desk, "clue_feedback", clues.NEIGHBOUR)
    desk.decide("close_case", outcome="taken", reason="已立案办结", look_back_on=[date(2022, 6, 9)])
    desk.on("2022-06-09").record("looked_back", "2022-06-09")
    return desk


def file_request() -> PureDesk[FileRequestFile]:
    """File and query: late, urged, refused in part, made known above; given, compared, the original back after its day."""
    desk = requests.request(
        DocumentType.FILE_REQUEST, DocumentType.QUERY_LETTER, case="file_request-350421-2021-9213"
    )
    for document in ("D1", "D2"):
        desk.decide("approve_letter", document=document)
        desk.decide("issue_letter", document=document, official_no=f"明检调卷〔2021〕921{document[1]}号")
    desk.on("2021-09-09").record("service_refused", "2021-09-09", letter="L1")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-09", letter=letter)
    desk.on("2021-09-16").record(
        "reply_received", "2021-09-16", letter="L2", stance="refused", summary="案卷涉密"
    )
    desk.on("2021-09-27").decide("urge", letter="L1")
    desk.decide(
        "act_on_refusal", letter="L2", measure="circulate", to="三明市自然资源局", reason="理由不成立"
    )
    desk.on("2021-09-30").record(
        "file_provided",
        "2021-09-30",
        "given",
        letter="L1",
        items=[requests.COPY, requests.RAW_COPY, requests.ORIGINAL],
        return_by="2021-10-15",
    )
    desk.record("copies_compared", "2021-09-30", compared_by=["甲检察官", "丙书记员"])
    desk.record("reply_received", "2021-09-30", letter="L2", stance="provided", summary="地类：水田")
    desk.on("2021-10-18").record("file_returned", "2021-10-18")
    desk.decide("close_case", outcome="provided", reason="已提供", look_back_on=[date(2021, 12, 29)])
    desk.on("2021-12-29").record("looked_back", "2021-12-29", held=False)
    desk.decide("file_away", reason="另行调卷")
    return desk


def assistant() -> PureDesk[AssistantFile]:
    """Appointed, at work on cases, renewed for a second term (the run renewed too), and released within it."""
    desk = assistants.recommended(case="assistant-350421-2021-9214")
    desk.decide("review_candidate")
    desk.on("2021-10-08").decide("appoint_assistant", term=assistants.YEARS)
    assistants.write(desk, "appointment")
    desk.decide("assign_to_case", task="现场勘测", **assistants.FORESTRY_CASE)
    desk.decide("assign_to_case", case="（2021）闽04行初8号", agencies=[FORESTRY.name], elsewhere=True)
    desk.on("2021-11-03").record(
        "consultation_given", "2021-11-03", form="survey", case=assistants.CASE, what="勘测地块", hours=4.5
    )
    desk.on("2022-01-10").signal("linked_case_closed", "2022-01-10", case=assistants.CASE, outcome="整改到位")
    desk.decide("unlink_case", case="（2021）闽04行初8号", reason="误记")
    desk.on("2022-03-01").record("consultation_given", "2022-02", what="说明复垦验收标准", times=2)
    desk.on("2023-09-20").decide("renew_assistant", term=assistants.YEARS, since="2023-10-08")
    desk.carried()
    desk.on("2023-11-01").record("consultation_given", "2023-11-01", what="复垦标准")
    desk.on("2024-05-09").decide("release_assistant", reason="调离原单位")
    assistants.write(desk, "release")
    desk.decide("close_case", outcome="released", reason="已解聘")
    return desk


def dispute() -> PureDesk[DisputeFile]:
    """Beside an enforcement case: planned, heard, failed, agreed upon after all, performed item by item; the parent is told."""
    parent = Link(relation=Relation.PARENT, case=disputes.PARENT, known=True)
    desk = disputes.dispute(parent, case="dispute-350421-2021-9215")
    desk.decide("assess_suitability", suitable=True, reason="双方愿意协商", settle_by="2021-11-01")
    desk.record("party_contacted", "2021-09-01", who="县局法规科", summary="同意重新测量")
    for document, recipient in (("opinion_request", BUREAU), ("help_request", {"name": "池州市人民检察院"})):
        desk.decide(
            "draft_letter",
            by=CLERK,
            document=document,
            recipients=[recipient],
            text={"advice": ["就化解提出意见"]},
            reply_by="2021-09-24",
        )
        desk.decide("issue_letter")
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-01", letter=letter)
    desk.on("2021-09-17").record("reply_received", "2021-09-17", letter="L1", stance="agreed")
    desk.record("reply_received", "2021-09-17", letter="L2", stance="provided", summary="协助找到任某")
    desk.decide("plan_settlement", "plan", plan="现场测量后变更登记", measures=["现场测量", "公开听证"])
    desk.decide("call_meeting", form="hearing", topic="现场丈量", planned_on="2021-10-12")
    desk.on("2021-10-12").record("meeting_held", "2021-10-12", meeting="M1", attended=["社区"], agreed=False)
    desk.on("2021-11-02").record("talks_failed", "2021-11-02", summary="任某反悔")
    withdrawal = {"what": "撤回监督申请", "kind": "withdrawal"}
    disputes.signed(desk, "2021-11-10", disputes.REGISTRATION, disputes.PAYMENT, withdrawal)
    desk.on("2021-11-15").record("item_progressed", "2021-11-15", item="履行2", milestone="paid")
    desk.on("2021-12-06").record("item_progressed", "2021-12-06", item="履行1", milestone="registered")
    desk.record("supervision_withdrawn", "2021-12-06", party="刘某")
    desk.decide("close_case", outcome="settled", reason="履行完毕", look_back_on=[date(2022, 3, 1)])
    desk.on("2022-03-01").record("looked_back", "2022-03-01")
    return desk
