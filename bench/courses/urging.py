"""The reference case of urging: one 告知函 to one bureau.

Opened with its draft, issued by the chief procurator, served, reminded twice, answered, assessed, closed without a look-back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from bench.course import DRAFTER, DUE, STAGE, Course, Step, Strike, Timer, decision, fact

URGING = Course(
    kind="urging",
    what="urging: one 告知函 to one bureau",
    opened_on=date(2021, 9, 15),
    opening={
        "title": "某镇某村硬化耕地案",
        "matter": "farmland_misuse",
        "clue": {"source": "remote_sensing"},
        "letters": [
            {
                "id": "draft-1",
                "by": DRAFTER,
                "document": "notification_letter",
                "recipients": [{"name": "永安市自然资源局", "code": "350481-nr", "is_bound": True}],
                "text": {
                    "subject": "督促履行耕地保护职责",
                    "facts": "2021年7月，某村村民未经批准硬化耕地1.2亩建设停车场，至今未恢复。",
                    "illegality": "未依法查处非法占用耕地行为",
                    "legal_basis": ["《中华人民共和国土地管理法》第七十七条"],
                    "advice": ["依法查处并督促恢复耕种条件", "加强日常巡查"],
                    "contact_person": "甲",
                    "contact_phone": "0598-0000000",
                },
            }
        ],
    },
    steps=(
        # The watch on service does not fall due.
        Step(
            "issue",
            decision("issue_letter", "2021-09-15"),
            shows=(STAGE, DUE),
            papers=1,
            timer=Timer.ANEW,
        ),
        # Reminded fourteen and three days ahead; the due day itself does not come.
        Step(
            "service",
            fact("letter_served", "2021-09-15"),
            shows=(STAGE, DUE),
            timer=Timer.ANEW,
            strikes=(
                Strike(datetime(2021, 11, 1, 1, tzinfo=UTC)),
                Strike(datetime(2021, 11, 12, 1, tzinfo=UTC)),
            ),
        ),
        Step(
            "reply",
            fact("reply_received", "2021-11-12", summary="已全部复耕并验收"),
            after=2,
            shows=(STAGE, DUE),
            timer=Timer.STOPPED,
        ),
        Step("assessment", decision("assess_reply", "2021-11-12", substance="put_right")),
        Step("closing", decision("close_case", "2021-11-12", outcome="rectified", reason="整改到位")),
    ),
    events=70,
)
