"""`mingjian inbox`: the papers of the intake folder taken into cases or set aside, the bounces entered.

A paper goes into the archive's intake folder of the year, then into the register and the case's own folder, then into the
case, and only then out of the folder, into `done`. Whatever breaks off in between, the paper lies where it lay, and taking it
again enters nothing twice: archive, register and case know it by its digest, a mail by its Message-ID.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from activities.books import Stray
from activities.database import Database
from activities.durable import make_folder, reaching
from activities.incoming_papers import Entered, IncomingBook
from activities.matching import Matching
from models.bags import PaperRef, shown
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.messages import Taken
from models.rows import Snapshot
from models.settings import Settings
from models.wire import Person
from starter.doors import is_within
from starter.message_files import given_as, read_facts
from starter.message_ids import natural_id
from starter.office import PATIENCE, Office, answering, is_running
from starter.papers import keep_paper
from starter.recognising import (
    DONE,
    Item,
    Recognised,
    files_in,
    find_file,
    read_item,
    recognise,
    stray_id,
)
from starter.steering import Record, record
from starter.tray import tray_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Take an item into a case as a fact. What is not given is what was recognised."""

    item: str
    by: Person
    case: str = ""
    letter: str = ""
    kind: str = "reply_received"
    words: tuple[str, ...] = ()
    keep: bool = False


# ── taking in ───────────────────────────────────────────────────────────────────────────────────────────────


async def take(office: Office, settings: Settings, command: Take) -> tuple[str, list[Taken]]:
    """Take an item in; answers its case and what became of it. Refusal for what may not be kept, is known from another
    case, or whose case is not certain and not given; DoesNotFit for a fact that does not fit as things stand.
    """
    found = _chosen(settings, command.item)
    item = found.item
    if item.problems:
        raise Refusal(item.problems)
    if item.mail is not None and item.mail.bounce is not None:
        return command.item, [_enter_bounce(office, settings, found, command)]
    case = office.case(_case(found, command))
    await _refuse_elsewhere(office, item, case)
    letter = command.letter or (found.letter if found.case == case else "")
    fact = _fact_id(case, item)
    if _facts(item, fact) <= await _recorded(office, case):
        answers = [Taken(id=fact, how="seen", what=item.path.name)]
    else:
        answers = await _record(office, item, case, letter, fact, command)
    if item.mail is not None and item.mail.enclosed and fact in await _recorded(office, case):
        # The mail itself says how the papers came; it is no paper of its own.
        keep_paper(office.archive, case, item.path, {"mail_of": fact, "received_by": command.by.name})
    _move(settings, item)
    return case, answers


def _fact_id(case: str, item: Item) -> str:
    return natural_id(case, "inbox", item.key)


def _facts(item: Item, fact: str) -> set[str]:
    """The ids of the facts that an item makes: one for each paper it brings."""
    papers = len(item.mail.enclosed) if item.mail is not None else 1
    return {fact, *(f"{fact}#{place}" for place in range(2, papers + 1))}


def _chosen(settings: Settings, wanted: str) -> Recognised:
    """The item by its id, or by the name of its file; Refusal when there is none. Of copies the oldest has the id."""
    path = find_file(settings.intake_folder, wanted)
    if path is None:
        known = "、".join(shown(each.name) for each in files_in(settings.intake_folder)[:5]) or "无"
        raise Refusal(Problem(f"收件夹里没有“{shown(wanted)}”", f"待收：{known}", field="ITEM"))
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        [found] = recognise([read_item(path)], Matching(database), IncomingBook(database))
    return found


def _case(found: Recognised, command: Take) -> str:
    if command.case:
        return command.case
    if found.case and (found.is_certain or found.how == "taken"):
        return found.case
    raise Refusal(Problem(f"没有写明收入哪个案件：{found.why}", "加 --case 案件编号", field="--case"))


async def _refuse_elsewhere(office: Office, item: Item, case: str) -> None:
    """The same paper is one paper: what is in another case is not taken in again; what was only entered for it goes along."""
    for line in _lines(office, item):
        other = line.paper.case
        if other == case:
            continue
        if not is_within(office.database, other):
            raise Refusal(Problem(f"“{item.path.name}”已由另一席位登记", "与市院核对后再收", field="--case"))
        held = office.matching.recorded(line.paper.digest, other)
        if held or _fact_id(other, item) in await _recorded(office, other):
            raise Refusal(
                Problem(
                    f"“{item.path.name}”已收入案件 {other}（收文号 {line}）",
                    "同一份材料只收一次；重复的用 mingjian inbox aside 存查",
                    field="--case",
                )
            )
        office.incoming.moved(line.paper.digest, other, case)


def _lines(office: Office, item: Item) -> Sequence[Entered]:
    id = item.mail.message_id if item.mail is not None else ""
    return office.incoming.known(digest=item.digest, message_id=id, beyond_walls=True)


async def _recorded(office: Office, case: str) -> set[str]:
    """The facts of a case on the desk; none of one that has left it."""
    handle = office.client.get_workflow_handle(case)
    if not await is_running(handle):
        return set()
    with answering():
        status: Snapshot = await handle.query("status", result_type=Snapshot, rpc_timeout=PATIENCE)
    return {each.id for each in status.facts}


