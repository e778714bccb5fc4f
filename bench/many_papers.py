"""What came in and went out with the made-up cases: entries to be sorted, the register of incoming papers, the tray, the mails.

As many as such cases have: a paper for each reply, two mails a case, spread over the years; a few were refused or went out twice.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from bench.many_cases import TODAY, Made, cases
from models.dates import at_hour
from models.tables import Kept

_PORTION = 2000
_YEARS = 6 * 365
_STRAYS = 40


def insert(connection: Connection, count: int) -> None:
    """What belongs to the first so many cases, which must be there."""
    chance = random.Random(20211001)
    numbers: dict[tuple[str, int], int] = {}
    made = cases(count)
    while portion := list(islice(made, _PORTION)):
        rows: dict[str, list[dict[str, Any]]] = {
            "incoming": [row for each in portion for row in _papers(chance, each, numbers)],
            "deliveries": [row for each in portion for row in _mails(chance, each)],
        }
        rows["numbers"] = [_number(row) for row in rows["incoming"]]
        for name, below in rows.items():
            if below:
                connection.execute(Kept.metadata.tables[name].insert(), below)
    connection.execute(Kept.metadata.tables["intake"].insert(), list(_tray(chance, count)))


def _papers(
    chance: random.Random, made: Made, numbers: dict[tuple[str, int], int]
) -> Iterator[dict[str, Any]]:
    for letter in made.letters:
        if not letter.replied_on:
            continue
        on = _some_day(chance)
        series = made.case.county, on.year
        numbers[series] = numbers.get(series, 0) + 1
        digest = f"{chance.getrandbits(256):064x}"
        yield {
            "key": f"{digest}@{made.case.case}",
            "case": made.case.case,
            "county": made.case.county,
            "year": on.year,
            "number": numbers[series],
            "received_on": on,
            "sender": letter.recipient,
            "kind": "reply_received",
            "what": "回复",
            "official_no": "",
            "digest": digest,
            "name": "回复.pdf",
            "message_id": "",
            "entered_by": "李四",
            "entered_at": at_hour(on, 10),
        }


def _number(paper: dict[str, Any]) -> dict[str, Any]:
    same = {name: paper[name] for name in ("county", "year", "number", "key")}
    given = {"book": "incoming", "kind": "incoming", "given_at": paper["entered_at"]}
    return {**same, **given, "voided_at": None, "void_reason": "", "voided_by": ""}


def _mails(chance: random.Random, made: Made) -> Iterator[dict[str, Any]]:
    for which in ("issued", "remind"):
        on, drawn = _some_day(chance), chance.random()
        yield {
            "key": f"{made.case.case}/L1/{which}",
            "case": made.case.case,
            "to": [made.case.handler],
            "subject": "【提醒】期限将届满",
            "body": "正文\n",
            "on": on,
            "at": at_hour(on, 9),
            "state": "refused" if drawn < 0.002 else "sent",
            "attempts": 1,
            "last_error": "查无此人" if drawn < 0.002 else "",
            "try_after": None,
            "message_id": "",
            "sent_at": at_hour(on, 9),
            "possibly_twice": drawn > 0.999,
            "address": "",
            "papers": [],
            "channel": "smtp",
            "down_since": None,
            "digest": False,
            "within": "",
            "told": True,
        }


def _tray(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Mostly sorted long ago."""
    for place, made in enumerate(cases(min(count, _STRAYS * 50))):
        on = _some_day(chance)
        yield {
            "id": f"收文-{place}",
            "case": made.case.case,
            "name": "reply_received",
            "content": "{}",
            "paper": "",
            "paper_name": "",
            "why": "案件已经办结",
            "received_at": at_hour(on, 9),
            "received_by": "李四",
            "sorted_at": None if place % 50 == 0 else at_hour(on, 15),
            "sorted_by": "",
            "went_to": "",
            "note": "",
        }


def _some_day(chance: random.Random) -> date:
    return TODAY - timedelta(days=chance.randrange(_YEARS))
