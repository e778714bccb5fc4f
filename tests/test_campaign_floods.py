"""A campaign of five thousand cases: attached one by one by signal, carried over, counted in the registry; none is lost."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from models.dates import EventDate
from models.journal import FULL, CaseState, weight
from models.kinds import restored
from models.messages import Opening
from models.said.campaigns import CaseAttached
from models.said.links import CaseLinked
from models.terms import CaseKind, Relation
from tests.openings import CLERK, opening
from tests.world import World, within

MANY = 5_000
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


@pytest.mark.asyncio(loop_scope="session")
async def test_a_campaign_of_five_thousand_cases_loses_none(world: World) -> None:
    """They come while nobody works; the case takes them in, and continues as new because so many have come."""
    away = world.aside("campaign")
    case = await away.open(campaign(9001))
    facts = [
        CaseAttached(id=f"attached-{n}", on=DAY, by=CLERK, case=number) for n, number in enumerate(CASES)
    ]
    for first in range(0, MANY, 500):
        await asyncio.gather(*(case.handle.signal("fact", fact) for fact in facts[first : first + 500]))
    first_run = (await case.handle.describe()).run_id
    async with away.worker(), within(60):
        while (await case.handle.describe()).run_id == first_run:
            await asyncio.sleep(0.1)
        await case.decide("count_progress", "count-1")
        while "挂接5000件" not in (await case.status()).facts[-1].what:
            await asyncio.sleep(0.1)
        state = await case.state()
    assert sorted(attached(state)) == CASES
    assert len(state.entries) == MANY + 2
