"""第六条 调卷、查询、协助调查: a request for a file, for information, or for help with an inquiry, and what is given upon it.

The request is a letter to the holder, with the day by which it is to be answered; what is given is listed item by item,
copies are held against their originals, originals are given back. What is refused is put before the chief procurator.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.casefile import CaseFile, OwnPaper
from models.cases.provided_files import RETURN, ProvidedFiles
from models.dates import future
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.errors import Problem
from models.facts import LetterServed
from models.general_papers import GeneralForm
from models.journal import Route
from models.ladder import Ladder
from models.letters import Letter
from models.plain_papers import form, told_apart
from models.said.assistance import ActOnRefusal, FileProvided, FileRequestTerms, ProvidedItem
from models.stages import FileRequestStage
from models.terms import Outcome, RefusalMeasure, Stance

ACCESS = "file.access"
REQUESTS = (DocumentType.FILE_REQUEST, DocumentType.QUERY_LETTER, DocumentType.INQUIRY_HELP_LETTER)

# What a reply says of the file; any other stance leaves it still to be given.
_SAYS = {
    Stance.PROVIDED: FileRequestStage.PROVIDED,
    Stance.PARTLY_PROVIDED: FileRequestStage.PARTLY_PROVIDED,
    Stance.REFUSED: FileRequestStage.REFUSED,
    Stance.DECLINED: FileRequestStage.REFUSED,
    Stance.NOT_ADOPTED: FileRequestStage.REFUSED,
    Stance.NOT_COMPETENT: FileRequestStage.REFUSED,
}

# Of letters side by side the one that most needs doing decides.
_ORDER = (
    FileRequestStage.OVERDUE,
    FileRequestStage.REFUSED,
    FileRequestStage.PARTLY_PROVIDED,
    FileRequestStage.REQUESTED,
    FileRequestStage.SERVED,
    FileRequestStage.PROVIDED,
)
_FAILED = _ORDER[:3]


class FileRequestFile(CaseFile):
    """A request for a file as its journal has made it."""

    DOCUMENTS = REQUESTS
    OUTCOMES = (Outcome.PROVIDED, Outcome.PARTLY_PROVIDED, Outcome.REFUSED, Outcome.CANCELLED)
    RULES = (ACCESS, RETURN)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, FileRequestTerms) else FileRequestTerms()
        self.files = files = ProvidedFiles(self.deadlines)
        self.provisions: dict[str, list[FileProvided]] = {}
        self.measures: dict[str, list[ActOnRefusal]] = {}
        ladder, drafting = Ladder(self.correspondence, self.drafting), self.drafting
        return {
            "draft_letter": Route(drafting.check_draft, drafting.take_draft, self._door_draft),
            "letter_served": Route(self.correspondence.check_served, self._take_receipt, after_closing=True),
            "file_provided": Route(self._check_provided, self._take_provided),
            "copies_compared": Route(files.check_compared, files.take_compared),
            "file_returned": Route(files.check_returned, files.take_returned),
            "urge": Route(ladder.check_urge, ladder.take_urge, ladder.door_urge),
            "act_on_refusal": Route(self._check_act, self._take_act, self._door_act),
        }

    def against_opening(self) -> list[Problem]:
        problems = []
        if not self.terms.holder:
            problems.append(Problem("没有写明保管案卷的单位", "填写 holder", "holder"))
        if not self.terms.files:
            problems.append(Problem("没有写明调阅、查询什么", "填写 files", "files"))
        return problems

    # where it stands

    @property
    def stage(self) -> FileRequestStage:
        if self.is_closed:
            if self.is_looked_back:
                return FileRequestStage.ARCHIVED
            return FileRequestStage.REVISIT if self.ending.look_backs else FileRequestStage.CLOSED
        standings = [self._standing(letter) for letter in self.unsettled]
        if standings:
            return min(standings, key=_ORDER.index)
        if self.files.owed:
            return FileRequestStage.TO_BE_RETURNED
        if self.files.has_returned:
            return FileRequestStage.RETURNED
        all_of_them = (self._standing(letter) for letter in self.requests)
        return min(all_of_them, key=_ORDER.index, default=FileRequestStage.REQUESTED)

    @property
    def requests(self) -> list[Letter]:
        """The live requests of the case."""
        return self.letters.of_type(*REQUESTS)

    @property
    def unsettled(self) -> list[Letter]:
        """The requests upon which something is still to be given, or to be done about a refusal."""
        return [
            letter
            for letter in self.requests
            if self._standing(letter) is not FileRequestStage.PROVIDED
            and not (letter.id in self.measures and self._standing(letter) in _FAILED)
        ]

    @property
    def is_answered(self) -> bool:
        """Whether there are requests, and none is unsettled."""
        return bool(self.requests) and not self.unsettled

    def _standing(self, letter: Letter) -> FileRequestStage:
        """How far one request has come: by what was given or said last, else by its service and its day."""
        said = [
            (reply.order, _SAYS[reply.stance])
            for reply in letter.replies
            if reply.stance is not None and reply.stance in _SAYS
        ]
        given = [
            (
                (each.on.earliest, each.on.latest),
                FileRequestStage.PARTLY_PROVIDED if each.withheld else FileRequestStage.PROVIDED,
            )
            for each in self.provisions.get(letter.id, ())
        ]
        if said or given:
            return max([*said, *given], key=lambda each: each[0])[1]
        if letter.id in self.overdue_letters:
            return FileRequestStage.OVERDUE
        return FileRequestStage.SERVED if letter.service else FileRequestStage.REQUESTED

    # asked

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        """The day by which it is to be given stands in the request: [意见]6 has none."""
        problems = self.drafting.door_draft(decision, today)
        if decision.document in REQUESTS and not (decision.reply_by or decision.reply_within):
            problems.append(
                Problem(f"{decision.document.label}没有写明何日前提供", "填写 reply_by", "reply_by")
            )
        return problems

    def _take_receipt(self, fact: LetterServed, today: date) -> str:
        """What was given before the receipt was entered meets the period that the receipt starts."""
        sentence = self._take_served(fact, today)
        for letter, provisions in self.provisions.items():
            for each in provisions:
                self.deadlines.meet(self.letters.by_id[letter].reply_key, each.on, each.id)
        return sentence

    # given

    def _request(self, reference: str, by: date | None = None) -> Letter | list[Problem]:
        """The request that a message is about: of several to one body, of a fact, the first that nothing was given upon."""
        waits = (lambda letter: letter.id not in self.provisions) if by else None
        found = self.letters.matching(reference, waits, by or date.max)
        requests = [letter for letter in found if letter.type in REQUESTS and letter.issued_on]
        if len(requests) == 1:
            return requests[0]
        listing = "；".join(map(str, self.requests))
        if not listing:
            return [Problem("请求尚未制发", "先审批、制发", "letter")]
        what = "对应多份请求" if requests else "没有对应的已制发请求"
        return [Problem(f"“{reference or '（未填）'}”{what}", f"请写明其一：{listing}", "letter")]

    def _check_provided(self, fact: FileProvided, today: date) -> list[Problem]:
        letter = self._request(fact.letter, fact.on.latest)
        if isinstance(letter, list):
            return letter
        problems = future(fact.on, today)
        if letter.issued_on and fact.on.latest < letter.issued_on:
            what = f"日期 {fact.on} 早于请求制发日 {letter.issued_on}"
            problems.append(Problem(what, "请核对日期", "on"))
        return problems + self.files.check_provided(fact)

    def _take_provided(self, fact: FileProvided, today: date) -> str:
        letter = self._request(fact.letter, fact.on.latest)
        assert isinstance(letter, Letter)
        self.provisions.setdefault(letter.id, []).append(fact)
        self.files.take_provided(fact)
        self.deadlines.meet(letter.reply_key, fact.on, fact.id)
        withheld = f"，未提供：{'、'.join(fact.withheld)}" if fact.withheld else ""
        back = f"，原件{fact.return_by}前归还" if fact.return_by else ""
        return f"{letter}：{fact.on}提供材料{len(fact.items)}件{withheld}{back}"

    # refused

    def _check_act(self, decision: ActOnRefusal, today: date) -> list[Problem]:
        letter = self._request(decision.letter)
        problems = letter if isinstance(letter, list) else []
        if decision.measure is not RefusalMeasure.OTHER and not decision.to:
            problems.append(Problem(f"“{decision.measure.label}”须写明向谁", "填写 to", "to"))
        if not decision.reason:
            problems.append(Problem("须写明理由", "填写 reason：拒绝了什么，有无正当理由", "reason"))
        return problems

    def _door_act(self, decision: ActOnRefusal, today: date) -> list[Problem]:
        letter = self._request(decision.letter)
        assert isinstance(letter, Letter)
        problems = []
        if self._standing(letter) not in _FAILED:
            what = f"{letter}既未逾期，也未被拒绝或者只提供一部分"
            problems.append(Problem(what, "等待提供；未送达的先送达", "letter"))
        if not decision.by.role.is_chief:
            problems.append(Problem("报告、通报、建议须由检察长决定", "由检察长作出", "by"))
        return problems

    def _take_act(self, decision: ActOnRefusal, today: date) -> str:
        letter = self._request(decision.letter)
        assert isinstance(letter, Letter)
        self.measures.setdefault(letter.id, []).append(decision)
        to = f"（{decision.to}）" if decision.to else ""
        return f"{letter}：{decision.measure.label}{to}：{decision.reason}"

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        for letter, provisions in self.provisions.items():
            holder = self.letters.by_id[letter].recipient.name
            for each in provisions:
                name = told_apart("案卷材料接收清单", each.id)
                build = partial(self._list, each, holder)
                yield OwnPaper(f"files/{each.id}", each.on.latest, name, build, fact=each.id)

    def _list(self, fact: FileProvided, holder: str) -> GeneralForm:
        return form(
            self,
            DocumentType.FILE_LIST,
            fact.on.latest,
            rows=(
                ("提供单位", holder),
                ("接收日期", str(fact.on)),
                ("件数", str(len(fact.items))),
                ("原件归还日期", str(fact.return_by or "")),
            ),
            sections=(
                ("材料", "", tuple(map(_in_words, fact.items))),
                ("未提供的材料及其理由", "", fact.withheld),
            ),
            signers=("提供单位经办人", "接收人", "接收人"),
        )

    # the end

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        problems = self._untrue(outcome)
        if self.files.owed:
            what = f"原件尚未归还：{'、'.join(self.files.owed)}"
            problems.append(Problem(what, "归还后记录（file_returned）", "outcome"))
        if self.files.uncompared:
            what = f"复印件尚未与原件核对：{'、'.join(self.files.uncompared)}"
            problems.append(Problem(what, "由二人核对后记录（copies_compared）", "outcome"))
        return problems

    def _untrue(self, outcome: Outcome) -> list[Problem]:
        """The outcome must be what the journal shows."""
        standings = [self._standing(letter) for letter in self.requests]
        given = [
            each for each in standings if each in (_SAYS[Stance.PROVIDED], _SAYS[Stance.PARTLY_PROVIDED])
        ]
        is_whole = bool(standings) and all(each is FileRequestStage.PROVIDED for each in standings)
        match outcome:
            case Outcome.PROVIDED if not is_whole:
                return [Problem("所请求的没有全部提供", "记录提供，或选择真实的结果", "outcome")]
            case Outcome.PARTLY_PROVIDED if is_whole or not given:
                return [Problem("不是部分提供", "选择真实的结果", "outcome")]
            case Outcome.REFUSED if given or not any(each in _FAILED for each in standings):
                return [Problem("没有拒绝提供", "选择真实的结果", "outcome")]
            case Outcome.REFUSED if not self.measures:
                return [Problem("拒绝尚未处理", "先由检察长决定（act_on_refusal）", "outcome")]
            case Outcome.CANCELLED if standings:
                return [Problem("请求尚未撤回", "先撤回（withdraw_letter）", "outcome")]
        return []


def _in_words(item: ProvidedItem) -> str:
    pages = f"，{item.pages}页" if item.pages else ""
    compared = f"，与原件核对一致（{'、'.join(item.compared_by)}）" if item.compared_by else ""
    scan = f"，电子件 SHA-256 {item.scan.digest}" if item.scan else ""
    return f"{item.title}{pages}，{'原件' if item.original else '复印件'}{compared}{scan}"
