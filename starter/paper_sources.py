"""From where the bytes of a sealed paper can be had again: what is found is proved by the paper's digest before it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from temporalio.service import RPCError

from activities.deadlines import Calendars
from activities.filing import closing_papers, pages_in
from activities.folders import history_text
from activities.typesetting import Typesetter
from models.bags import FiledPaper, PaperRef
from models.casefile import CaseFile
from models.errors import MingjianError, Refusal
from models.journal import CaseState
from models.journal_file import JOURNAL, SNAPSHOT, journal_text
from models.kinds import restored
from models.orders import called_for
from models.projecting import rows
from starter.backups import Backup
from starter.office import PATIENCE, answering
from starter.packages import Package, state_of
from starter.witnesses import Witnesses

_HISTORIES = "history/"


@dataclass(frozen=True, slots=True)
class Found:
    """Whence the very bytes of a paper can be read, or a file that has them, and where that is, in Chinese.

    Read when they are needed: a case may lack many papers, each as large as a paper may be.
    """

    read: Callable[[], bytes | Path]
    source: str


class PaperSources:
    """Looks for the papers of one sealed folder. `press` makes the typesetter when it is first needed."""

    def __init__(
        self,
        witnesses: Witnesses,
        case: str,
        package: Package,
        backup: Backup | None,
        press: Callable[[], Typesetter],
        calendars: Callable[[], Calendars],
    ) -> None:
        self._witnesses = witnesses
        self._case = case
        self._package = package
        self._backup = backup
        self._press = press
        self._calendars = calendars

    async def find(self, filed: FiledPaper) -> Found | None:
        """The paper, from the first source that has it exactly; None when none has."""
        paper = filed.paper
        if found := self._kept(paper):
            return found
        if self._backup is not None and (path := self._backup.paper(self._package.folder, paper)):
            return Found(lambda: path, f"备份 {path}")
        async for content, source in self._made(filed):
            if sha256(content).hexdigest() == paper.digest:
                return Found(partial(bytes, content), source)
        return None

    def _kept(self, paper: PaperRef) -> Found | None:
        """What the archive itself still has: the object, or the copy in the folder."""
        archive = self._witnesses.archive
        with suppress(Refusal):
            archive.read(paper.digest)
            return Found(partial(archive.read, paper.digest), "档案库的原件")
        with suppress(Refusal, OSError):
            if sha256(self._in_folder(paper)).hexdigest() == paper.digest:
                return Found(partial(self._in_folder, paper), "案卷里的文件")
        return None

    def _in_folder(self, paper: PaperRef) -> bytes:
        with self._witnesses.archive.open(self._package.folder, paper.name) as file:
            return file.read()

    async def _made(self, filed: FiledPaper) -> AsyncIterator[tuple[bytes, str]]:
        """What can be had from the server, or made again from the journal: it may be the same, or not."""
        name = filed.paper.name
        if name == SNAPSHOT and self._case_file is not None:
            yield rows(self._case_file).model_dump_json(indent=1).encode(), "按案卷记录重算"
        elif name.startswith("papers/out/") and self._case_file is not None:
            for content in self._set_again(filed, self._case_file):
                yield content, "按案卷记录重新排印"
        if self._witnesses.office is not None and (name == JOURNAL or name.startswith(_HISTORIES)):
            served = await self._served(name)
            if served is not None:
                yield served, "服务器"

    @cached_property
    def _case_file(self) -> CaseFile | None:
        """The case as its journal and its last history tell it, where both can be read."""
        if self._package.journal.line or not self._package.journal.entries:
            return None
        try:
            return restored(state_of(self._package))
        except (MingjianError, ValueError):
            return None

    def _set_again(self, filed: FiledPaper, case: CaseFile) -> list[bytes]:
        order, papers = filed.meta.get("order"), []
        try:
            if order is None:
                pages = pages_in(self._witnesses.archive, self._package.folder)
                made = closing_papers(case, self._calendars(), pages).get(filed.paper.name)
                papers = [made] if made is not None else []
            else:
                number = {"internal_number": filed.meta.get("internal_no", "")}
                papers = [
                    wanted.build().paper.model_copy(update=number)
                    for wanted in called_for(case)
                    if wanted.order == order
                ]
            return [self._press().render(paper) for paper in papers]
        except (MingjianError, ValueError):
            return []

    async def _served(self, name: str) -> bytes | None:
        assert self._witnesses.office is not None
        client = self._witnesses.office.client
        run = self._package.run if name == JOURNAL else name.removeprefix(_HISTORIES).removesuffix(".json")
        handle = client.get_workflow_handle(self._case, run_id=run or None)
        try:
            with answering():
                if name == JOURNAL:
                    state: CaseState = await handle.query(
                        "state", result_type=CaseState, rpc_timeout=PATIENCE
                    )
                    return journal_text(state.entries).encode()
                return history_text(await handle.fetch_history())
        except (MingjianError, RPCError):
            return None
