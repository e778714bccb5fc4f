"""The reference case of enforcement: one penalty decision with two items.

Decided, served, demanded, reminded, applied for when the demand has run out; copied to us, accepted, ruled upon, executed,
closed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from bench.course import DUE, STAGE, Course, Step, Strike, Timer, decision, fact

ENFORCEMENT = Course(
    kind="enforcement",
    what="enforcement: one penalty decision with two items",
    opened_on=date(2021, 9, 1),
    opening={
        "title": "吴某厂房占用耕地非诉执行案",
        "matter": "farmland_misuse",
        "clue": {"source": "agency_transfer"},
        "parties": ["吴某"],
        "terms": {
            "kind": "enforcement",
            "agency": "永安市自然资源局",
            "court": "永安市人民法院",
            "decision_no": "永自然资罚〔2021〕3号",
            "penalties": [
                {"id": "拆除", "kind": "demolition", "what": "限十五日内拆除厂房二百平方米"},
                {"id": "罚款", "kind": "fine", "yuan": 19016.76},
            ],
        },
    },
    steps=(
        Step("decision", fact("penalty_decided", "2021-09-01"), shows=(DUE,), timer=Timer.ANEW),
        # Of both items: reminded ahead of fifteen days to pay or sue, ahead of the ten working days of the demand, at their end.
        Step(
            "its service",
            fact("decision_served", "2021-09-01"),
            shows=(DUE,),
            timer=Timer.ANEW,
            strikes=(
                Strike(datetime(2021, 9, 2, 1, tzinfo=UTC), ticks=2),
                Strike(datetime(2021, 9, 12, 1, tzinfo=UTC), ticks=2),
                Strike(datetime(2021, 9, 13, 1, tzinfo=UTC), ticks=2),
                Strike(datetime(2021, 9, 15, 16, tzinfo=UTC), ticks=2),
            ),
        ),
        Step("demand", fact("demand_served", "2021-09-01"), shows=(STAGE, DUE)),
        Step("application", fact("application_filed", "2021-09-16"), after=8),
        Step(
            "copy",
            fact("copy_sent", "2021-09-16", received_on="2021-09-16", papers=["申请书", "催告书"]),
            shows=(),
        ),
        Step("acceptance", fact("application_accepted", "2021-09-16", court_case_no="（2021）闽0481行审5号")),
        Step("ruling", fact("ruling_made", "2021-09-16", granted=["全部"])),
        Step("execution", fact("execution_opened", "2021-09-16", court_case_no="（2021）闽0481执77号")),
        Step(
            "fulfilment",
            fact("penalty_fulfilled", "2021-09-16", items=["全部"], enforcer="court"),
            shows=(STAGE, DUE),
            timer=Timer.STOPPED,
        ),
        Step(
            "closing",
            decision("close_case", "2021-09-16", outcome="enforced", reason="拆除到位，罚款缴清"),
            papers=1,
        ),
    ),
    events=111,
)
