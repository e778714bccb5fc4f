"""The reference case of public interest, before a court is asked: one pre-suit suggestion to one bureau.

Opened with its drafts; filed on Friday and entered on Monday; the notice of it issued and served; the suggestion approved,
issued, served; reminded; answered, followed up on the spot, assessed, closed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from bench.course import DRAFTER, DUE, HEAD, STAGE, Course, Step, Strike, Timer, decision, fact

_BUREAU = {"name": "永安市自然资源局", "code": "350481-nr", "is_bound": True}
_TEXT = {
    "subject": "落实耕地保护监管职责",
    "source": "履职中发现",
    "facts": "某村基本农田上堆放建筑垃圾，面积一千二百平方米",
    "evidence": ["现场勘验笔录", "卫星影像比对"],
    "harm": "耕作层毁坏",
    "illegality": "未依法查处",
    "legal_basis": ["《土地管理法》第七十七条"],
    "advice": ["依法查处违法占地", "督促恢复耕种条件"],
    "contact_person": "甲",
    "contact_phone": "0598-0000000",
}

PUBLIC_INTEREST = Course(
    kind="public_interest",
    what="public interest: one pre-suit suggestion to one bureau",
    opened_on=date(2024, 1, 15),
    opening={
        "title": "建筑垃圾毁坏耕地公益诉讼案",
        "matter": "farmland_destruction",
        "clue": {"source": "remote_sensing"},
        "terms": {
            "kind": "public_interest",
            "agencies": [_BUREAU["name"]],
            "harm": "基本农田被建筑垃圾覆盖",
        },
        "letters": [
            {
                "id": f"draft-{document}",
                "by": DRAFTER,
                "document": document,
                "recipients": [_BUREAU],
                "text": _TEXT,
            }
            for document in ("filing_decision", "pre_suit_suggestion")
        ],
    },
    steps=(
        Step("filing", decision("file_case", "2024-01-12"), shows=(STAGE, DUE), papers=1, timer=Timer.ANEW),
        Step(
            "issue of the notice", decision("issue_letter", "2024-01-15", document="D1"), shows=(), papers=1
        ),
        Step(
            "its service",
            fact("letter_served", "2024-01-15", letter="L1"),
            shows=(DUE,),
            timer=Timer.STOPPED,
        ),
        Step("approval", decision("approve_letter", "2024-01-15", HEAD, document="D2"), shows=()),
        Step(
            "issue",
            decision("issue_letter", "2024-01-15", document="D2"),
            shows=(DUE,),
            papers=1,
            timer=Timer.ANEW,
        ),
        # Reminded of the filing upward, within five days; what else is to come does not.
        Step(
            "service",
            fact("letter_served", "2024-01-15", letter="L2"),
            shows=(STAGE, DUE),
            timer=Timer.ANEW,
            strikes=(Strike(datetime(2024, 1, 19, 1, tzinfo=UTC)),),
        ),
        Step(
            "reply",
            fact("reply_received", "2024-01-19", letter="L2", summary="已清运", stance="adopted"),
            after=1,
        ),
        Step(
            "follow-up",
            fact(
                "site_checked", "2024-01-19", letter="L2", finding="put_right", agrees=True, what="垃圾已清运"
            ),
            shows=(),
            papers=1,
        ),
        Step(
            "assessment", decision("assess_reply", "2024-01-19", letter="L2", substance="put_right"), shows=()
        ),
        Step(
            "closing",
            decision("close_case", "2024-01-19", outcome="rectified", reason="公益损害已经消除"),
            shows=(STAGE, DUE),
            timer=Timer.STOPPED,
        ),
    ),
    events=115,
)
