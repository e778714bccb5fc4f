"""收文簿: every incoming paper under a number of its own, given without gaps as the numbers of our papers are.

The number belongs to the paper's digest and the case it came for: a paper that is given in again, or whose entering broke off,
has the one it was given. Number and entry are made in one transaction.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, col, or_, select

from activities.numbers import NumberBook, numbered_as
from models.dates import day_in_china
from models.errors import Problem, Refusal
from models.numbering import CaseId
from models.tables import CaseTable, FactTable, IncomingTable, NumberTable, PaperTable

INCOMING = "incoming"
"""The series of incoming papers: one for each county and year of entering."""


CASE_TAKEN_OVER = "case_taken_over"
"""The kind of line for a filed case that another house handed over: its voucher is the digest, its papers need no line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What is entered of an incoming paper. `kind` and `what`: as which fact it was recorded, and its gist."""

    case: str
    digest: str
    name: str
    received_on: date
    sender: str = ""
    kind: str = ""
    what: str = ""
    official_no: str = ""
    message_id: str = ""
    entered_by: str = ""

    @property
    def key(self) -> str:
        """What its number belongs to."""
        return f"{self.digest}@{self.case}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A line of the register."""

    paper: Incoming
    county: str
    year: int
    number: int
    entered_at: datetime
    voided_at: datetime | None = None
    void_reason: str = ""
    voided_by: str = ""

    def __str__(self) -> str:
        return numbered_as(self.county, INCOMING, self.year, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnumbered:
    """A paper in the registry that is in no register: another system sent it into its case."""

    case: str
    county: str
    digest: str
    name: str
    kind: str
    what: str
    happened_on: str
    recorded_by: str


class IncomingBook(NumberBook):
    """The register of incoming papers. Every method raises Unreachable when the database does not answer."""

    def enter(self, paper: Incoming) -> Entered:
        """Enter a paper; the line it has when it was entered before. Refusal for a case id that is none."""
        parts = CaseId.parse(paper.case)
        if parts is None:
            raise Refusal(f"“{paper.case}”不是案件编号")
        now = datetime.now(UTC)
        year = day_in_china(now).year
        with self._database.writing() as session:
            self._database.lock(session, f"mingjian.incoming/{paper.key}")
            held = session.exec(
                select(IncomingTable).where(
                    IncomingTable.digest == paper.digest, IncomingTable.case == paper.case
                )
            ).first()
            if held is None and (moved := session.get(IncomingTable, paper.key)) is not None:
                other = f"案件 {moved.case}" if self._database.reach.is_whole else "另一案件"
                raise Refusal(Problem(f"这份材料已转入{other}，不得再记入 {paper.case}", "核对案件编号"))
            if held is None:
                connection = session.connection()
                number = self._number_within(connection, "incoming", parts.county, INCOMING, year, paper.key)
                held = IncomingTable(
                    key=paper.key,
                    county=parts.county,
                    year=year,
                    number=number,
                    entered_at=now,
                    **asdict(paper),
                )
                session.add(held)
                session.flush()
            return _entered(held, _number_of(session, held))

    def moved(self, digest: str, before: str, now: str) -> None:
        """A paper that was entered for one case has gone to another; its number stays."""
        with self._database.writing() as session:
            for row in session.exec(
                select(IncomingTable).where(IncomingTable.digest == digest, IncomingTable.case == before)
            ):
                row.case = now

    def known(self, *, digest: str = "", message_id: str = "", beyond_walls: bool = False) -> list[Entered]:
        """The lines of a paper, by its digest, or of a mail's papers, by its Message-ID; in order of entering."""
        wanted = select(IncomingTable).where(
            or_(
                col(IncomingTable.digest) == (digest or None),
                col(IncomingTable.message_id) == (message_id or None),
            )
        )
        with self._database.reading(beyond_walls=beyond_walls) as session:
            rows = session.exec(wanted.order_by(col(IncomingTable.entered_at), col(IncomingTable.key)))
            return [_entered(row, _number_of(session, row)) for row in rows.all()]

    def entered(self, *, county: str = "", year: int | None = None, kind: str = "") -> list[Entered]:
        """The register in order, void numbers included; `kind` is that of the fact."""
        wanted = (
            select(IncomingTable, NumberTable)
            .join(
                NumberTable, (col(NumberTable.key) == IncomingTable.key) & (col(NumberTable.book) == INCOMING)
            )
            .order_by(col(IncomingTable.county), col(IncomingTable.year), col(IncomingTable.number))
        )
        if county:
            wanted = wanted.where(IncomingTable.county == county)
        if year is not None:
            wanted = wanted.where(IncomingTable.year == year)
        if kind:
            wanted = wanted.where(IncomingTable.kind == kind)
        with self._database.reading() as session:
            return [_entered(row, number) for row, number in session.exec(wanted)]

    def unnumbered(self, *, county: str = "") -> list[Unnumbered]:
        """The papers that came to their cases by another way than the script, by case and order."""
        entered = (
            select(IncomingTable.key)
            .where(IncomingTable.digest == PaperTable.digest, IncomingTable.case == PaperTable.case)
            .exists()
        )
        came_whole = select(IncomingTable.case).where(IncomingTable.kind == CASE_TAKEN_OVER)
        wanted = (
            select(PaperTable, FactTable, CaseTable.county)
            .join(CaseTable, col(CaseTable.case) == PaperTable.case)
            .join(
                FactTable,
                (col(FactTable.case) == PaperTable.case) & (col(FactTable.id) == PaperTable.order),
            )
            .where(PaperTable.direction == "in", ~entered, col(PaperTable.case).not_in(came_whole))
            .order_by(col(PaperTable.case), col(PaperTable.position))
        )
        if county:
            wanted = wanted.where(CaseTable.county == county)
        with self._database.reading() as session:
            return [
                Unnumbered(
                    case=paper.case,
                    county=place,
                    digest=paper.digest,
                    name=paper.name,
                    kind=fact.kind,
                    what=fact.what,
                    happened_on=fact.happened_on,
                    recorded_by=fact.recorded_by,
                )
                for paper, fact, place in session.exec(wanted)
            ]


def _number_of(session: Session, row: IncomingTable) -> NumberTable:
    name = ("incoming", row.county, INCOMING, row.year, row.number)
    number = session.get(NumberTable, name)
    assert number is not None  # entered in one transaction, and never deleted
    return number


def _entered(row: IncomingTable, number: NumberTable) -> Entered:
    paper = Incoming(**{name: getattr(row, name) for name in Incoming.__slots__})
    return Entered(
        paper=paper,
        county=row.county,
        year=row.year,
        number=row.number,
        entered_at=row.entered_at,
        voided_at=number.voided_at,
        void_reason=number.void_reason,
        voided_by=number.voided_by,
    )
