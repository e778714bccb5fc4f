"""The kinds of case that can be opened, and the file of each."""

from __future__ import annotations

from datetime import date
from functools import cache

from models.casefile import CaseFile
from models.cases.assistants import AssistantFile
from models.cases.campaigns import CampaignFile
from models.cases.clues import ClueFile
from models.cases.coordination import CoordinationFile
from models.cases.disputes import DisputeFile
from models.cases.enforcement import EnforcementFile
from models.cases.file_requests import FileRequestFile
from models.cases.joint_work import StudyFile
from models.cases.liaison import LiaisonExchangeFile
from models.cases.problem_report import ProblemReportFile
from models.cases.public_interest import PublicInterestFile
from models.cases.training import TrainingFile
from models.cases.urging import UrgingFile
from models.journal import CaseState
from models.messages import Clue, Opening
from models.numbering import CaseId
from models.terms import CaseKind, ClueSource, Matter, Role
from models.wire import Person, Recipient

FILES: dict[CaseKind, type[CaseFile]] = {
    CaseKind.URGING: UrgingFile,
    CaseKind.CAMPAIGN: CampaignFile,
    CaseKind.COORDINATION: CoordinationFile,
    CaseKind.DISPUTE: DisputeFile,
    CaseKind.STUDY: StudyFile,
    CaseKind.CLUE: ClueFile,
    CaseKind.FILE_REQUEST: FileRequestFile,
    CaseKind.ASSISTANT: AssistantFile,
    CaseKind.ENFORCEMENT: EnforcementFile,
    CaseKind.PUBLIC_INTEREST: PublicInterestFile,
    CaseKind.TRAINING: TrainingFile,
    CaseKind.LIAISON_EXCHANGE: LiaisonExchangeFile,
    CaseKind.PROBLEM_REPORT: ProblemReportFile,
}


@cache
def messages_of(kind: CaseKind) -> tuple[str, ...]:
    """The kinds of message that a case of that kind takes."""
    return (*file_of(blank(kind)).known_kinds, "sort_out", "correct")


def blank(kind: CaseKind) -> Opening:
    """The opening of no case in particular: enough to ask of a kind what it knows."""
    day = date(2021, 9, 15)
    return Opening(
        case=str(CaseId(kind, "000000", day.year, 1)),
        kind=kind,
        title=kind.label,
        county="000000",
        procuratorate=Recipient(name="人民检察院"),
        matter=Matter.OTHER,
        clue=Clue(source=ClueSource.OTHER),
        opened_on=day,
        handler=Person(name="承办人", role=Role.PROCURATOR),
    )


def file_of(opening: Opening) -> CaseFile:
    """The empty file of a case that is opened so."""
    return FILES[opening.kind](opening)


def restored(state: CaseState) -> CaseFile:
    """A case as it was; ValueError for a state from a newer program."""
    return FILES[state.opening.kind].restored(state)
