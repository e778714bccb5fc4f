"""A copy of a case, on which messages are tried one after another before any of them is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle

from models.adjusting import SUPERIOR
from models.adoptions import Rules
from models.bodies import Body, Jurisdiction
from models.dates import day_in_china
from models.decisions import ApproveLetter, Correct, Decision, Extend, IssueLetter
from models.documents import missing
from models.errors import Problem
from models.facts import FACTS, Fact
from models.journal import CaseState
from models.kinds import restored
from models.numbering import CaseId
from models.orders import letter_paper
from models.rules import rule
from models.said.bases import DecisionBase, FactBase
from models.said.links import LinkCase, OpenLinked
from models.terms import Relation
from starter.office import PATIENCE, Office, answering
from starter.ties import OtherCases, against_opening_of
from starter.written import Written

Handle = WorkflowHandle[Any, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A 文号 that a document is to have: (issuer, type, year, number), and whose it is."""

    named: tuple[str, str, int, str]
    owner: str


class Trial:
    """A copy of the case, on which messages are tried one after another before any is sent."""

    def __init__(self, state: CaseState) -> None:
        self._case = restored(state)
        self._now = datetime.now(UTC) + timedelta(seconds=state.opening.offset_seconds)

    @classmethod
    async def of(cls, handle: Handle) -> Trial:
        """The case as it stands now."""
        with answering():
            state = await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
        return cls(state)

    def issuer(self, office: Office) -> Body | None:
        """The procuratorate that has the case."""
        return office.jurisdiction.find(self._case.opening.procuratorate.name)

    def through(self, message: Fact | Decision, written: Written) -> list[Problem]:
        """What is wrong with a message; it is then taken, so that the next one can build on it."""
        problems = self._case.check(message, day_in_china(self._now))
        self._case.take(message, self._now)
        return [
            written.problem(tuple(each.field.split(".")) if each.field else (), each.what, each.remedy)
            for each in problems
        ]

    def issuable(self, decision: Decision, written: Written, rules: Rules = rule) -> list[Problem]:
        """What keeps a letter from going out that the case itself does not ask: a rule not in force, a gap in its text.

        Asked at the approval already, so that nobody approves what cannot be issued.
        """
        if not isinstance(decision, ApproveLetter | IssueLetter):
            return []
        on = decision.on or day_in_china(self._now)
        problems = []
        for letter in self._case.letters.of_document(decision.document):
            if not letter.is_pending:
                continue
            law = rules(letter.reply_rule)
            version, in_force = law.version_on(on)
            if not in_force:
                what = f"{on}时“{law.name}”的依据（{version.basis}）不在施行期间，不得据以制发{letter.type.label}"
                problems.append(written.problem(("on",), what, "核对制发日，或改用其他文书"))
            paper = letter_paper(self._case, letter).model_copy(update={"dated": on})
            problems += [
                written.problem(
                    ("document",),
                    f"{letter.id} {letter.type.label}缺少：{gap}",
                    "先修改文书（revise_draft）补全",
                )
                for gap in missing(paper)
            ]
        return problems

    def extended_from_above(
        self, jurisdiction: Jurisdiction, decision: Decision, written: Written
    ) -> list[Problem]:
        """That the procuratorate above which lengthens a period is the one above, where the jurisdiction file knows it."""
        own = jurisdiction.find(self._case.opening.procuratorate.name)
        above = jurisdiction.superior(own) if own else None
        if above is None or not isinstance(decision, Extend) or not decision.by.body:
            return []
        counted = self._case.deadlines.counted.get(decision.deadline)
        if counted is None or counted.extendable_by != SUPERIOR:
            return []
        if decision.by.body.endswith(above.name) or jurisdiction.find(decision.by.body) == above:
            return []
        what = f"本案的{SUPERIOR}是{above.name}，不是“{decision.by.body}”"
        return [written.problem(("by", "body"), what, "核对批准的检察院")]

    def tied(self, office: Office, decision: Decision, written: Written) -> list[Problem]:
        """What other cases, the roll of bodies and the programs at hand have against a tie, or a case opened from this."""
        opening = self._case.opening
        if isinstance(decision, OpenLinked):
            found = against_opening_of(decision, office.jurisdiction, opening.county)
        elif isinstance(decision, LinkCase) and not decision.elsewhere and CaseId.parse(decision.case):
            others = OtherCases(office.books, office.registry)
            parents = [tie.case for tie in self._case.links.standing(Relation.PARENT)]
            found = others.against(opening.case, parents, decision.relation, decision.case)
        else:
            return []
        return [written.problem((each.field,), each.what, each.remedy) for each in found]

    def claim(self, decision: Decision) -> Claim | None:
        """The 文号 that a decision gives to a document which has none yet."""
        if not isinstance(decision, IssueLetter) or not decision.official_no:
            return None
        pending = [each for each in self._case.letters.of_document(decision.document) if each.is_pending]
        if not pending:
            return None
        letter = pending[0]
        year = (decision.on or day_in_china(self._now)).year
        issuer = self._case.opening.procuratorate.name
        owner = f"{self._case.opening.case}/{letter.document}"
        return Claim((issuer, letter.type.value, year, decision.official_no), owner)

    def decisions(self) -> list[str]:
        """The ids of the decisions that were taken, in their order."""
        return [each.message.id for each in self._case.entries if isinstance(each.message, DecisionBase)]

    def facts(self) -> list[str]:
        """The ids of the facts that can be corrected."""
        return [each.message.id for each in self._case.entries if isinstance(each.message, FactBase)]

    def fact(self, name: str) -> Fact | None:
        """A fact as it was last corrected."""
        found: Any = None
        for entry in self._case.entries:
            message = entry.message
            if message.id == name and isinstance(message, FactBase):
                found = message
            elif isinstance(message, Correct) and message.fact == name and message.replacement:
                found = message.replacement.model_copy(update={"id": name})
        return found if found is None else FACTS.validate_python(found)
