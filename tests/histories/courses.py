"""The courses that are recorded: each brings a case to one place where cases wait for long, or to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.openings import notification_opening
from tests.world import Case, World, awaiting_reply

Course = Callable[[World], Awaitable[Case]]


async def drafted(world: World) -> Case:
    """A draft waits for approval."""
    return await world.open(notification_opening(9001))


async def awaiting(world: World) -> Case:
    """Served, one reminder sent."""
    case = await awaiting_reply(world, 9002)
    await case.pass_days(50)
    return case


async def overdue_and_escalated(world: World) -> Case:
    """Several recipients; one silent, urged and reported upward; a fact corrected, one kept for sorting."""
    recipients = [{"name": "永安市自然资源局", "code": "350481-nr"}, {"name": "某镇人民政府"}]
    draft = {
        "id": "draft-1",
        "by": {"name": "甲", "role": "procurator"},
        "document": "suggestion",
        "recipients": recipients,
        "objection_within": {"amount": 15},
    }
    case = await world.open(notification_opening(9003, letters=[draft]))
    await case.decide("approve_letter", "approve-1")
    await case.decide("issue_letter", "issue-1", official_no="明检建〔2021〕5号")
    await case.record("letter_served", "served-1", on="2021-09-15", letter="L1")
    await case.record("letter_served", "served-2", on="2021-09-14", letter="L2", keep=True)
    await case.decide(
        "correct",
        "correct-1",
        fact="served-2",
        reason="误录",
        replacement={
            "kind": "letter_served",
            "id": "served-2",
            "on": "2021-09-15",
            "letter": "L2",
            "by": {"name": "甲", "role": "clerk"},
        },
    )
    await case.signal("reply_received", "reply-x", on="2021-09-15", letter="不知何处")
    await case.pass_days(75)
    await case.record("reply_received", "reply-1", on="2021-11-20", letter="L1", stance="partly_adopted")
    await case.decide("assess_reply", "assess-1", letter="L1", substance="partly")
    await case.decide("urge", "urge-1", letter="L2")
    await case.decide("escalate", "escalate-1", letter="L2", rung="superior_procuratorate")
    return case


async def continued_and_filed(world: World) -> Case:
    """Continued as new on the way, closed, looked back upon, filed away."""
    case = await awaiting_reply(world, 9004)
    await case.handle.signal("renew")
    await case.record("reply_received", "reply-1", on="2021-09-15", stance="adopted")
    await case.decide("assess_reply", "assess-1", substance="put_right")
    await case.decide(
        "close_case", "close-1", outcome="rectified", reason="已整改", look_back_on=["2021-12-15"]
    )
    await case.pass_days(95)
    await case.record("looked_back", "back-1", on="2021-12-15", held=True)
    await case.handle.result()
    return case


COURSES: dict[str, Course] = {
    "drafted": drafted,
    "awaiting": awaiting,
    "escalated": overdue_and_escalated,
    "filed": continued_and_filed,
}
