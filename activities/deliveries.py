"""The deliveries of the books: notices on their way, what became of each attempt, and channels that are out of use.

`queued → sending → sent`. A row is marked before the attempt and after it: one found in `sending` was cut short in between. What
failed is tried again, what was refused for good waits for staff. All moments here are the clock's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, false, not_, true, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from activities.database import Database
from models.bags import PaperRef
from models.dates import CHINA, day_in_china
from models.errors import Problem, Refusal
from models.notices import DIGEST, Notice, digest_notice
from models.tables import CaseTable, DeliveryTable

Channel = Literal["folder", "smtp"]
State = Literal["queued", "sending", "sent", "failed", "refused", "bundled"]

_LONGEST_WAIT = timedelta(hours=1)
_RESTS = timedelta(minutes=1)
_WAITING = ("queued", "failed", "sending")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice and how far it has come.

    `possibly_twice` when it was sent again, or is to be, and nothing could tell whether it had gone out before; `address` is
    what it went to, empty for staff to hand on; `try_after` is when it is tried again.
    """

    notice: Notice
    state: State
    attempts: int
    last_error: str
    message_id: str
    sent_at: datetime | None
    possibly_twice: bool
    address: str
    channel: str
    try_after: datetime | None


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel out of use: since when, when something last went through, how many mails wait, and the last reason."""

    since: datetime
    last_sent: datetime | None
    waiting: int
    why: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that did not arrive: what it went to, why it did not, after how many attempts."""

    notice: Notice
    address: str
    why: str
    attempts: int


