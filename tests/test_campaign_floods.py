"""A campaign of five thousand cases: attached one by one by signal, carried over, counted in the registry; none is lost."""

from __future__ import annotations

import asyncio
from datetime import date
from time import process_time

import pytest

from models.cases.campaigns import CampaignFile
from models.chain import weight
from models.dates import EventDate, at_hour
from models.facts import ReplyReceived
from models.journal import FULL, CaseState
from models.kinds import restored
from models.messages import Opening
from models.said.campaigns import CaseAttached
from models.said.links import CaseLinked
from models.terms import CaseKind, Relation
from tests.openings import CLERK, draft, opening
from tests.pure_desk import PureDesk
from tests.world import World, another_run, within

MANY = 5_000
EARLY = 4_500
"""So many come before the first task: enough for the case to continue as new."""
DAY = EventDate.on(date(2021, 9, 1))
CASES = [f"enforcement-350481-2020-{number:04d}" for number in range(1, MANY + 1)]


def campaign(number: int) -> Opening:
    return opening(
        case=f"campaign-350400-2021-{number:04d}", kind=CaseKind.CAMPAIGN, title="违法占用耕地查处专项行动"
    )


def attached(state: CaseState) -> list[str]:
    return list(restored(state).attached.standing)  # type: ignore[attr-defined] # a campaign


def test_five_thousand_signals_fit_the_journal() -> None:
    """Whether by hand or because each case was opened under the campaign and says so."""
    by_hand = CaseAttached(id=f"case_attached-{'0' * 12}", on=DAY, by=CLERK, case=CASES[0])
    campaign_number = "campaign-350400-2021-0001"
    by_itself = CaseLinked(
        id=f"{CASES[0]}/linked/opening/{campaign_number}",
        on=DAY,
        by=CLERK,
        relation=Relation.CHILD,
        case=CASES[0],
    )
    assert weight(by_hand) < 300
    assert MANY * max(weight(by_hand), weight(by_itself)) < FULL


def test_thousands_of_strays_cost_a_message_next_to_nothing() -> None:
    """Each message would try them all again, and a task in which five hundred come would never end in its two seconds."""
    desk: PureDesk[CampaignFile] = PureDesk(campaign(1))
    noon, began = at_hour(date(2021, 9, 15), 12), process_time()
    for n in range(2_500):
        desk.case.take(ReplyReceived(id=f"stray-{n}", on=DAY, by=CLERK, letter="不知何处"), noon)
    for n, number in enumerate(CASES[:2_500]):
        desk.case.take(CaseAttached(id=f"attached-{n}", on=DAY, by=CLERK, case=number), noon)
    again = restored(desk.carried())
    assert process_time() - began < 4  # it was a minute and a half
    assert len(again.unmatched) == 2_500 and attached(again.state()) == CASES[:2_500]


def test_all_that_waited_for_a_letter_is_entered_when_it_comes() -> None:
    """However much that is, and in the order in which it came; what waits for something else does not stand in its way."""
    desk = PureDesk(opening(draft()))
    for n in range(160):
        letter = "L1" if n < 120 else "不知何处"
        if n >= 120 and n % 2:
            letter = "L1"
        desk.signal("reply_received", desk.case.opening.opened_on, f"r-{n}", letter=letter)
    desk.decide("approve_letter", letter="L1")
    desk.decide("issue_letter", letter="L1")
    assert len(desk.letter().replies) == 140
    assert [reply.fact for reply in desk.letter().replies][:2] == ["r-0", "r-1"]
    assert len(desk.case.unmatched) == 20


@pytest.mark.asyncio(loop_scope="session")
async def test_a_campaign_of_five_thousand_cases_loses_none(world: World) -> None:
    """Most come while nobody works, and the case continues as new because so many have; the rest while it is renewed."""
    away = world.aside("campaign")
    case = await away.open(campaign(9001))
    facts = [
        CaseAttached(id=f"attached-{n}", on=DAY, by=CLERK, case=number) for n, number in enumerate(CASES)
    ]

    async def tell(first: int, last: int) -> None:
        await asyncio.gather(*(case.handle.signal("fact", fact) for fact in facts[first:last]))

    for begin in range(0, EARLY, 500):
        await tell(begin, begin + 500)
    before = (await case.handle.describe()).run_id
    async with away.worker(), within(60):
        run = await another_run(case, before)
        await asyncio.gather(tell(EARLY, EARLY + 250), case.handle.signal("renew"), tell(EARLY + 250, MANY))
        await another_run(case, run)
        await case.decide("count_progress", "count-1")
        while "挂接5000件" not in (await case.status()).facts[-1].what:
            await asyncio.sleep(0.1)
        state = await case.state()
    assert sorted(attached(state)) == CASES
    assert len(state.entries) == MANY + 2