async def _record(
    office: Office, item: Item, case: str, letter: str, fact: str, command: Take
) -> list[Taken]:
    """Into the intake folder of the archive, then by the way of every fact with papers: register, case folder, case."""
    _archive(office, item, command.by)
    with _papers(item) as papers:
        words = _words(item, letter, fact, command)
        facts = read_facts(
            command.kind,
            given_as(words),
            by=command.by,
            jurisdiction=office.jurisdiction,
            papers=papers,
            case=case,
        )
        asked = Record(
            case=case,
            facts=facts,
            keep=command.keep,
            sender=_sender(item),
            message_id=item.mail.message_id if item.mail is not None else "",
        )
        return await record(office, asked)


def _words(item: Item, letter: str, fact: str, command: Take) -> list[str]:
    """What the fact says: what staff gave, then what the paper itself says."""
    given = list(command.words)
    names = {each.partition("=")[0].strip() for each in given}
    today = day_in_china(datetime.now(UTC)).isoformat()
    sent = item.mail.sent_on if item.mail is not None else None
    proposed = {"id": fact, "on": sent.isoformat() if sent is not None else ""}
    if letter:
        proposed["letter"] = letter
    if command.kind in ("reply_received", "回复"):
        proposed["received_on"] = min(today, day_in_china(item.received_at).isoformat())
    if command.kind in ("happened", "其他事实"):
        proposed["event"] = "来文"
    if not proposed["on"] and "on" not in names:
        raise InputError(
            Problem("没有写明寄出（发生）的日期", "加 on=2021-09-15，以邮戳、落款为准", field="on")
        )
    return [*given, *(f"{name}={value}" for name, value in proposed.items() if value and name not in names)]


def _sender(item: Item) -> str:
    return (
        f"{item.mail.sender_name}（{item.mail.sender}）" if item.mail is not None and item.mail.sender else ""
    )


@contextmanager
def _papers(item: Item) -> Iterator[list[Path]]:
    """The papers that an item brings: the file, or what is enclosed in a mail, or the mail where nothing is."""
    if item.mail is None or not item.mail.enclosed:
        yield [item.path]
        return
    with TemporaryDirectory() as folder:
        papers = []
        for each in item.mail.enclosed:
            path = Path(folder) / each.name
            path.write_bytes(each.content)
            papers.append(path)
        yield papers


def _archive(office: Office, item: Item, by: Person) -> PaperRef:
    """The file as it came, in the intake folder of the year in which it came. Refusal when it has changed since it was
    looked into: it is still being copied.
    """
    meta = {"intake": item.id, "received_by": by.name}
    paper = keep_paper(office.archive, tray_folder(item.received_at), item.path, meta)
    if paper.digest != item.digest:
        raise Refusal(Problem("文件正在写入，内容还在变", "等写完再收", file=str(item.path)))
    return paper


def _move(settings: Settings, item: Item) -> None:
    """Out of the folder; a copy that lies there is seen to be taken, and goes the same way when it is taken."""
    done = settings.intake_folder / DONE / f"{day_in_china(datetime.now(UTC))}"
    with reaching("收件夹"):
        make_folder(done)
        item.path.replace(done / f"{item.id}-{item.path.name}")


# ── bounces ─────────────────────────────────────────────────────────────────────────────────────────────────


def _enter_bounce(office: Office, settings: Settings, found: Recognised, command: Take) -> Taken:
    """Enter that a mail of ours came back, as `mails bounced` does; the bounce is kept with the reason. Refusal for one that
    is not matched, and where a case or fields were given: it is no paper of a case.
    """
    item, mail = found.item, found.mail
    known = bool(office.matching.set_aside(stray_id(item)))
    if command.case or command.letter or command.words:
        remedy = "去掉 --case、--letter 和各字段；信中另有材料的，在邮件程序里另存后单独放入"
        raise Refusal(Problem("这是退信，不收入案件", remedy, field="ITEM"))
    if not known and (found.how != "bounce" or mail is None):
        remedy = "核实确未送达的，用 mingjian mails bounced 记入；退信用 mingjian inbox aside 存查"
        raise Refusal(Problem(found.why, remedy, field="ITEM"))
    if mail is not None and not known:
        _into_tray(office, item, command.by)
        office.books.bounced(mail.key, found.reason)
        office.books.sort_out(stray_id(item), by=command.by.name, note=f"退信：{found.reason}")
    _move(settings, item)
    return Taken(id=stray_id(item), how="noted", what=f"{item.path.name} {found.why}")


# ── setting aside ───────────────────────────────────────────────────────────────────────────────────────────


def set_aside(office: Office, settings: Settings, wanted: str, reason: str, by: Person) -> Taken:
    """Set an item aside with the reason; it is kept in the intake folder of the archive. A paper that may not be kept is
    refused here too.
    """
    item = _chosen(settings, wanted).item
    if item.problems:
        raise Refusal(item.problems)
    if not office.matching.set_aside(stray_id(item)):
        _into_tray(office, item, by)
        office.books.sort_out(stray_id(item), by=by.name, note=reason)
    _move(settings, item)
    return Taken(id=stray_id(item), how="noted", what=f"{item.path.name} 存查：{reason}")


def _into_tray(office: Office, item: Item, by: Person) -> None:
    """Into the archive and the tray, once; it is known as set aside when it is sorted out of the tray again."""
    paper = _archive(office, item, by)
    source = {"sender": _sender(item), "subject": item.mail.subject if item.mail is not None else ""}
    stray = Stray(
        id=stray_id(item),
        name="paper",
        content=json.dumps(source, ensure_ascii=False),
        paper=item.digest,
        paper_name=paper.name,
        why="收件夹存查",
        received_at=item.received_at,
        received_by=by.name,
    )
    with suppress(Refusal):  # another copy of the same mail was cut off here: the first one stands
        office.books.keep(stray)
