"""Where in the archive the things of a case lie."""

from __future__ import annotations

import json

from temporalio import activity
from temporalio.client import WorkflowHistory

from activities.archive import Archive, Shelf
from models.bags import FiledPaper, Ledger
from models.numbering import supplement_id


def history_name(run: str) -> str:
    """Where the history of a run lies in its case's folder."""
    return f"history/{run}.json"


def history_text(history: WorkflowHistory) -> bytes:
    """A history as it is archived: the same whenever it is asked for. The SDK writes the maps in it in any order."""
    return json.dumps(json.loads(history.to_json()), ensure_ascii=False, sort_keys=True).encode()


def find_paper(archive: Shelf, folder: str, name: str) -> FiledPaper | None:
    """A paper that was filed before: it stays as it was, though fonts or templates have changed since."""
    return paper_in(archive.ledger(folder), name)


def paper_in(ledger: Ledger | None, name: str) -> FiledPaper | None:
    """The same, in a folder's ledger as it was read."""
    filed = ledger.papers if ledger is not None else ()
    return next((each for each in filed if each.paper.name == name), None)


def folder_of(archive: Archive, case: str, run: str) -> str:
    """The case's own folder; beside it when another run has sealed that: a case was reset after its end."""
    return folder_beside(archive.ledger(case), case, run)


def folder_beside(ledger: Ledger | None, case: str, run: str) -> str:
    """The same, by the ledger of the case's own folder as it was read."""
    if ledger is None or ledger.seal is None or paper_in(ledger, history_name(run)) is not None:
        return case
    return supplement_id(case, run)


def acting_run() -> str:
    """The run of the case that asked for the activity."""
    return activity.info().workflow_run_id or ""
