"""A registry and books with one thing of every sort for the page of the day, and beside each something that is not for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from activities.books import Books, Stray
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.registry import Registry
from models.dates import at_hour
from models.notices import Notice
from models.rows import FactRow
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot

RUN = datetime(2021, 9, 15, tzinfo=UTC)
DAY = date(2021, 11, 15)
"""A Monday; the last working day before it is Friday, 12 November."""


def number(place: int, kind: str = "urging") -> str:
    return f"{kind}-350425-2021-{place:04d}"


def project(database: Database, place: int, case: dict[str, Any] | None = None, **parts: Any) -> str:
    row = case_row(number(place), **{"next_due_on": None, "title": f"第{place}案"} | (case or {}))
    Registry(database).project(snapshot(1, row, **parts), run="r1", run_started_at=RUN)
    return row.case


def fill(database: Database, day: date) -> None:
    """One thing of every sort, of Zhang San's; and beside each something that does not belong on the page."""
    ago, ahead = day - timedelta(days=9), day + timedelta(days=1)

    def deadline(place: int, key: str, case: dict[str, Any] | None = None, **fields: Any) -> None:
        due = fields.get("due_on") if fields.get("state", "running") == "running" else None
        letter = letter_row(
            "L1", number(place), type=fields.pop("type", "suggestion"), state="served", served_on="2021-09-16"
        )
        project(
            database,
            place,
            {"next_due_on": due} | (case or {}),
            deadlines=(deadline_row(key, number(place), **fields),),
            letters=(letter,),
        )

    deadline(1, "L1/jy.reply", {"is_overdue": True}, state="expired", is_overdue=True, due_on=ago)
    deadline(2, "L1/jy.file_up", state="expired", name="报上一级院备案", due_on=ago)
    deadline(3, "L1/jy.reply", due_on=ahead, provisional=True)
    deadline(4, "L1/jy.reply", due_on=day + timedelta(days=30))
    deadline(5, "L1/jy.reply", state="met", due_on=ahead)
    unmatched = FactRow(
        case=number(6), id="收文-1", seq=3, kind="reply_received", happened_on="2021-11-10", recorded_by="李四",
        role="clerk", how="unmatched", what="没有与“甲〔2021〕9号”对应的已制发文书",
    )  # fmt: skip
    project(
        database,
        6,
        {"unmatched": 1},
        facts=(unmatched, unmatched.model_copy(update={"id": "x", "how": "noted"})),
    )
    project(database, 7, letters=(letter_row("L1", number(7)),))
    refused = letter_row("L2", number(8), state="refused_service", official_no="田检建〔2021〕2号")
    project(database, 8, letters=(refused,))
    project(database, 9, {"closed_on": day}, letters=(letter_row("L1", number(9)),))
    project(
        database,
        10,
        letters=(letter_row("L1", number(10), state="replied", replied_on="2021-11-09", replies=1),),
    )
    draft = [letter_row(f"L{each}", number(11), state="drafted", issued_on=None) for each in (1, 2)]
    project(database, 11, letters=tuple(draft))
    project(database, 12, letters=(letter_row("L1", number(12), state="approved", issued_on=None),))
    deadline(
        13,
        f"case/local.look_back/{day}",
        {"closed_on": ago, "stage": "closed"},
        name="回头看",
        party="",
        due_on=day,
    )
    books, book = Books(database), IncomingBook(database)
    books.keep(
        Stray(
            id="收文-9",
            case=number(9),
            name="reply_received",
            content="{}",
            why="案件已经办结",
            received_at=at_hour(day, 9),
        )
    )
    for digest, on in (("a", day - timedelta(days=3)), ("b", ago)):
        paper = Incoming(
            case=number(10),
            digest=digest * 64,
            name="回复.pdf",
            received_on=on,
            sender="大田县自然资源局",
            what="回复",
        )
        book.enter(paper)
    for key, on, state in (
        ("x", day, "refused"),
        ("y", day, "sent"),
        ("z", day - timedelta(days=90), "refused"),
    ):
        _mail(books, f"{number(2)}/L1/{key}", on, state)
    # of another clerk, in another county
    row = case_row(
        number(20).replace("350425", "350481"),
        handler="王五",
        county="350481",
        is_overdue=True,
        title="永安一案",
    )
    late = deadline_row(
        "L1/jy.reply", row.case, state="expired", is_overdue=True, due_on=day - timedelta(days=1)
    )
    letter = letter_row(
        "L1", row.case, type="notification_letter", state="served", served_on="2021-09-16", urged=1
    )
    Registry(database).project(
        snapshot(1, row, deadlines=(late,), letters=(letter,)), run="r1", run_started_at=RUN
    )


def _mail(books: Books, key: str, on: date, state: str) -> None:
    books.add(
        Notice(
            key=key,
            case=number(2),
            to=("张三",),
            subject="【提醒】备案",
            body="正文\n",
            on=on,
            at=at_hour(on, 9),
        )
    )
    books.sending(key, "x@example.gov.cn", channel="smtp")
    if state == "refused":
        books.refused(key, "查无此人")
    else:
        books.sent(key, f"<{key}>")
