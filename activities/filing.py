"""归档: a case's histories and its closing papers go into its folder, which is then sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata

from pydantic import ValidationError
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.archive import Archive
from activities.deadlines import Calendars
from activities.documents import Typesetting
from activities.folders import acting_run, find_paper, folder_of, history_name, history_text
from activities.seals import SealBook
from activities.typesetting import page_count
from models.case_papers import case_timeline, file_contents, flow_sheet
from models.casefile import CaseFile
from models.documents import Paper
from models.errors import InputError, Problem, Refusal, Unreachable
from models.general_papers import GeneralForm
from models.journal import CaseState
from models.journal_file import JOURNAL, SNAPSHOT, journal_text, read_journal
from models.keeping import KEEPING_FIELD
from models.kinds import restored
from models.orders import closing_review
from models.projecting import rows
from models.reckoning_notes import reckoning_note
from models.rows import Snapshot
from models.seals import Seal
from models.tasks import FilingOrder, HistoryOrder, Task

_JSON = "application/json"
_FILED_WITH_IT = ("结案审查表", "期限计算说明", "案件流程表", "案件时间线", "卷内目录")
# Looks at a case that is just closing, five times a second.
_PATIENCE = 50


class FilingRoom:
    """Reads what Temporal holds of a case and writes it into the archive."""

    def __init__(
        self,
        client: Client,
        archive: Archive,
        typesetter: Typesetting,
        calendars: Calendars,
        seals: SealBook,
    ) -> None:
        self._client = client
        self._seals = seals
        self._archive = archive
        self._typesetter = typesetter
        self._calendars = calendars

    @activity.defn(name=Task.KEEP_HISTORY.value)
    async def keep_history(self, order: HistoryOrder) -> None:
        """Archive the history of one closed run; the same run twice is one file.

        Refusal, which is final, only when the server has lost it; what ails the archive is mended and tried again.
        """
        try:
            folder = await asyncio.to_thread(self._folder_without, order)
            if folder:
                await self._keep(folder, order.workflow, order.run)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            raise Refusal(
                Problem(f"服务器上已没有运行 {order.run} 的记录", "查备份；案件本身不受影响")
            ) from None
        except (Refusal, InputError) as trouble:
            raise Unreachable(trouble.problems) from trouble

    def _folder_without(self, order: HistoryOrder) -> str:
        """The folder that still lacks a run's history; none when the case's own holds it."""
        if find_paper(self._archive, order.case, history_name(order.run)) is not None:
            return ""
        return folder_of(self._archive, order.case, acting_run())

    async def _keep(self, folder: str, workflow: str, run: str) -> None:
        history = await self._client.get_workflow_handle(workflow, run_id=run).fetch_history()
        await asyncio.to_thread(self._store, folder, history_name(run), history_text(history), _JSON)

    @activity.defn(name=Task.FILE_AWAY.value)
    async def file_away(self, order: FilingOrder) -> str:
        """Seal the folder of a case whose last run has closed, and enter it in the book of seals. Answers the digest of the
        sealed bag.

        Refusal when the book holds another seal of the folder: what was sealed was changed since.
        """
        handle = self._client.get_workflow_handle(order.workflow, run_id=order.run)
        for _ in range(_PATIENCE):
            status = (await handle.describe()).status
            if status == WorkflowExecutionStatus.CONTINUED_AS_NEW:
                # It was not the end after all; the run that follows files the case.
                return ""
            if status != WorkflowExecutionStatus.RUNNING:
                break
            await asyncio.sleep(0.2)
        else:
            raise Unreachable("案件尚在收尾，稍后再封存")
        folder = await asyncio.to_thread(folder_of, self._archive, order.case, order.run)
        await self._keep(folder, order.workflow, order.run)
        state: CaseState = await handle.query("state", result_type=CaseState)
        # Disk, typesetting and digests in a thread: a locked folder must not hold up the worker's other cases.
        return await asyncio.to_thread(self._seal, folder, order.run, state)

    def _seal(self, folder: str, run: str, state: CaseState) -> str:
        case = restored(state)
        closing = case.closing
        if closing is None:
            raise Unreachable("案件没有结案记录，不能封存")
        # What an attempt that was cut short has filed stays: a later release would write the same case in other words.
        held = {filed.paper.name: filed.paper.digest for filed in self._archive.papers(folder)}
        made = closing_papers(case, self._calendars, pages_in(self._archive, folder))
        for name, paper in made.items():
            if name not in held:
                self._store(folder, name, self._typesetter.render(paper), "application/pdf")
        # Of what lies there but is none of this case, `store` says that its name is taken.
        if not self._is_journal_of(state, held.get(JOURNAL, "")):
            self._store(folder, JOURNAL, journal_text(state.entries).encode(), "application/jsonl")
        snapshot = rows(case).model_dump_json(indent=1).encode()
        if not self._is_snapshot_of(case, held.get(SNAPSHOT, "")):
            self._store(folder, SNAPSHOT, snapshot, _JSON)
        is_ours = held.get(SNAPSHOT) in (None, sha256(snapshot).hexdigest())
        voucher = self._archive.seal(
            folder,
            {
                "Source-Organization": case.opening.procuratorate.name,
                "External-Description": case.opening.title,
                "Bagging-Date": closing.on.isoformat(),
                **({KEEPING_FIELD: closing.keeping} if closing.keeping else {}),
            },
        )
        self._seals.enter(
            Seal(
                folder=folder,
                case=case.opening.case,
                voucher=voucher,
                head=state.entries[-1].chain,
                run=run,
                program=metadata.version("mingjian") if is_ours else "",
                sealed_at=datetime.now(UTC),
            )
        )
        return voucher

    def _is_journal_of(self, state: CaseState, digest: str) -> bool:
        if not digest:
            return False
        journal = read_journal(self._archive.read(digest).decode("utf-8", "replace"))
        return not journal.line and journal.head == state.entries[-1].chain

    def _is_snapshot_of(self, case: CaseFile, digest: str) -> bool:
        if not digest:
            return False
        try:
            snapshot = Snapshot.model_validate_json(self._archive.read(digest))
        except ValidationError:
            return False
        return (snapshot.case.case, snapshot.revision) == (case.opening.case, case.revision)

    def _store(self, case: str, name: str, content: bytes, media_type: str) -> None:
        self._archive.store(case, name, content, media_type=media_type, meta={})


def closing_papers(case: CaseFile, calendars: Calendars, pages: Mapping[str, int]) -> dict[str, Paper]:
    """The papers that the filing itself makes of a closed case, each under its name in the folder; `pages` as `pages_in`."""
    closing = case.closing
    assert closing is not None
    on = closing.on
    papers = (
        closing_review(case),
        reckoning_note(case, calendars, on),
        flow_sheet(case, on),
        case_timeline(case, on),
        file_contents(case, on, pages=pages, more=_FILED_WITH_IT),
    )
    return {
        f"papers/out/{each.name if isinstance(each, GeneralForm) else each.NAME}.pdf": each for each in papers
    }


def pages_in(archive: Archive, folder: str) -> dict[str, int]:
    """How many pages each paper has that was made here, by its digest; what came in, nobody has counted."""
    ours = [filed.paper for filed in archive.papers(folder) if "order" in filed.meta]
    return {each.digest: page_count(archive.read(each.digest)) for each in ours}
