"""What each kind of case asks at its opening, besides what every case has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.said.assistance import AssistantTerms, FileRequestTerms
from models.said.campaigns import CampaignTerms
from models.said.clues import ClueTerms
from models.said.coordination import CoordinationTerms
from models.said.disputes import DisputeTerms
from models.said.enforcement import EnforcementTerms
from models.said.joint_work import StudyTerms, TrainingTerms
from models.said.liaison import ExchangeTerms, ProblemTerms
from models.said.public_interest import PublicInterestTerms

Terms = Annotated[
    EnforcementTerms
    | PublicInterestTerms
    | ClueTerms
    | FileRequestTerms
    | AssistantTerms
    | CampaignTerms
    | CoordinationTerms
    | DisputeTerms
    | StudyTerms
    | TrainingTerms
    | ExchangeTerms
    | ProblemTerms,
    Field(discriminator="kind"),
]
