"""The address book: e-mail addresses and absences in the books, and whom a notice reaches today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from activities.database import Database
from activities.roll import RollBook
from models.addresses import Absence, Address, Known, Receiver, check_absence, check_mail_address
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.errors import Problem, Refusal
from models.roll import offices
from models.tables import AbsenceTable, AddressTable, CaseTable

_LOCK = "mingjian.addresses"


def _today() -> date:
    return day_in_china(datetime.now(UTC))


class AddressBook:
    """Addresses and absences. Every method raises Unreachable when the database does not answer.

    `jurisdiction` answers with the one of the moment: a name of before means whoever goes on with the duty.
    """

    def __init__(
        self,
        database: Database,
        jurisdiction: Callable[[], Jurisdiction],
        *,
        today: Callable[[], date] = _today,
    ) -> None:
        self._database = database
        self._jurisdiction = jurisdiction
        self._today = today

    def addresses(self) -> list[Address]:
        """All addresses, by office and name."""
        with self._database.reading() as session:
            return _addresses(session)

    def enter(self, address: Address) -> bool:
        """Enter the address of a name, in place of the one before; whether anything changed."""
        return self.enter_all([address])[0]

    def enter_all(self, addresses: Sequence[Address]) -> list[bool]:
        """Enter addresses, all or none; of each whether anything changed."""
        for each in addresses:
            check_mail_address(each.address)
        with self._database.writing() as session:
            self._database.lock(session, _LOCK)
            return [_enter(session, each) for each in addresses]

    def remove(self, name: str, office: str = "") -> str:
        """Take out the address of a name; answers what it was. Refusal when there is none."""
        with self._database.writing() as session:
            held = session.get(AddressTable, (office, name))
            if held is None:
                raise Refusal(Problem(f"没有登记“{name}”的地址", "见 mingjian addresses", "name"))
            session.delete(held)
            return held.address

    def absences(self) -> list[Absence]:
        """All absences that were entered, by office and first day."""
        with self._database.reading() as session:
            return _absences(session)

    def enter_absence(self, absence: Absence) -> None:
        """Enter who stands in for a liaison; the one of the same office from the same day is replaced.

        InputError for days in the wrong order; Refusal when another absence of the office has a day of it.
        """
        check_absence(absence)
        with self._database.writing() as session:
            self._database.lock(session, _LOCK)
            for each in _absences(session):
                at_once = each.since <= absence.until and absence.since <= each.until
                if each.office == absence.office and each.since != absence.since and at_once:
                    raise Refusal(
                        Problem(
                            f"{each.since}至{each.until}已由{each.deputy}代{each.person}",
                            "错开日期；要改短的，以原来的首日再登记一次",
                            "since",
                        )
                    )
            session.merge(AbsenceTable(**absence.model_dump()))

    def receiver(self, name: str, case: str) -> Receiver:
        """Who gets a notice of a case to a name today; one without an address is reached by staff."""
        with self._database.reading() as session:
            row = session.get(CaseTable, case) if case else None
            known = Known(_addresses(session), RollBook.read(session), _absences(session))
        codes = {
            known_as: office.code
            for office in offices(self._jurisdiction())
            for known_as in (*office.former_names, office.name)
        }
        is_office = name in codes
        own = codes.get(row.procuratorate, "") if row is not None else ""
        office = codes[name] if is_office else own
        return known.receiver(name, is_office=is_office, office=office, day=self._today())


def _enter(session: Session, address: Address) -> bool:
    held = session.get(AddressTable, (address.office, address.name))
    if held is not None and held.address == address.address:
        return False
    session.merge(AddressTable(**address.model_dump()))
    return True


def _addresses(session: Session) -> list[Address]:
    wanted = select(AddressTable).order_by(col(AddressTable.office), col(AddressTable.name))
    return [Address.model_validate(row.model_dump()) for row in session.exec(wanted)]


def _absences(session: Session) -> list[Absence]:
    wanted = select(AbsenceTable).order_by(col(AbsenceTable.office), col(AbsenceTable.since))
    return [Absence.model_validate(row.model_dump()) for row in session.exec(wanted)]
