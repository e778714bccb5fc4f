"""The intake tray: what arrived for a case that had left the desk, listed and sorted out by staff."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from temporalio.service import RPCError

from activities.books import Books, Stray
from activities.database import Database
from models.bags import FiledPaper, PaperRef
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.facts import FACTS, Fact
from models.messages import Taken
from models.settings import Settings
from models.wire import Person
from starter.kinds import FACT_NAMES
from starter.office import PATIENCE, Office, answering, is_running
from starter.output import Listing, remark, say_json, show
from starter.papers import scans_of, with_papers
from starter.trial import Handle
from workflows.parts.protocol import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Send a stray into a running case, or set it aside with the reason (one of the two)."""

    stray: str
    by: Person
    into: str = ""
    aside: str = ""


def tray_folder(received_at: datetime) -> str:
    """The folder of the archive that holds the papers of the tray: one for each year."""
    return f"intake-{day_in_china(received_at).year}"


def tell_waiting(settings: Settings, *, as_json: bool) -> int:
    """Print what waits, oldest first; Unreachable when the books do not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        strays = Books(database).waiting()
    if as_json:
        for stray in strays:
            say_json(_as_json(stray))
        return 0
    listing = Listing("编号", "写给", "种类", "收到", "为何在此")
    for stray in strays:
        listing.add(
            stray.id,
            stray.case,
            FACT_NAMES.get(stray.name, stray.name),
            f"{day_in_china(stray.received_at)}\n{stray.received_by}",
            stray.why,
        )
    if strays:
        show(listing)
        remark("转入案件：mingjian tray 编号 --into 案件编号；存查：mingjian tray 编号 --aside 理由")
    else:
        remark("收件匣是空的。")
    return 0


def _as_json(stray: Stray) -> dict[str, Any]:
    return {
        "id": stray.id,
        "case": stray.case,
        "kind": stray.name,
        "content": stray.content,
        "paper": stray.paper or None,
        "why": stray.why,
        "received_at": stray.received_at.isoformat(),
        "received_by": stray.received_by,
    }


async def sort(office: Office, command: Sort) -> Taken:
    """Sort one stray out. Refusal when there is none of that id, and when the case is not on the desk.

    Sent into a case it is recorded there as it came, with its papers; what does not fit waits there for sorting.
    """
    if bool(command.into) == bool(command.aside.strip()):
        raise InputError(
            Problem("须写明转入哪个案件，或者为何存查（只写其一）", "--into 案件编号，或 --aside 理由")
        )
    stray = _waiting(office, command.stray)
    if command.aside:
        office.books.sort_out(stray.id, by=command.by.name, note=command.aside)
        return Taken(id=stray.id, how="noted", what=f"{stray.id} 存查：{command.aside}")
    answer = await _record(office, office.case(command.into, "--into"), stray)
    office.books.sort_out(stray.id, by=command.by.name, went_to=command.into)
    return answer


def _waiting(office: Office, wanted: str) -> Stray:
    waiting = office.books.waiting()
    for stray in waiting:
        if stray.id == wanted:
            return stray
    known = "、".join(stray.id for stray in waiting[:5]) or "无"
    raise Refusal(Problem(f"收件匣里没有“{wanted}”", f"待整理：{known}", field="ID"))


async def _record(office: Office, case: str, stray: Stray) -> Taken:
    try:
        fact = FACTS.validate_json(stray.content)
    except ValidationError:
        raise Refusal(Problem(f"{stray.id} 的内容读不出来", "只能存查（--aside）", field="ID")) from None
    handle = office.client.get_workflow_handle(case)
    if not await is_running(handle):
        raise Refusal(Problem(f"案件 {case} 不在办理中", "另立新案，或者存查（--aside）", field="--into"))
    papers = [_moved(office, case, stray, each) for each in _papers(office, stray)]
    for paper in papers:
        office.incoming.moved(paper.digest, stray.case, case)
    for scan in _scans(office, stray, fact):
        _moved(office, case, stray, scan)
    try:
        answers = [await _taken(handle, each) for each in with_papers(_in_words(fact, stray), papers)]
    except RPCError as error:
        raise Refusal(Problem(f"没有案件 {case}", "核对案件编号", field="--into")) from error
    return answers[0]


async def _taken(handle: Handle, fact: Fact) -> Taken:
    with answering():
        answer: Taken = await handle.execute_update(
            "record", Recorded(fact=fact, keep=True), result_type=Taken, rpc_timeout=PATIENCE
        )
    return answer


def _papers(office: Office, stray: Stray) -> list[FiledPaper]:
    """The papers that came with it, the first of them first."""
    return [
        each
        for each in office.archive.papers(tray_folder(stray.received_at))
        if each.meta.get("fact") == stray.id
    ]


def _scans(office: Office, stray: Stray, fact: Fact) -> list[FiledPaper]:
    """The images of its items, as far as they came by the script."""
    wanted = {each.name for each in scans_of(fact)}
    return [
        each for each in office.archive.papers(tray_folder(stray.received_at)) if each.paper.name in wanted
    ]


def _moved(office: Office, case: str, stray: Stray, filed: FiledPaper) -> PaperRef:
    """The paper in the case's folder; the tray keeps its own."""
    paper = filed.paper
    with office.archive.open(tray_folder(stray.received_at), paper.name) as content:
        return office.archive.store(case, paper.name, content, media_type=paper.media_type, meta=filed.meta)


def _in_words(fact: Fact, stray: Stray) -> Fact:
    """The fact with a note of the way it took."""
    way = f"自收件匣转入，原写给 {stray.case}"
    return fact.model_copy(update={"note": "；".join(part for part in (fact.note, way) if part)[:1000]})
