"""One sealed folder, believed only as far as it proves itself: its papers, its journal, its snapshot, its histories."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata

from pydantic import BaseModel, ValidationError

from activities.archive import Archive
from activities.folders import history_name
from models.bags import FiledPaper, Finding, Ledger, PaperRef
from models.chain import as_said
from models.errors import MingjianError, Problem, Refusal
from models.journal import CaseState
from models.journal_file import JOURNAL, SNAPSHOT, ReadJournal, journal_text, read_journal
from models.kinds import restored
from models.messages import HistoryLost, Message, PaperMade, Unreadable
from models.projecting import rows
from models.row_differences import as_tables, differences
from models.rows import Snapshot
from models.said.bases import DecisionBase, FactBase
from models.seals import Seal
from starter.histories import History

_HISTORIES = "history/"
_IN = "papers/in/"
_FROM_BACKUP = "与备份核对，用 mingjian verify --repair 恢复"
_MOST = 5
"""So many differences of one kind are named one by one."""


@dataclass(slots=True)
class Package:
    """What was found in one sealed folder, and what it says of its case as far as it can be believed.

    `case`: the case folded again, else None; `unmade`: the checks that could not be made, and why.
    """

    folder: str
    findings: list[Finding] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)
    journal: ReadJournal = field(default_factory=ReadJournal)
    histories: dict[str, History] = field(default_factory=dict)
    run: str = ""
    snapshot: Snapshot | None = None
    papers: tuple[FiledPaper, ...] = ()

    @property
    def last(self) -> History | None:
        """The history of the run that ended with the sealing."""
        return self.histories.get(self.run)


def examine(
    archive: Archive,
    case: str,
    folder: str,
    seal: Seal | None,
    ledger: Ledger | None,
    former: Sequence[FiledPaper],
) -> Package:
    """Check a sealed folder with its ledger (None: it cannot be read). `former` are the papers of the case's own folder, beside
    which lies what a reset left.
    """
    package = Package(folder)
    package.findings += archive.verify(folder, sealed=seal.voucher if seal else "")
    if ledger is None:
        package.unmade.append("登记簿读不懂，记录、快照、运行记录没有核对")
        return package
    package.papers = ledger.papers
    examination = _Examination(archive, case, package, seal, former)
    examination.histories()
    examination.journal()
    examination.papers()
    examination.snapshot()
    return package


def state_of(package: Package) -> CaseState:
    """The case at its end: its journal, with the opening and the recorded counts of its last run.

    Nothing is counted anew: a count was made under an edition and a version of a rule, and stands in the history as it was
    made. Refusal when the history cannot be read.
    """
    last = package.last
    if last is None:
        raise Refusal("没有最后一轮的运行记录")
    start = last.start()
    carried = start.carried
    counted = dict(carried.counted) if carried else {}
    edition = carried.edition if carried else start.opening.edition
    for settled in last.counts():
        counted |= {each.key: each for each in settled.results}
        edition = settled.edition
    return CaseState(
        opening=start.opening, entries=tuple(package.journal.entries), counted=counted, edition=edition
    )


def papers_in(value: object) -> Iterator[PaperRef]:
    """Every paper that a message speaks of."""
    if isinstance(value, PaperRef):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from papers_in(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from papers_in(each)


class _Examination:
    """The checks of one folder, in the order in which each can use the ones before."""

    def __init__(
        self, archive: Archive, case: str, package: Package, seal: Seal | None, former: Sequence[FiledPaper]
    ) -> None:
        self._archive = archive
        self._case = case
        self._package = package
        self._seal = seal
        self._known = {each.paper.name: each for each in (*former, *package.papers)}
        self._own = {each.paper.name for each in package.papers}

    def _wrong(
        self, what: str, file: str, *, line: int | None = None, field: str = "", remedy: str = ""
    ) -> None:
        self._package.findings.append(
            Finding(
                self._package.folder,
                "disagreeing",
                what,
                remedy or _FROM_BACKUP,
                file,
                line=line,
                field=field,
            )
        )

    def _content(self, name: str) -> bytes | None:
        """A file as it is, altered or not."""
        if name not in self._known:
            return None
        folder = self._package.folder if name in self._own else self._case
        try:
            with self._archive.open(folder, name) as file:
                return file.read()
        except (Refusal, OSError):  # not there; or the disk does not give it out
            return None

    # the histories

    def histories(self) -> None:
        """One for each run, whole, each handing over to the next."""
        package = self._package
        runs = [
            name.removeprefix(_HISTORIES).removesuffix(".json")
            for name in self._known
            if name.startswith(_HISTORIES) and name.endswith(".json")
        ]
        own = [run for run in runs if history_name(run) in self._own]
        package.run = self._seal.run if self._seal else own[-1] if own else ""
        for run in runs:
            content = self._content(history_name(run))
            try:
                if content is None:
                    raise Refusal(Problem("文件不见了", _FROM_BACKUP))
                history = History.parse(run, content)
            except Refusal as refusal:
                if run in own:
                    self._wrong(refusal.problems[0].what, f"data/{history_name(run)}")
                continue
            if history.wrong and run in own:
                self._wrong(f"运行记录不完整：{history.wrong}", f"data/{history_name(run)}")
            package.histories[run] = history
        if package.last is None:
            self._wrong(
                f"没有最后一轮运行 {package.run or '（不知哪一轮）'} 的记录",
                f"data/{history_name(package.run)}",
            )

    def _chain_of_runs(self, lost: frozenset[str]) -> None:
        """From the last run back to the first; a run whose history the server had lost is told of by the journal."""
        package = self._package
        later, seen = package.last, {package.run}
        while later is not None and (run := later.continued_from):
            if run in seen:  # a forged history may lead in a circle
                self._wrong(f"运行记录循环接续到 {run}", f"data/{history_name(run)}")
                return
            seen.add(run)
            earlier = package.histories.get(run) or next(
                (each for each in package.histories.values() if run in each.names), None
            )
            if earlier is None:
                if run not in lost:
                    self._wrong(f"缺上一轮运行 {run} 的记录", f"data/{history_name(later.run)}")
                return
            if not earlier.is_followed_by(later):
                self._wrong(f"运行 {later.run} 接续的不是这一轮的末尾", f"data/{history_name(earlier.run)}")
            if earlier.first_run != later.first_run:
                self._wrong(
                    f"首轮应为 {later.first_run}，实为 {earlier.first_run}",
                    f"data/{history_name(earlier.run)}",
                )
            later = earlier

    # the journal

    def journal(self) -> None:
        """The chain computed again, its head against the book, its messages against the histories."""
        package, place = self._package, f"data/{JOURNAL}"
        content = self._content(JOURNAL)
        if content is None:
            self._wrong("没有案卷记录", place)
            return
        package.journal = journal = read_journal(content.decode("utf-8", "replace"))
        if journal.line:
            self._wrong(f"这一行与前面各行接不上：{journal.wrong}", place, line=journal.line)
            package.unmade.append(f"记录自第 {journal.line} 行起接不上，快照没有按记录重算")
        elif journal_text(journal.entries).encode() != content:
            self._wrong("写法与归档时的不同，内容相同", place)
        if self._seal and journal.head != self._seal.head and not journal.line:
            what = f"末行指纹应为 {self._seal.head[:12]}…（封存簿），实为 {journal.head[:12]}…"
            self._wrong(what, place, line=len(journal.entries))
        lost = (each.message.run for each in journal.entries if isinstance(each.message, HistoryLost))
        self._chain_of_runs(frozenset(lost))
        try:
            self._against_history(place)
        except MingjianError as trouble:
            package.unmade.append(f"记录没有与运行记录核对（{trouble.problems[0]}）")

    def _against_history(self, place: str) -> None:
        """What the last run brought along, line by line; then each message that came to it, as often as it came."""
        package, last = self._package, self._package.last
        if last is None:
            return
        entries = package.journal.entries
        start = last.start()
        carried = start.carried.entries if start.carried else ()
        for brought, entry in zip(carried, entries, strict=False):
            if brought.chain != entry.chain:
                self._wrong(f"与运行 {last.run} 接续时带来的不同", place, line=entry.seq)
                return
        if package.journal.line:
            return
        said = list(last.said())
        heard = Counter(_content_of(each.message) for each in said)
        for entry in entries[len(carried) :]:
            if isinstance(entry.message, FactBase | DecisionBase | PaperMade):
                key = _content_of(entry.message)
                if not heard[key]:
                    self._wrong(
                        "运行记录里没有这条消息，或内容不同", place, line=entry.seq, field=entry.message.id
                    )
                    return
        taken = Counter(_content_of(each.message) for each in entries)
        if any(isinstance(each.message, Unreadable) for each in entries):
            return
        for each in said:
            if each.told and not taken[_content_of(each.message)]:
                self._wrong(f"运行记录里的消息“{each.message.id}”，案卷记录里没有", place)
                return

    # the papers

    def papers(self) -> None:
        """Each that the journal speaks of in the ledger, and each of the ledger in the journal or made by the filing."""
        spoken: dict[str, PaperRef] = {}
        for entry in self._package.journal.entries:
            for paper in papers_in(entry.message):
                spoken[paper.name] = paper
                held = self._known.get(paper.name)
                place = f"data/{paper.name}"
                if held is None:
                    self._wrong(f"记录第 {entry.seq} 行的文件，登记簿上没有", place)
                elif held.paper.digest != paper.digest:
                    what = f"指纹应为 {paper.digest[:12]}…（记录第 {entry.seq} 行），登记簿为 {held.paper.digest[:12]}…"
                    self._wrong(what, place)
        if self._package.journal.line:
            return
        for filed in self._package.papers:
            name = filed.paper.name
            # What the filing itself puts in has no particulars.
            if name in spoken or not filed.meta:
                continue
            if name.startswith(_IN):
                self._package.unmade.append(f"{name} 收在案卷里，记录没有提到：多为存入后案件没有收下的材料")
            else:
                self._wrong("登记簿上有这个文件，记录没有提到", f"data/{name}", remedy="查明来历")

    # the snapshot

    def snapshot(self) -> None:
        """The rows of the case folded again from its journal, against those that were archived."""
        package, place = self._package, f"data/{SNAPSHOT}"
        content = self._content(SNAPSHOT)
        found = _read_snapshot(content)
        if found is None:
            self._wrong("没有快照，或读不出来", place)
        elif found.case.case != self._case:
            self._wrong(f"快照应为案件 {self._case} 的，实为 {found.case.case} 的", place)
        package.snapshot = found
        if package.journal.line or not package.journal.entries:
            return
        try:
            again = rows(restored(state_of(package)))
        except (MingjianError, ValueError) as trouble:
            package.unmade.append(f"快照没有按记录重算（{str(trouble).splitlines()[0]}）")
            return
        if found is not None:
            self._compare(again, found, place)
        package.snapshot = found if found is not None and not self._is_suspect(place) else again

    def _compare(self, again: Snapshot, found: Snapshot, place: str) -> None:
        apart = list(differences(as_tables(again), as_tables(found)))
        program = metadata.version("mingjian")
        if apart and self._seal and self._seal.program != program and not self._package.findings:
            # The voucher proves the snapshot: it is this release that tells the same case in other words.
            self._package.unmade.append(
                f"快照由 {self._seal.program or '另一'} 版写成，{program} 版重算有 {len(apart)} 处写法不同（{apart[0].place}）；"
                "封存指纹相符，快照没有改动"
            )
            return
        for each in apart[:_MOST]:
            self._wrong(f"按记录重算{each}", place, field=each.place)
        if len(apart) > _MOST:
            self._wrong(f"另有 {len(apart) - _MOST} 处与记录不符", place)

    def _is_suspect(self, place: str) -> bool:
        return any(each.file == place for each in self._package.findings)


def _read_snapshot(content: bytes | None) -> Snapshot | None:
    try:
        return Snapshot.model_validate_json(content) if content else None
    except ValidationError:
        return None


def _content_of(message: Message) -> tuple[str, str]:
    """What a message says, but for its id: the case may have had to give it another."""
    said = json.loads(as_said(message))
    said.pop("id", None)
    return message.kind, json.dumps(said, ensure_ascii=False, sort_keys=True)
