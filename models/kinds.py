"""The kinds of case that can be opened, and the file of each."""

from __future__ import annotations

from models.casefile import CaseFile
from models.cases.joint_work import StudyFile
from models.cases.training import TrainingFile
from models.cases.urging import UrgingFile
from models.journal import CaseState
from models.messages import Opening
from models.terms import CaseKind

FILES: dict[CaseKind, type[CaseFile]] = {
    CaseKind.URGING: UrgingFile,
    CaseKind.STUDY: StudyFile,
    CaseKind.TRAINING: TrainingFile,
}


def file_of(opening: Opening) -> CaseFile:
    """The empty file of a case that is opened so."""
    return FILES[opening.kind](opening)


def restored(state: CaseState) -> CaseFile:
    """A case as it was; ValueError for a state from a newer program."""
    return FILES[state.opening.kind].restored(state)
