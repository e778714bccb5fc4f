"""归档: a case's histories and its closing papers go into its folder, which is then sealed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from importlib import metadata

from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.archive import Archive
from activities.deadlines import Calendars
from activities.documents import Typesetting
from activities.folders import acting_run, find_paper, folder_of, history_name, history_text
from activities.seals import SealBook
from models.casefile import CaseFile
from models.dates import EventDate
from models.deadlines import Reckoning, reckon
from models.documents import Paper, ReckonedDeadline, ReckoningNote
from models.errors import InputError, Problem, Refusal, Unreachable
from models.explanations import explain
from models.journal import CaseState
from models.journal_file import JOURNAL, SNAPSHOT, journal_text
from models.kinds import restored
from models.orders import closing_review
from models.rows import rows
from models.rules import Rule, rule
from models.seals import Seal
from models.tasks import FilingOrder, HistoryOrder, Task

_JSON = "application/json"
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
        for name, paper in closing_papers(case, self._calendars).items():
            if find_paper(self._archive, folder, name) is None:
                self._store(folder, name, self._typesetter.render(paper), "application/pdf")
        self._store(folder, JOURNAL, journal_text(state.entries).encode(), "application/jsonl")
        snapshot = rows(case).model_dump_json(indent=1)
        self._store(folder, SNAPSHOT, snapshot.encode(), _JSON)
        voucher = self._archive.seal(
            folder,
            {
                "Source-Organization": case.opening.procuratorate.name,
                "External-Description": case.opening.title,
                "Bagging-Date": closing.on.isoformat(),
            },
        )
        self._seals.enter(
            Seal(
                folder=folder,
                case=case.opening.case,
                voucher=voucher,
                head=state.entries[-1].chain,
                run=run,
                program=metadata.version("mingjian"),
                sealed_at=datetime.now(UTC),
            )
        )
        return voucher

    def _store(self, case: str, name: str, content: bytes, media_type: str) -> None:
        self._archive.store(case, name, content, media_type=media_type, meta={})


def closing_papers(case: CaseFile, calendars: Calendars) -> dict[str, Paper]:
    """The papers that the filing itself makes, each under its name in the folder."""
    return {
        "papers/out/结案审查表.pdf": closing_review(case),
        "papers/out/期限计算说明.pdf": reckoning_note(case, calendars),
    }


def reckoning_note(case: CaseFile, calendars: Calendars) -> ReckoningNote:
    """期限计算说明: every deadline of the case with how it was counted, under the edition it was last counted by."""
    closing = case.closing
    assert closing is not None
    deadlines = []
    for deadline in case.deadlines.by_key.values():
        counted = case.deadlines.counted.get(deadline.key)
        law = rule(deadline.rule)
        edition = calendars.named(counted.edition) if counted else calendars.current()
        ledger = tuple(deadline.entries)
        try:
            reckoning = reckon(law, ledger, edition, counted.version if counted else None)
            sentences = explain(law, ledger, reckoning, edition)
        except InputError as error:
            reckoning, sentences = Reckoning(law.key, "not_started", edition.name), [str(error)]
        deadlines.append(
            ReckonedDeadline(
                rule=law.name,
                key=deadline.key,
                bound=deadline.party,
                started_on=reckoning.started_on,
                started_by=law.starts_words,
                due_on=EventDate.on(counted.due_on) if counted and counted.due_on else None,
                provisional=reckoning.provisional,
                edition=reckoning.edition,
                basis=(_basis(law, reckoning),),
                sentences=tuple(sentences),
            )
        )
    note = ReckoningNote(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=closing.on,
        case_name=case.opening.title,
        prepared_by="明鉴",
        deadlines=tuple(deadlines),
    )
    return note.model_copy(update={"draft": bool(note.gaps())})


def _basis(law: Rule, reckoning: Reckoning) -> str:
    """The article of the version that counted."""
    counted_by = [version for version in law.versions if version.effective_from == reckoning.version]
    return counted_by[0].basis if counted_by else law.basis
