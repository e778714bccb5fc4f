"""Opening and steering cases: async functions of an office and a command.

Everything is checked before anything is stored or sent; what is given in a batch is refused whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from models.bags import PaperRef
from models.dates import day_in_china
from models.decisions import Correct as Correction
from models.decisions import Decision, DraftLetter
from models.errors import InputError, Problem, Refusal
from models.facts import Fact
from models.messages import Taken
from models.wire import Person
from starter.incoming import enter_papers
from starter.message_files import ToDecide, ToRecord, named_in_turn, read_facts
from starter.message_ids import natural_id, told_apart
from starter.office import PATIENCE, Office, answering, case_id, is_running
from starter.output import counted
from starter.papers import foreseen, keep_paper, with_papers
from starter.recipients import check_recipients
from starter.tray import tray_folder
from starter.trial import Claim, Handle, Trial
from starter.written import Written
from workflows.parts.protocol import Decided, Recorded


class DoesNotFit(Refusal):
    """A fact that does not fit as things stand: it can be kept for sorting, if staff say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record these facts; with `keep` also what does not fit, for sorting. `sender` and `message_id` are those of their mail."""

    case: str
    facts: Sequence[ToRecord]
    keep: bool = False
    sender: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Take these decisions, in their order."""

    case: str
    decisions: Sequence[ToDecide]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Replace fields of a fact, or strike it out (`strike`), with the reason."""

    case: str
    fact: str
    by: Person
    reason: str
    changes: Written = field(default_factory=lambda: Written({}))
    strike: bool = False
    papers: tuple[Path, ...] = ()


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def record(office: Office, command: Record) -> list[Taken]:
    """Record facts by checked updates; DoesNotFit when one does not fit and `keep` is not set.

    Papers are stored once the check has passed, before the message that refers to them. A case that is no
    longer on the desk takes nothing: with `keep` the facts go into the intake tray of the books.
    """
    case = case_id(command.case)
    handle = office.client.get_workflow_handle(case)
    facts = [(given, given.named(case)) for given in command.facts]
    if not await _is_on_desk(office, handle, case):
        if not command.keep:
            raise DoesNotFit(_closed(case))
        return [_put_into_tray(office, case, given, fact, command) for given, fact in facts]
    problems = await _misfits(handle, [(given, _with_papers_to_come(given, fact)) for given, fact in facts])
    if problems and not command.keep:
        raise DoesNotFit(problems)
    answers = []
    for given, fact in counted(facts, len(facts), "记录"):
        first, *enclosures = with_papers(fact, _keep_papers(office, case, given, fact, source=command))
        answers.append(await _record(handle, first, keep=command.keep))
        for each in enclosures:
            await _record(handle, each, keep=command.keep)
    return answers


async def _misfits(handle: Handle, facts: Sequence[tuple[ToRecord, Fact]]) -> list[Problem]:
    """What the case has against the facts as things stand; of several, each after those before it."""
    if len(facts) == 1:
        given, fact = facts[0]
        with answering():
            said: list[str] = await handle.query(
                "check", Recorded(fact=fact), result_type=list[str], rpc_timeout=PATIENCE
            )
        return [Problem(line, row=given.written.row(()), file=given.written.file) for line in said]
    trial = await Trial.of(handle)
    return [problem for given, fact in facts for problem in trial.through(fact, given.written)]


def _with_papers_to_come(given: ToRecord, fact: Fact) -> Fact:
    return next(with_papers(fact, [foreseen(path) for path in given.papers]))


async def _record(handle: Handle, fact: Fact, *, keep: bool) -> Taken:
    with answering():
        answer: Taken = await handle.execute_update(
            "record", Recorded(fact=fact, keep=keep), result_type=Taken, rpc_timeout=PATIENCE
        )
    return answer


def _keep_papers(
    office: Office, case: str, given: ToRecord, fact: Fact, folder: str = "", source: Record | None = None
) -> list[PaperRef]:
    """Keep what came with a fact, in the case's folder or another, and enter it in the register; its papers, without the
    images that its items refer to already.
    """
    folder = folder or case
    by = {"received_by": fact.by.name}
    papers = [keep_paper(office.archive, folder, path, {"fact": fact.id, **by}) for path in given.papers]
    for path in given.scans:
        keep_paper(office.archive, folder, path, {"scan_of": fact.id, **by})
    sender, message_id = (source.sender, source.message_id) if source is not None else ("", "")
    enter_papers(office, case, fact, papers, sender=sender, message_id=message_id)
    return papers


def _put_into_tray(office: Office, case: str, given: ToRecord, fact: Fact, command: Record) -> Taken:
    """The case's own folder is sealed: papers go into the tray's folder of the year."""
    from activities.books import Stray

    now = datetime.now(UTC)
    papers = _keep_papers(office, case, given, fact, tray_folder(now), command)
    first = papers[0] if papers else None
    stray = Stray(
        id=fact.id,
        case=case,
        name=fact.kind,
        content=fact.model_dump_json(),
        paper=first.digest if first else "",
        paper_name=first.name if first else "",
        why="案件已经办结",
        received_at=now,
        received_by=fact.by.name,
    )
    fresh = office.books.keep(stray)
    what = "案件已经办结，放入收件匣，待整理"
    return Taken(id=fact.id, how="unmatched" if fresh else "seen", what=what)


# ── decisions and corrections ────────────────────────────────────────────────────────────────────────────────────────


async def decide(office: Office, command: Decide) -> list[Taken]:
    """Take decisions by checked updates; Refusal, and none is taken, when one does not hold as things stand."""
    case = case_id(command.case)
    handle = office.client.get_workflow_handle(case)
    if not await _is_on_desk(office, handle, case):
        raise Refusal(_closed(case, of_decision=True))
    trial = await Trial.of(handle)
    today = day_in_china(datetime.now(UTC))
    decisions = named_in_turn(command.decisions, case, today, trial.decisions())
    problems = []
    claims: list[Claim | None] = []
    for given, decision in decisions:
        if not (isinstance(decision, DraftLetter) and decision.document.is_general):
            problems += check_recipients(
                office.jurisdiction,
                trial.issuer(office),
                given.addressed,
                given.written,
                ("recipients",),
                involved=given.involved,
            )
        claims.append(trial.claim(decision))
        problems += trial.issuable(decision, given.written, office.calendars.rules.rule)
        problems += trial.extended_from_above(office.jurisdiction, decision, given.written)
        problems += trial.tied(office, decision, given.written)
        problems += trial.through(decision, given.written)
    if problems:
        raise Refusal(problems)
    return await _decide_each(office, handle, [decision for _, decision in decisions], claims)


async def _decide_each(
    office: Office, handle: Handle, decisions: Sequence[Decision], claims: Sequence[Claim | None]
) -> list[Taken]:
    """Send the decisions. A 文号 is held for its document before anything is sent, and given back when it was surely not used:
    when another holds one of them, or the case refuses a decision, all those that have not gone out are free again.
    """
    held: list[Claim] = []
    answers = []
    try:
        for claim in claims:
            if claim is not None:
                office.books.register_official(*claim.named, claim.owner)
                held.append(claim)
        sent = list(zip(decisions, claims, strict=True))
        for decision, claim in counted(sent, len(sent), "决定"):
            if claim is not None:
                # From here on it may be on the letter, also when no answer is heard.
                held.remove(claim)
            try:
                answers.append(await _decide(handle, decision))
            except Refusal:
                if claim is not None:
                    held.append(claim)
                raise
    finally:
        for claim in held:
            office.books.release_official(*claim.named, claim.owner, "制发未成")
    return answers


async def correct(office: Office, command: Correct) -> Taken:
    """Correct a fact; Refusal when it is none, or the corrected one does not fit."""
    case = case_id(command.case)
    handle = office.client.get_workflow_handle(case)
    if not await _is_on_desk(office, handle, case):
        raise Refusal(_closed(case, of_decision=True))
    trial = await Trial.of(handle)
    given = None if command.strike else _replaced(office, command, trial)
    replacement = given.fact if given else None
    today = day_in_china(datetime.now(UTC))
    content = replacement.model_dump_json() if replacement else "strike"
    natural = natural_id(case, "correct", command.fact, content, command.reason, today.isoformat())
    [id] = told_apart([natural], trial.decisions())
    decision = Correction(
        id=id,
        by=command.by,
        reason=command.reason,
        fact=command.fact,
        replacement=replacement,
    )
    problems = trial.through(decision, command.changes)
    if problems:
        raise Refusal(problems)
    if given is not None and replacement is not None:
        papers = _keep_papers(office, case, given, replacement)
        if papers:
            fact = replacement.model_copy(update={"paper": papers[0]})
            decision = decision.model_copy(update={"replacement": fact})
    return await _decide(handle, decision)


def _replaced(office: Office, command: Correct, trial: Trial) -> ToRecord:
    """The fact with the fields changed that were given, and the files that came with them."""
    old = trial.fact(command.fact)
    if old is None:
        raise Refusal(
            Problem(
                f"没有事实“{command.fact}”", f"可更正的事实：{'、'.join(trial.facts()) or '无'}", field="FACT"
            )
        )
    changes = command.changes.value
    if not isinstance(changes, dict) or not (changes or command.papers):
        raise InputError(Problem("没有写明改成什么", "写作 on=2021-09-16；撤销用 --strike", field="FACT"))
    content = old.model_dump(mode="json", exclude={"paper", "kind"}, exclude_defaults=True)
    written = Written(content | changes, command.changes.file, command.changes.rows)
    [found] = read_facts(
        old.kind, written, by=old.by, jurisdiction=office.jurisdiction, papers=command.papers
    )
    return replace(found, fact=found.fact.model_copy(update={"id": old.id, "paper": old.paper}))


async def _decide(handle: Handle, decision: Decision) -> Taken:
    with answering():
        answer: Taken = await handle.execute_update(
            "decide", Decided(decision=decision), result_type=Taken, rpc_timeout=PATIENCE
        )
    return answer


# ── the case as it stands ────────────────────────────────────────────────────────────────────────────────────────────


async def _is_on_desk(office: Office, handle: Handle, case: str) -> bool:
    running = await is_running(handle)
    if running is None and not office.books.known_case(case):
        raise Refusal(Problem(f"没有案件 {case}", "核对案件编号；mingjian list 可以查到", field="CASE"))
    return bool(running)


def _closed(case: str, *, of_decision: bool = False) -> Problem:
    remedy = (
        "有新情况的，另立新案，links 里写 reopens"
        if of_decision
        else "用 --keep 放入收件匣（mingjian tray）待整理；有新情况的，另立新案，links 里写 reopens"
    )
    return Problem(f"案件 {case} 已经办结归档，不再收入", remedy)
