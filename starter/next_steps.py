"""What to type next about something that waits: one command of the script for each, with “…” where staff fill in."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from models.document_types import DocumentType
from models.errors import InputError
from models.kinds import messages_of
from models.rows import CaseRow, DeadlineRow, FactRow, LetterRow
from models.rules import rule
from models.terms import CaseKind, LetterState, ServiceMode
from models.wire import Period, Recipient
from starter.columns import width
from starter.kinds import DECISION_NAMES, FACT_NAMES, decision_kinds, fact_kinds
from starter.strict import bare

OPEN = "…"
"""Stands where staff fill in: a command never makes a date, a finding or a name up."""

Command = tuple[str, ...]

_BY_ANYBODY = ("--by", OPEN)
_BY_OFFICER = ("--by", OPEN, "--role", OPEN)
_BY_PROCURATOR = ("--by", OPEN, "--role", "检察官")
_BY_CHIEF = ("--by", OPEN, "--role", "检察长")
_IN_ONE_WORD = (Recipient, Period)
# What a letter's issue ends begins with its draft: the case says how far that has come.
_NOT_ALONE = ("issue_letter",)
_SUSPICIONS = ("clue", "supervise")


def show(case: str) -> Command:
    """Look into the case first."""
    return ("mingjian", "show", case)


def serve(case: CaseRow, letter: LetterRow) -> Command:
    """Record that a letter was received; one that was refused is left ([民诉]89)."""
    left = letter.state == LetterState.REFUSED_SERVICE.value
    mode = (f"mode={ServiceMode.LEFT.label}",) if left else ()
    about = (f"letter={letter.letter}", *mode, f"on={OPEN}")
    return _record(case.case, "letter_served", *about, "--paper", OPEN, *_BY_ANYBODY)


def assess(case: CaseRow, letter: LetterRow) -> Command:
    """Say what the reply is worth."""
    about = (f"letter={letter.letter}", f"substance={OPEN}")
    return _decide(case.case, "assess_reply", *about, *_BY_PROCURATOR)


def move_on(case: CaseRow, letter: LetterRow) -> Command:
    """Have a draft approved, or issued once it is."""
    document = f"document={letter.document}"
    if letter.state == LetterState.DRAFTED.value:
        return _decide(case.case, "approve_letter", document, *_BY_OFFICER)
    return _decide(case.case, "issue_letter", document, f"official_no={OPEN}", *_BY_OFFICER)


def sort_out(case: CaseRow, fact: FactRow) -> Command:
    """Match what fitted nothing to a letter; without `letter` it is set aside."""
    about = (f"fact={fact.id}", f"letter={OPEN}")
    return _decide(case.case, "sort_out", *about, *_BY_PROCURATOR)


def press(case: CaseRow, row: DeadlineRow, letter: LetterRow | None) -> Command:
    """After silence: urge first, then a 告知函 is upgraded and a 检察建议 reported upward ([意见]3, [建议]24, 25)."""
    known = messages_of(CaseKind(case.kind))
    if letter is None or "urge" not in known:
        return show(case.case)
    about, document = f"letter={letter.letter}", DocumentType(letter.type)
    if document is DocumentType.PRE_SUIT_SUGGESTION:
        return show(case.case)  # [公释]21: whether to sue is reviewed, no urging stands before it
    if not letter.urged:
        return _decide(case.case, "urge", about, *_BY_PROCURATOR)
    if document is DocumentType.NOTIFICATION_LETTER and "upgrade_letter" in known:
        return _decide(case.case, "upgrade_letter", about, *_BY_PROCURATOR)
    if document.is_suggestion and not document.goes_to_court and "escalate" in known:
        return _decide(case.case, "escalate", about, f"rung={OPEN}", *_BY_CHIEF)
    return show(case.case)


def make_good(case: CaseRow, row: DeadlineRow) -> Command:
    """After the end of a period that is not a reply's. A court's or bureau's delay is a suspicion first: the case lists it, with
    what takes it up or sets it aside.
    """
    try:
        is_suspicion = rule(row.rule).expiry.code in _SUSPICIONS
    except InputError:
        return show(case.case)
    return show(case.case) if is_suspicion else meet(case, row)


def meet(case: CaseRow, row: DeadlineRow) -> Command:
    """What ends the period: the fact that is awaited, or the decision that is owed."""
    if row.rule == "local.look_back":
        return _record(case.case, "looked_back", f"on={OPEN}", f"held={OPEN}", *_BY_PROCURATOR)
    try:
        met_by = rule(row.rule).met_by
    except InputError:  # counted by a version of the program that knew more rules
        return show(case.case)
    known = messages_of(CaseKind(case.kind))
    kind = next((each for each in met_by if each in known and each not in _NOT_ALONE), "")
    if kind == "reply_received":
        return (
            *("mingjian", "reply", case.case, "--letter", row.letter or OPEN),
            *("--sent", OPEN, "--paper", OPEN, *_BY_ANYBODY),
        )
    return _about(case.case, kind, row.letter) if kind else show(case.case)


def _about(case: str, kind: str, letter: str) -> Command:
    """The message with what it must say; a template of it where that is more than words."""
    is_fact = kind in fact_kinds()
    model = fact_kinds()[kind] if is_fact else decision_kinds()[kind]
    fields = {name: field for name, field in model.model_fields.items() if name not in ("id", "by", "kind")}
    asked = [name for name, field in fields.items() if field.is_required()]
    say = _record if is_fact else _decide
    if any(_is_more_than_words(fields[name].annotation) for name in asked):
        return say(case, kind, "--template")
    words = [f"letter={letter}"] if letter and "letter" in fields else []
    words += [f"{name}={OPEN}" for name in asked if name != "letter" or not letter]
    return say(case, kind, *words, *(_BY_ANYBODY if is_fact else _BY_OFFICER))


def _is_more_than_words(wanted: Any) -> bool:
    wanted = bare(wanted)
    if get_origin(wanted) is tuple:
        wanted = bare(get_args(wanted)[0])
    return isinstance(wanted, type) and issubclass(wanted, BaseModel) and wanted not in _IN_ONE_WORD


def _record(case: str, kind: str, *words: str) -> Command:
    return ("mingjian", "record", case, FACT_NAMES[kind], *words)


def _decide(case: str, kind: str, *words: str) -> Command:
    return ("mingjian", "decide", case, DECISION_NAMES[kind], *words)


def typed(command: Sequence[str]) -> str:
    """The command as it is typed, in one line."""
    return " ".join(_quoted(word) for word in command)


def typed_within(command: Sequence[str], columns: int, indent: str = "") -> list[str]:
    """The command in lines of at most so many columns that a shell reads as one; a word alone may be longer."""
    lines = [indent + _quoted(command[0])]
    for words in _pairs(command[1:]):
        if width(f"{lines[-1]} {words} \\") > columns:
            lines[-1] += " \\"
            lines.append(f"{indent}  {words}")
        else:
            lines[-1] += f" {words}"
    return lines


def _pairs(words: Sequence[str]) -> Iterator[str]:
    """The words, each option together with its value."""
    option = ""
    for word in map(_quoted, words):
        if option and not word.startswith("--"):
            yield f"{option} {word}"
            option = ""
            continue
        if option:
            yield option
        option = word if word.startswith("--") else ""
        if not option:
            yield word
    if option:
        yield option


def _quoted(word: str) -> str:
    """Quoted only where the shell would read it otherwise: Chinese text and “…” are words as they are."""
    plain = word.isprintable() and not set(word) & set(" \t\n'\"\\$`!&|;<>()[]{}*?~#　")
    return word if word and plain else shlex.quote(word)
