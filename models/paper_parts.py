"""What papers are made of: clean text, Chinese dates, and the fields that every paper or letter has.

Text typed by people is cleaned on the way in: line ends are made one kind, and characters nobody can see
(controls, direction marks, zero-width marks) are dropped, so that what is printed is what was read. Nothing
else is changed: names are not normalised, markup is not interpreted.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, ClassVar, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict

from models.dates import EventDate
from models.errors import InputError

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[\t\x1f]")
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DAYS = re.compile(rf"(?<![\w-]){_DAY}(?:/{_DAY})?(?![\d-])", re.ASCII)
_CONTROLS = frozenset({"Cc", "Cf", "Cs"})


def _is_visible(character: str) -> bool:
    code = ord(character)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return unicodedata.category(character) not in _CONTROLS and not is_noncharacter


def _clean_line(text: str) -> str:
    return "".join(filter(_is_visible, _BLANK.sub(" ", text))).strip()


def clean(text: str) -> str:
    """Keep what can be read, one paragraph a line; drop what cannot be seen, and empty lines."""
    lines = (_clean_line(line) for line in _LINE_END.split(text))
    return "\n".join(line for line in lines if line)


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _cleaned_line(value: object) -> object:
    return clean(value).replace("\n", " ") if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_cleaned)]
"""Paragraphs, one a line."""
Line = Annotated[str, BeforeValidator(_cleaned_line)]
"""Words that stay on one line: a name, a number, a title."""


def chinese_date(day: date | EventDate) -> str:
    """2021年9月15日, 2021年9月, 2021年, or 2021年7月9日至2021年7月11日."""
    if isinstance(day, date):
        return f"{day.year}年{day.month}月{day.day}日"
    if day.is_day:
        return chinese_date(day.earliest)
    written = str(day)
    if "/" in written:
        return f"{chinese_date(day.earliest)}至{chinese_date(day.latest)}"
    year, _, month = written.partition("-")
    return f"{int(year)}年{int(month)}月" if month else f"{int(year)}年"


def with_chinese_dates(text: str) -> str:
    """A sentence of the journal with its days as a paper writes them (GB/T 9704 7.3.5.4): 2021年9月15日 for 2021-09-15."""

    def told(days: re.Match[str]) -> str:
        try:
            return chinese_date(EventDate.parse(days[0]))
        except InputError:  # 2021-02-30, as somebody typed it
            return days[0]

    return _DAYS.sub(told, text)


def chinese_number(number: int) -> str:
    """十二 for 12; below 100, beyond which no paper numbers its parts so."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    return (
        (digits[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (digits[ones - 1] if ones else "")
    )


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Contact(Frozen):
    """Whom the recipient may call."""

    department: Line = ""
    person: Line = ""
    phone: Line = ""
    address: Line = ""


class Period(Frozen):
    """A period as it is written into a letter; it is reckoned elsewhere, once receipt is known.

    `length` such as “2个月”; `counted_from` such as “收到本建议书之日起”; `basis` the article it rests on.
    """

    length: Line
    counted_from: Line
    basis: Line = ""


class Advice(Frozen):
    """One thing the recipient is advised to do, and the law it rests on ([建议]16(四))."""

    text: Text
    basis: tuple[Line, ...] = ()


class LetterReference(Frozen):
    """An earlier letter that this paper speaks of. `name` is its Chinese name, such as 检察建议书."""

    name: Line
    internal_number: Line
    official_number: Line | None = None
    issued_on: EventDate | None = None
    served_on: EventDate | None = None


class CoveredCase(Frozen):
    """One of the cases that a 类案检察建议 draws its systemic problem from."""

    number: Line
    name: Line
    finding: Line = ""


class Required(NamedTuple):
    """A field that must be filled before issue: its Chinese name, and the source that asks for it, if any."""

    field: str
    label: str
    source: str = ""


class PaperFields(Frozen):
    """What every paper has. `dated` is 成文日期, given by the case, never by a clock."""

    NAME: ClassVar[str]
    REQUIRED: ClassVar[tuple[Required, ...]] = (
        Required("case_number", "案件编号"),
        Required("internal_number", "内部编号"),
        Required("issuer", "制发单位"),
        Required("dated", "成文日期"),
    )

    case_number: Line = ""
    internal_number: Line = ""
    issuer: Line = ""
    dated: date | None = None
    draft: bool = False
    """A 送审稿: marked as such, its gaps shown in place. Only a draft may have gaps."""

    @property
    def heading(self) -> str:
        """The paper's name as it is printed, broken where the writer broke it."""
        return self.NAME

    @property
    def title(self) -> str:
        """The paper's name on one line, as a reader would call it."""
        return self.heading.replace("\n", "")

    def gaps(self) -> list[Required]:
        """The required fields that are empty."""
        return [required for required in self.REQUIRED if is_empty(getattr(self, required.field))]


def is_empty(value: object) -> bool:
    """Whether a field still has to be filled in; a list is full when it has items, none of them empty."""
    if isinstance(value, Contact):
        return not (value.person and value.phone)
    if isinstance(value, Period):
        return not (value.length and value.counted_from)
    if isinstance(value, tuple):
        return not value or any(is_empty(item) for item in value)
    if isinstance(value, Advice):
        return not value.text
    return value is None or value == ""


class LetterFields(PaperFields):
    """A paper that leaves the house for one recipient. Staff enter the official 文号, perhaps late."""

    REQUIRED = (
        *PaperFields.REQUIRED,
        Required("recipient", "主送单位"),
        Required("contact", "联系人和联系电话"),
    )

    recipient: Line = ""
    official_number: Line | None = None
    contact: Contact | None = None
    remarks: Text = ""
    """其他需要说明的事项 ([建议]16(七))."""
    attachments: tuple[Line, ...] = ()
    copies_to: tuple[Line, ...] = ()
