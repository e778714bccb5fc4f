"""Whom a notice reaches: the e-mail address of a liaison, a handler or a department, and who stands in for a liaison.

An address is of a person in an office, by its code, or of a name alone. Namesakes in two offices are told apart by the office;
what is known of one person is never used for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field

from models.errors import InputError, Problem
from models.roll import Designation, liaison_on
from models.wire import Wire

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Address(Wire):
    """The e-mail address of a name, in an office or (`office` empty) wherever it stands."""

    office: str = ""
    name: str = Field(min_length=1, max_length=100)
    address: str
    entered_by: str
    entered_at: datetime


class Absence(Wire):
    """Days, first and last included, on which a deputy stands in for the liaison of an office."""

    office: str
    person: str = Field(min_length=1, max_length=60)
    deputy: str = Field(min_length=1, max_length=60)
    since: date
    until: date
    entered_by: str
    entered_at: datetime

    def covers(self, day: date) -> bool:
        """Whether the deputy stands in on that day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets a mail: the name as it is written on it, and the address; an empty one where none is known."""

    name: str
    address: str


def is_mail_address(text: str) -> bool:
    """Whether a text can be the address of a mailbox: ASCII, one @, at most 254 characters (RFC 5321, 4.5.3.1)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def check_mail_address(text: str) -> None:
    """InputError for a text that is no address."""
    if not is_mail_address(text):
        raise InputError(Problem(f"“{text}”不是电子邮件地址", "写作 name@example.gov.cn", "address"))


def check_absence(absence: Absence) -> None:
    """InputError with everything that is wrong with an absence."""
    problems = []
    if absence.until < absence.since:
        problems.append(Problem(f"最后一日{absence.until}在首日{absence.since}之前", "改正起止日期", "until"))
    if absence.deputy == absence.person:
        problems.append(Problem(f"{absence.person}不能代自己", "写另一人的姓名", "deputy"))
    if problems:
        raise InputError(problems)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of addresses at one moment."""

    addresses: Sequence[Address]
    designations: Sequence[Designation]
    absences: Iterable[Absence]

    def receiver(self, name: str, *, is_office: bool, office: str, day: date) -> Receiver:
        """Who gets a notice to a name on a day.

        `office` is the code of the body itself when the name is one with a liaison (`is_office`), else of the procuratorate
        whose case it is. A body is reached through its liaison; a liaison who is absent, through the deputy.
        """
        liaison = liaison_on(self.designations, office, day)
        person = liaison.person if liaison is not None and is_office else name
        if liaison is not None and person == liaison.person:
            absence = next(
                (
                    each
                    for each in self.absences
                    if each.office == office and each.person == person and each.covers(day)
                ),
                None,
            )
            if absence is not None:
                return Receiver(
                    f"{absence.deputy}（代{person}）", self._address(absence.deputy, office, not is_office)
                )
        if not is_office:
            return Receiver(name, self._address(name, office, True))
        address = self._address(person, office, False) or self._address(name, "", False)
        return Receiver(f"{name}{person}" if liaison is not None else name, address)

    def _address(self, name: str, office: str, anywhere: bool) -> str:
        """The address of a name in an office; `anywhere`: else that of the name alone."""
        wanted = [office, *([""] if anywhere else [])]
        found = {(each.office, each.name): each.address for each in self.addresses}
        return next((found[place, name] for place in wanted if (place, name) in found), "")
