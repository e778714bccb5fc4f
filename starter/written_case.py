"""The fields of a case file, as staff write them."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model

from models.document_types import DocumentType
from models.messages import Clue, Link
from models.reach import Level
from models.said.terms import Terms
from models.terms import CaseKind, Matter, Relation
from models.wire import Item, LetterText, Period, Person, Phrase


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenLetter(_Strict):
    """A letter to be drafted with the opening; `involved`: the recipient is the unit of the very case ([建议]3)."""

    document: DocumentType
    recipients: tuple[Any, ...] = Field(min_length=1)
    involved: bool = False
    by: Person | None = None
    text: LetterText = LetterText()
    urgent: bool = False
    reply_within: Period | None = None
    objection_within: Period | None = None
    reply_by: date | None = None
    copies_to: tuple[Phrase, ...] | None = None
    attachments: tuple[Phrase, ...] = ()
    joint_issuers: tuple[Phrase, ...] = ()
    countersigners: tuple[Phrase, ...] = ()


class WrittenLink(_Strict):
    """A tie to another case, of this site or (`elsewhere`) of another system: what it is to the new one."""

    relation: Relation
    case: str = Field(min_length=1, max_length=100)
    elsewhere: bool = False


class WrittenCase(_Strict):
    """The fields of a case file. `number` is the office's own number of the case, if it has one."""

    number: str = Field(default="", max_length=100)
    title: str = Field(min_length=1, max_length=200)
    county: str
    procuratorate: str = ""
    matter: Matter
    matter_reason: str = Field(default="", max_length=2000)
    clue: Clue
    opened_on: date | None = None
    handler: Person
    liaison: str = Field(default="", max_length=100)
    place: str = Field(default="", max_length=200)
    parties: tuple[str, ...] = ()
    area_m2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    items: tuple[Item, ...] = ()
    letters: tuple[WrittenLetter, ...] = ()
    links: tuple[WrittenLink, ...] = ()
    remind_agency: bool = False
    level: Level = Level.ORDINARY

    @property
    def tied(self) -> tuple[Link, ...]:
        """Its ties, each of which the other case is to be told."""
        return tuple(
            Link(relation=each.relation, case=each.case, elsewhere=each.elsewhere) for each in self.links
        )

    @property
    def asked(self) -> Terms | None:
        """What the kind of case asks besides, where it asks anything."""
        return getattr(self, "terms", None)


_TERMS: dict[str, type[BaseModel]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Terms)[0])
}


@cache
def written_case(kind: CaseKind) -> type[WrittenCase]:
    """The fields of a case file of that kind; its own stand under `terms`."""
    terms = _TERMS.get(kind.value)
    if terms is None:
        return WrittenCase
    return create_model(f"Written_{kind.value}", __base__=WrittenCase, terms=(terms, terms()))