class DeliveryBook:
    """The queue and the record of mails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queued(self, limit: int, *, at_once: bool = False) -> Sequence[Notice]:
        """The notices to send now: new ones, those cut short, those that failed a while ago; oldest first.

        One that has been tried more often waits behind the others. `at_once`: without those that wait for a digest.
        """
        waits = and_(col(DeliveryTable.digest), col(DeliveryTable.state) == "queued")
        wanted = (
            select(DeliveryTable)
            .where(
                not_(waits) if at_once else true(),
                col(DeliveryTable.state).in_(_WAITING),
                or_(col(DeliveryTable.try_after).is_(None), col(DeliveryTable.try_after) <= _now()),
            )
            .order_by(col(DeliveryTable.attempts), col(DeliveryTable.at), col(DeliveryTable.key))
            .limit(limit)
        )
        with self._database.reading() as session:
            return [_notice(row) for row in session.exec(wanted)]

    def sending(
        self,
        key: str,
        address: str = "",
        *,
        channel: Channel = "folder",
        tells_what_went_out: bool = False,
        lasts: float = 0.0,
    ) -> None:
        """Mark a notice before the attempt, which lasts so many seconds at most.

        One so marked already was cut short: unless its channel knows what it sent, it may go out twice. Refusal when it has been
        sent, was refused, or is in hand elsewhere.
        """
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state not in _WAITING:
                raise Refusal(Problem(f"通知 {key} 已经发出，或被拒收", "不必再发"))
            if row.state == "sending":
                if row.try_after is not None and row.try_after > _now():
                    raise Refusal(Problem(f"通知 {key} 正在发送", "稍后再看"))
                is_known = tells_what_went_out and row.channel == channel
                row.possibly_twice = row.possibly_twice or not is_known
            row.state, row.address, row.channel = "sending", address, channel
            row.attempts += 1
            row.try_after = _now() + timedelta(seconds=lasts) if lasts else None

    def sent(self, key: str, message_id: str = "") -> None:
        """A notice went out, under this Message-ID."""
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state != "sent":
                row.state, row.message_id, row.sent_at = "sent", message_id, _now()
                row.last_error, row.try_after, row.down_since = "", None, None

    def failed(self, key: str, why: str, *, is_down: bool = False, is_unsure: bool = False) -> None:
        """An attempt failed: the next one is made after a minute, then two, four, up to an hour.

        `is_down`: the channel was out of use; `is_unsure`: it may have gone out nevertheless.
        """
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state == "sending":
                wait = min(timedelta(minutes=2 ** min(row.attempts - 1, 10)), _LONGEST_WAIT)
                row.state, row.last_error, row.try_after = "failed", why, _now() + wait
                row.down_since = (row.down_since or _now()) if is_down else None
                row.possibly_twice = row.possibly_twice or is_unsure

    def refused(self, key: str, why: str) -> None:
        """An attempt was refused for good: it is not tried again until staff say so (`again`)."""
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state == "sending":
                row.state, row.last_error, row.try_after, row.down_since = "refused", why, None, None
                _untold(session, row)

    def put_off(self, key: str, why: str) -> None:
        """The channel was just found out of use: this one is not tried now, nor held against it."""
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state not in _WAITING:
                return
            if row.state != "sending":  # one that was cut short stays so
                row.state, row.last_error = "failed", why
                row.down_since = row.down_since or _now()
                row.channel = "smtp"
            row.try_after = _now() + _RESTS

    def bounced(self, key: str, why: str) -> str:
        """Staff have a mail back that was sent, found by its key or Message-ID: it counts as refused. Answers its key.

        The same again is fine; Refusal for one that was never sent.
        """
        wanted = select(DeliveryTable).where(
            or_(DeliveryTable.key == key, DeliveryTable.message_id == f"<{key.strip('<>')}>"),
            col(DeliveryTable.message_id) != "",
        )
        self._let_in(wanted, Refusal(Problem(f"没有发出过邮件 {key}", "核对标识或 Message-ID", "key")))
        with self._database.writing() as session:
            row = session.exec(wanted).first()
            if row is None or row.state not in ("sent", "refused"):
                raise Refusal(Problem(f"没有发出过邮件 {key}", "核对标识或 Message-ID", "key"))
            row.state, row.last_error = "refused", f"退信：{why}"
            _untold(session, row)
            return row.key

    def undelivered(self, limit: int) -> list[Undelivered]:
        """The notices of cases that were refused or came back, alone or in a digest, and of which their case does not know."""
        mail = aliased(DeliveryTable)
        reached = func.coalesce(mail.state, DeliveryTable.state)
        wanted = (
            select(DeliveryTable, mail)
            .join(mail, col(mail.key) == col(DeliveryTable.within), isouter=True)
            .where(DeliveryTable.case != "", not_(col(DeliveryTable.key).startswith(DIGEST)))
            .where(reached == "refused", not_(col(DeliveryTable.told)))
            .order_by(col(DeliveryTable.at), col(DeliveryTable.key))
            .limit(limit)
        )
        with self._database.reading() as session:
            found = session.exec(wanted).all()
            return [
                Undelivered(_notice(row), (each := carrier or row).address, each.last_error, each.attempts)
                for row, carrier in found
            ]

    def told(self, key: str) -> None:
        """The case of a notice knows that it did not arrive."""
        with self._database.writing() as session:
            _row(session, key).told = True

    def again(self, key: str) -> None:
        """Staff ask for another attempt at once; Refusal for one that was sent, is in hand, or was never queued."""
        self._let_in(select(DeliveryTable).where(DeliveryTable.key == key), _never_queued(key))
        with self._database.writing() as session:
            row = _row(session, key)
            if row.state not in ("failed", "refused", "queued"):
                raise Refusal(Problem(f"通知 {key} 已经发出，或正在发送", "不能再发", "key"))
            row.state, row.try_after, row.digest = "queued", None, False

    def _let_in(self, wanted: SelectOfScalar[DeliveryTable], otherwise: Refusal) -> None:
        """Whoever sees a part of the cases writes of no mail that is out of reach; it is as if there were none."""
        if not self._database.reach.is_whole:
            with self._database.reading() as session:
                if session.exec(wanted).first() is None:
                    raise otherwise

    def bundle(self, at: time) -> int:
        """Make the digests whose hour (in China) has come, of the reminders that wait for it; how many.

        One mail a day for a recipient of an office: what comes after it waits for the next morning.
        """
        with self._database.reading() as session:  # asked every second: whoever writes must not wait for it
            if not _digests(session, at):
                return 0
        with self._database.writing() as session:
            self._database.lock(session, "mingjian.digests")
            made = _digests(session, at)
            for digest, rows in made:
                session.add(DeliveryTable(**queued_row(digest)))
                for row in rows:
                    row.state, row.within = "bundled", digest.key
            return len(made)

    def outage(self) -> Outage | None:
        """Whether the mail server is out of use: something waits for it, and nothing went through since."""
        failed: tuple[ColumnElement[bool], ...] = (
            col(DeliveryTable.channel) == "smtp",
            col(DeliveryTable.state).in_(_WAITING),
            col(DeliveryTable.down_since).is_not(None),
        )
        with self._database.reading() as session:
            last_sent = session.exec(
                select(func.max(DeliveryTable.sent_at)).where(
                    DeliveryTable.channel == "smtp", DeliveryTable.state == "sent"
                )
            ).one()
            if last_sent is not None:
                failed = (*failed, col(DeliveryTable.down_since) > last_sent)
            rows = session.exec(
                select(DeliveryTable).where(*failed).order_by(col(DeliveryTable.down_since)).limit(1)
            )
            first = rows.first()
            if first is None or first.down_since is None:
                return None
            waiting = session.exec(select(func.count()).select_from(DeliveryTable).where(*failed)).one()
            return Outage(first.down_since, last_sent, waiting, first.last_error)

    def add(self, notice: Notice) -> bool:
        """Queue a notice of the house itself, once under its key; whether it is new."""
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.delivery/{notice.key}")
            if session.get(DeliveryTable, notice.key) is not None:
                return False
            session.add(DeliveryTable(**queued_row(notice)))
            return True

    def deliveries(
        self, *, case: str = "", state: str = "", failed: bool = False, limit: int = 100
    ) -> list[Delivery]:
        """Notices with what became of them, the latest first; `failed`: those that wait for another attempt, or for staff.

        Of all cases, digests stand for what is in them; of one `case`, its own notices, each with what became of its digest.
        """
        mail = aliased(DeliveryTable)
        wanted = select(DeliveryTable, mail).join(
            mail, col(mail.key) == col(DeliveryTable.within), isouter=True
        )
        if case:
            of_case = DeliveryTable.case == case
            wanted = wanted.where(of_case, not_(col(DeliveryTable.key).startswith(DIGEST)))
        else:
            wanted = wanted.where(DeliveryTable.state != "bundled")
        reached = func.coalesce(mail.state, DeliveryTable.state)
        if state:
            wanted = wanted.where(reached == state)
        if failed:
            twice = or_(col(DeliveryTable.possibly_twice), func.coalesce(mail.possibly_twice, false()))
            wanted = wanted.where(or_(reached.in_(("failed", "refused")), twice))
        wanted = wanted.order_by(col(DeliveryTable.at).desc(), col(DeliveryTable.key)).limit(limit)
        with self._database.reading() as session:
            return [_delivery(row, carrier) for row, carrier in session.exec(wanted)]


def queued_row(notice: Notice) -> dict[str, Any]:
    """The columns of a notice that is queued."""
    return {
        **notice.__dict__,
        "to": list(notice.to),
        "papers": [
            {"digest": paper.digest, "size": paper.size, "media_type": paper.media_type, "name": paper.name}
            for paper in notice.papers
        ],
        "state": "queued",
        "attempts": 0,
        "last_error": "",
        "try_after": None,
        "message_id": "",
        "sent_at": None,
        "possibly_twice": False,
        "address": "",
        "channel": "",
        "down_since": None,
        "within": "",
        "told": False,
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _row(session: Session, key: str) -> DeliveryTable:
    row = session.get(DeliveryTable, key, with_for_update=True)
    if row is None:
        raise _never_queued(key)
    return row


def _never_queued(key: str) -> Refusal:
    return Refusal(Problem(f"没有排队的通知 {key}", "核对标识", "key"))


def _untold(session: Session, row: DeliveryTable) -> None:
    """Neither its case nor those of what is in it know yet that it did not arrive."""
    row.told = False
    session.connection().execute(
        update(DeliveryTable).where(col(DeliveryTable.within) == row.key).values(told=False)
    )


def _digests(session: Session, at: time) -> list[tuple[Notice, list[DeliveryTable]]]:
    """The digests that are due, with the rows that go into each."""
    wanted = (
        select(DeliveryTable, CaseTable.procuratorate)
        .join(CaseTable, col(CaseTable.case) == col(DeliveryTable.case), isouter=True)
        .where(col(DeliveryTable.digest), DeliveryTable.state == "queued")
        .order_by(col(DeliveryTable.on), col(DeliveryTable.at), col(DeliveryTable.key))
    )
    now = _now()
    today = day_in_china(now)
    latest = today if datetime.combine(today, at, CHINA) <= now else today - timedelta(days=1)
    groups: dict[tuple[date, str], list[DeliveryTable]] = {}
    sent: dict[tuple[date, str], bool] = {}
    for row, office in session.exec(wanted):
        day, to = max(row.on, latest), f"{office or ''}/{'、'.join(row.to)}"
        while sent.setdefault((day, to), session.get(DeliveryTable, _digest_key(day, to)) is not None):
            day += timedelta(days=1)
        if day <= latest:
            groups.setdefault((day, to), []).append(row)
    return [
        (
            digest_notice(
                _digest_key(day, to), day, datetime.combine(day, at, CHINA), [_notice(row) for row in rows]
            ),
            rows,
        )
        for (day, to), rows in groups.items()
    ]


def _digest_key(day: date, to: str) -> str:
    return f"{DIGEST}{day}/{to}"


def _delivery(row: DeliveryTable, carrier: DeliveryTable | None) -> Delivery:
    """A notice with what became of it, or of the digest that carries it."""
    names = set(Delivery.__slots__) - {"notice"}
    return Delivery(notice=_notice(row), **(carrier or row).model_dump(include=names))


def _notice(row: DeliveryTable) -> Notice:
    return Notice(
        key=row.key,
        case=row.case,
        to=tuple(row.to),
        subject=row.subject,
        body=row.body,
        on=row.on,
        at=row.at,
        papers=tuple(PaperRef(**each) for each in row.papers),
        digest=row.digest,
    )
