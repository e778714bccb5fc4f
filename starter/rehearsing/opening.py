"""How a published case is opened: its title, matter, clue and procuratorate, as far as its source tells them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from models.messages import Clue, Opening
from models.numbering import CaseId
from models.said.terms import Terms
from models.terms import CaseKind, ClueSource, Matter, Side
from models.wire import Recipient
from starter.rehearsing import words
from starter.rehearsing.outbox import DRAFTER
from starter.rehearsing.published import PublishedCase, PublishedEvent
from starter.rehearsing.recipients import recipients_of

# No place of our own: published cases lie all over the country.
NOWHERE = "000000"

_MATTERS = (
    (re.compile(r"矿|采砂|采石|矸石|砂坑"), Matter.MINERAL_DESTRUCTION),
    (re.compile(r"征收补偿|房屋征收|征迁|棚改|征地"), Matter.LAND_EXPROPRIATION_COMPENSATION),
    (re.compile(r"出让|闲置|竞得"), Matter.STATE_LAND_GRANT),
    (re.compile(r"占[^，。；]{0,8}(?:耕地|农田|黑土)"), Matter.FARMLAND_MISUSE),
    (re.compile(r"耕地|农田|复耕|撂荒"), Matter.FARMLAND_DESTRUCTION),
    (re.compile(r"林地|园地|湿地|草场|临时用地"), Matter.FARMLAND_OCCUPATION),
    (re.compile(r"违建|建房|建厂|厂房"), Matter.ILLEGAL_BUILDING),
)
_SOURCES = (
    (re.compile(r"志愿者"), ClueSource.VOLUNTEER),
    (re.compile(r"12345|热线|工单"), ClueSource.HOTLINE),
    (re.compile(r"审计"), ClueSource.AUDIT),
    (re.compile(r"税务"), ClueSource.TAX),
    (re.compile(r"人大代表|政协委员"), ClueSource.DEPUTY),
    (re.compile(r"网络|留言"), ClueSource.ONLINE_MESSAGE),
    (re.compile(r"媒体"), ClueSource.MEDIA),
    (re.compile(r"遥感|卫星|大数据"), ClueSource.REMOTE_SENSING),
    (re.compile(r"刑事"), ClueSource.CRIMINAL_CASE),
    (re.compile(r"信访|来信|来访|举报"), ClueSource.LETTER_OR_VISIT),
    (re.compile(r"河长|林长"), ClueSource.RIVER_CHIEF_TRANSFER),
    (re.compile(r"镇政府移送"), ClueSource.TOWNSHIP_TRANSFER),
    (re.compile(r"申请监督"), ClueSource.PARTY_APPLICATION),
    (re.compile(r"专项"), ClueSource.CAMPAIGN),
)


def opening(
    case: PublishedCase,
    events: Sequence[PublishedEvent],
    days: Mapping[int, date],
    number: int,
    kind: CaseKind = CaseKind.URGING,
    terms: Terms | None = None,
) -> Opening:
    """The opening of a case whose time begins with the first of `events`; `number` tells the cases of one rehearsal apart."""
    day = days[events[0].number]
    text = f"{case.title}　{case.facts}"
    matter = next((each for pattern, each in _MATTERS if pattern.search(text)), Matter.OTHER)
    clues = [each for each in events if each.word in ("clue_found", "clue_transferred", *words.FILINGS)]
    return Opening(
        case=str(CaseId(kind, NOWHERE, day.year, number)),
        kind=kind,
        terms=terms,
        title=case.title[:200],
        county=NOWHERE,
        procuratorate=_procuratorate(case, events),
        matter=matter,
        matter_reason="来源所载事项" if matter is Matter.OTHER else "",
        clue=Clue(
            source=_source(clues, text), found_on=clues[0].on if clues else None, summary=case.facts[:4000]
        ),
        opened_on=day,
        handler=DRAFTER,
        place=case.place,
    )


def _procuratorate(case: PublishedCase, events: Sequence[PublishedEvent]) -> Recipient:
    named = recipients_of(case.procuratorate) or tuple(
        each.actor for each in events if each.side is Side.PROCURATORATE and each.actor
    )
    return Recipient(name=(named or ("（来源未写明检察院）",))[0][:100])


def _source(clues: list[PublishedEvent], text: str) -> ClueSource:
    told = "；".join(f"{each.actor}{each.note}" for each in clues) or text
    found = next((source for pattern, source in _SOURCES if pattern.search(told)), None)
    if found is not None:
        return found
    moved = any(each.word == "clue_transferred" and each.side is Side.AGENCY for each in clues)
    return ClueSource.AGENCY_TRANSFER if moved else ClueSource.OWN_DUTY
