"""Whom a letter goes to, as staff name it: found in the jurisdiction file or described on the spot, and checked
by [建议]3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.addressing import against_addressing
from models.bodies import Body, Jurisdiction
from models.body_names import split_names
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.terms import BodyKind
from models.wire import Recipient
from starter.written import Where, Written, named


def read_recipients(
    jurisdiction: Jurisdiction, given: Any, written: Written, where: Where
) -> tuple[list[Body], list[Problem]]:
    """The bodies that a field names, and what is wrong with them.

    A name, several names with “；” between them, a description (name, kind, level, place, superior), or a list
    of these.
    """
    bodies: list[Body] = []
    problems: list[Problem] = []
    for place, each in enumerate(given if isinstance(given, list) else [given]):
        here: Where = (*where, place) if isinstance(given, list) else where
        if not isinstance(each, str | dict):
            problems.append(written.problem(here, "应为单位名称，或一组字段", "写作 - 永安市自然资源局"))
            continue
        for name in split_names(each) if isinstance(each, str) else [each]:
            try:
                bodies.append(jurisdiction.recipient(name))
            except InputError as error:
                problems += [
                    Problem(
                        found.what,
                        found.remedy,
                        field=".".join(part for part in (named(here), found.field) if part),
                        row=written.row((*here, found.field)),
                        file=written.file,
                    )
                    for found in error.problems
                ]
    return bodies, problems


def heirs_in(jurisdiction: Jurisdiction, given: Any) -> list[str]:
    """Of the names that a field gives, which are those of bodies of before a change of agencies, and who they mean now."""
    texts = [
        each.get("name") if isinstance(each, dict) else each
        for each in (given if isinstance(given, list) else [given])
    ]
    names = [name for text in texts if isinstance(text, str) for name in split_names(text)]
    found = ((jurisdiction.what_became(name), jurisdiction.find(name)) for name in names)
    return [passed.in_words(heir) for passed, heir in found if passed is not None and heir is not None]


def check_recipients(
    jurisdiction: Jurisdiction,
    issuer: Body | None,
    bodies: Sequence[Body],
    written: Written,
    where: Where,
    *,
    involved: bool,
) -> list[Problem]:
    """What [建议]3 has against an issuer addressing these bodies by itself; nothing when the issuer is unknown."""
    if issuer is None:
        return []
    return [
        written.problem(where, problem.what, problem.remedy)
        for body in bodies
        for problem in against_addressing(jurisdiction, issuer, body, involved=involved)
    ]


def is_copied_upward(document: Any) -> bool:
    """Whether a document, as it was written, is one of those that the province is sent a copy of."""
    try:
        return DocumentType(str(document).strip()).is_copied_upward
    except ValueError:
        return False


def as_recipient(jurisdiction: Jurisdiction, body: Body) -> Recipient:
    """The body as a letter carries it."""
    return Recipient(
        name=body.name,
        code=body.code,
        is_court=body.kind is BodyKind.COURT,
        is_bound=jurisdiction.is_bound(body),
    )
