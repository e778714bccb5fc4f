"""What an event of a published case establishes of its matter, and the meetings that were held over it. Pure."""

from __future__ import annotations

from models.decisions import Decision
from models.facts import Fact
from models.said.findings import FactEstablished
from models.said.meetings import MeetingHeld
from models.terms import Element, MeetingForm
from starter.rehearsing import words
from starter.rehearsing.outbox import CLERK
from starter.rehearsing.published import PublishedEvent

_ELEMENTS: dict[str, Element] = {
    "violation_started": Element.VIOLATION_STARTED,
    "violation_found": Element.VIOLATION_FOUND,
    "idle_determination": Element.VIOLATION_FOUND,
    "stop_notice_served": Element.STOP_ORDERED,
    "case_filed_agency": Element.AGENCY_FILED,
    "agency_investigation": Element.AGENCY_INVESTIGATED,
    "investigation_notice_served": Element.AGENCY_INVESTIGATED,
    "agency_hearing_held": Element.AGENCY_HEARD,
    "penalty_decision": Element.AGENCY_DECIDED,
    "reclaim_decision": Element.AGENCY_DECIDED,
    "cancellation_announced": Element.AGENCY_DECIDED,
    "mine_closed": Element.AGENCY_DECIDED,
    "rectification_deadline": Element.AGENCY_DECIDED,
    "party_deadline": Element.AGENCY_DECIDED,
    "decision_served": Element.AGENCY_SERVED,
    "demand_notice_served": Element.AGENCY_SERVED,
    "return_notice_served": Element.AGENCY_SERVED,
    "approval_requested": Element.APPROVAL_REQUESTED,
    "reconsideration_decision": Element.RECONSIDERED,
    "land_delivered": Element.LAND_SUPPLIED,
    "land_granted": Element.LAND_SUPPLIED,
    "land_auctioned": Element.LAND_SUPPLIED,
    "expropriation_decision": Element.LAND_EXPROPRIATED,
    "land_expropriation_started": Element.LAND_EXPROPRIATED,
    "registration_made": Element.LAND_REGISTERED,
    "registration_requested": Element.LAND_REGISTERED,
    "registration_changed": Element.LAND_REGISTERED,
    "contract_signed": Element.CONTRACT_MADE,
    "contract_changed": Element.CONTRACT_MADE,
    "agreement_signed": Element.CONTRACT_MADE,
    "clue_found": Element.CLUE_FOUND,
    "clue_transferred": Element.CLUE_TRANSFERRED,
    "mechanism_established": Element.MECHANISM_ESTABLISHED,
    "mechanism_published": Element.MECHANISM_ESTABLISHED,
    "model_built": Element.MECHANISM_ESTABLISHED,
    "campaign_started": Element.CAMPAIGN_HELD,
    "campaign_closed": Element.CAMPAIGN_HELD,
    "joint_inspection": Element.INSPECTED,
    "site_survey": Element.INSPECTED,
    "gov_minutes_issued": Element.GOVERNMENT_DECIDED,
    # Where no letter is out yet whose recipient they change.
    "agency_reorganized": Element.GOVERNMENT_DECIDED,
    "competence_transferred": Element.GOVERNMENT_DECIDED,
    "assigned_to_township": Element.GOVERNMENT_DECIDED,
    "execution_resumed": Element.COURT_DECIDED,
    "court_ruling": Element.COURT_DECIDED,
    "criminal_judgment": Element.COURT_DECIDED,
    "judgment": Element.COURT_DECIDED,
    "retrial_ordered": Element.COURT_DECIDED,
    "retrial_judgment": Element.COURT_DECIDED,
    "civil_suit_dismissed": Element.COURT_DECIDED,
    "court_refused": Element.COURT_DECIDED,
    "civil_suit_filed": Element.SUED,
    "lawsuit_filed": Element.SUED,
    "protest_filed": Element.SUED,
    "expert_opinion": Element.EXAMINED,
    "appraisal_commissioned": Element.EXAMINED,
    "appraisal_received": Element.EXAMINED,
    "evidence_supplied": Element.EVIDENCE_SUPPLIED,
    "demolition_started": Element.PARTY_ACTED,
}
_MEETINGS: dict[str, MeetingForm] = {
    "hearing_held": MeetingForm.HEARING,
    "meeting_held": MeetingForm.FORUM,
    "consultation_held": MeetingForm.CONSULTATION,
    "roundtable_held": MeetingForm.ROUND_TABLE,
}


def established(event: PublishedEvent) -> list[Fact | Decision]:
    """The meeting that an event was, or the element of the facts that it establishes; nothing for any other word."""
    form = _MEETINGS.get(event.word)
    if form is not None:
        topic = (event.note or words.label(event.word))[:200]
        attended = tuple(name[:200] for name in (event.actor, event.target) if name)
        return [
            MeetingHeld(
                id=f"E{event.number}-held",
                on=event.on,
                by=CLERK,
                form=form,
                topic=topic,
                attended=attended,
                note=event.note[:1000],
            )
        ]
    element = _ELEMENTS.get(event.word)
    if element is None:
        return []
    to = f"（{event.target}）" if event.target else ""
    return [
        FactEstablished(
            id=f"E{event.number}-established",
            on=event.on,
            by=CLERK,
            element=element,
            actor=event.actor,
            what=f"{event.note}{to}"[:2000],
        )
    ]
