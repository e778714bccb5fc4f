"""第二条 定期通报、重大工作部署: what the two offices tell each other, and who has acknowledged it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from models.acknowledging import acknowledged_on, unreached
from models.casefile import CaseFile, OwnOrder, OwnPaper
from models.dates import EventDate
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.drafting import without_a_day
from models.errors import Problem
from models.exchange_figures import COLUMNS, Figures, rate, sentence, total
from models.exchanges import period_name
from models.facts import ReplyReceived
from models.general_papers import GeneralForm
from models.journal import Route
from models.letters import Letter
from models.plain_papers import form
from models.said.liaison import (
    ExchangeTerms,
    FiguresGathered,
    FiguresOrder,
    GatherFigures,
)
from models.stages import ExchangeStage
from models.tasks import Task
from models.terms import ExchangeSubject, Outcome
from models.wire import LetterText

LIAISON = "coop.liaison"

_TELLING = (DocumentType.CIRCULAR, DocumentType.DEPLOYMENT_NOTICE)


class LiaisonExchangeFile(CaseFile):
    """One exchange as its journal has made it: a regular one with its figures, or the announcement of a deployment."""

    DOCUMENTS = _TELLING
    OUTCOMES = (Outcome.ACKNOWLEDGED, Outcome.CANCELLED)
    RULES = (LIAISON,)

    def own_routes(self) -> dict[str, Route]:
        terms = self.opening.terms
        self.terms = terms if isinstance(terms, ExchangeTerms) else ExchangeTerms()
        self.first_day, self.last_day = self.terms.first_day, self.terms.last_day
        self.gatherings = 1
        # What each gathering is about: a table that is made late, or again, must not bear the period of a later one.
        self.periods = {1: (self.first_day, self.last_day)}
        self.gathered: dict[int, FiguresGathered] = {}
        self.gathered_on: dict[int, date] = {}
        if self.is_regular:
            self.deadlines.start(LIAISON, EventDate.on(self.opening.opened_on), "opening")
        return {
            "draft_letter": Route(self.drafting.check_draft, self._take_draft, self._door_draft),
            "reply_received": Route(self.correspondence.check_reply, self._take_answer, after_closing=True),
            "gather_figures": Route(self._check_gather, self._take_gather),
            "figures_gathered": Route(self._check_figures, self._take_figures, after_closing=True),
        }

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular exchange, and no announcement of a deployment."""
        return self.terms.about is ExchangeSubject.REGULAR

    def against_opening(self) -> list[Problem]:
        """A regular exchange is about a period that is over; a deployment has fields and a content; both have two sides."""
        problems = []
        if len(self.terms.offices) < 2 and not self.terms.recipients:
            problems.append(Problem("没有写明双方部门", "填写 offices，两个部门", "offices"))
        if self.is_regular:
            return problems + self._against_period(
                self.terms.first_day, self.terms.last_day, self.opening.opened_on
            )
        if not self.terms.deployment:
            problems.append(Problem("没有写明部署的内容", "填写 deployment", "deployment"))
        if not self.terms.fields:
            problems.append(Problem("没有写明部署涉及的领域", "填写 fields", "fields"))
        return problems

    def _against_period(self, first: date | None, last: date | None, today: date) -> list[Problem]:
        if first is None or last is None:
            field = "last_day" if first else "first_day"
            return [Problem("没有写明通报的期间", "填写 first_day、last_day", field)]
        if first > last:
            return [Problem(f"期间颠倒：{first} 晚于 {last}", "更正其一", "first_day")]
        if last >= today:
            return [Problem(f"期间至 {last}，尚未结束", "期间结束后再汇总", "last_day")]
        return []

    # where it stands

    @property
    def stage(self) -> ExchangeStage:
        if self.is_closed:
            if self.is_looked_back:
                return ExchangeStage.ARCHIVED
            return ExchangeStage.REVISIT if self.ending.look_backs else ExchangeStage.CLOSED
        if not self.sent:
            waits = self.is_regular and self.figures is None
            return ExchangeStage.GATHERING if waits else ExchangeStage.CIRCULAR_DRAFTED
        if self.is_acknowledged:
            return ExchangeStage.ACKNOWLEDGED
        if any(letter.service is None and not letter.replies for letter in self.sent):
            return ExchangeStage.CIRCULATED
        return ExchangeStage.AWAITING_ACKNOWLEDGEMENT

    @property
    def sent(self) -> list[Letter]:
        """The circulars or announcements that have gone out and stand."""
        return self.letters.of_type(*_TELLING)

    @property
    def sides(self) -> tuple[str, ...]:
        """Who is to be told: both offices, or those that a deployment names."""
        return self.terms.recipients or self.terms.offices

    @property
    def is_acknowledged(self) -> bool:
        """Whether everybody who is to be told was told, and has acknowledged it."""
        told = self.sent
        return bool(told) and not unreached(self.sides, told) and all(map(acknowledged_on, told))

    @property
    def figures(self) -> tuple[Figures, ...] | None:
        """The figures of the last gathering; None until they are there."""
        last = self.gathered.get(self.gatherings)
        return last.figures if last else None

    # gathering

    def own_orders(self) -> Iterator[OwnOrder]:
        order, first, last = f"figures/{self.gatherings}", self.first_day, self.last_day
        if self.is_closed or not self.is_regular or first is None or last is None:
            return
        if self.gatherings not in self.gathered and order not in self.links.done:
            case, place = self.opening.case, self.opening.county
            yield OwnOrder(
                order=order,
                task=Task.GATHER_FIGURES.value,
                told=FiguresOrder(order=order, case=case, place=place, first_day=first, last_day=last),
                brings=FiguresGathered,
                summary=f"汇总{first}至{last}的数据",
            )

    def _check_gather(self, decision: GatherFigures, today: date) -> list[Problem]:
        if not self.is_regular:
            return [Problem("工作部署没有数据可汇总", "定期通报另行立案", "kind")]
        if not decision.reason:
            return [Problem("重新汇总须写明理由", "填写 reason", "reason")]
        first, last = decision.first_day or self.first_day, decision.last_day or self.last_day
        return self._against_period(first, last, decision.on or today)

    def _take_gather(self, decision: GatherFigures, today: date) -> str:
        self.gatherings += 1
        self.first_day = decision.first_day or self.first_day
        self.last_day = decision.last_day or self.last_day
        self.periods[self.gatherings] = self.first_day, self.last_day
        return f"重新汇总{self.first_day}至{self.last_day}的数据：{decision.reason}"

    def _check_figures(self, news: FiguresGathered, today: date) -> list[Problem]:
        number = news.order.removeprefix("figures/")
        if number.isdecimal() and 0 < int(number) <= self.gatherings:
            return []
        return [Problem(f"没有要汇总的数据“{news.order}”", "请整理", "order")]

    def _take_figures(self, news: FiguresGathered, today: date) -> str:
        number = int(news.order.removeprefix("figures/"))
        self.gathered[number], self.gathered_on[number] = news, today
        said = sentence(total(news.figures)) if news.figures else "期内没有案件"
        return f"数据已汇总（{len(news.figures)}个县、市、区）：{said}"

    # telling

    def _door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        problems = self.drafting.door_draft(decision, today) + without_a_day(decision, *_TELLING)
        if decision.document is DocumentType.CIRCULAR and not self.is_regular:
            problems.append(Problem("本案通报的是工作部署", "改用重大工作部署通报", "document"))
        if decision.document is DocumentType.DEPLOYMENT_NOTICE and self.is_regular:
            problems.append(Problem("本案是定期通报", "改用情况通报；部署另行立案", "document"))
        if decision.document is DocumentType.CIRCULAR and self.is_regular and self.figures is None:
            problems.append(
                Problem("数据尚未汇总", "稍后再试；没有写期间的，先汇总（gather_figures）", "document")
            )
        return problems

    def _take_draft(self, decision: DraftLetter, today: date) -> str:
        if decision.document in _TELLING and not decision.text.facts:
            decision = decision.model_copy(update={"text": decision.text.over(self._text())})
        return self.drafting.take_draft(decision, today)

    def _text(self) -> LetterText:
        """What a circular says unless its draft does: the figures, county by county; a deployment, its fields and content."""
        if not self.is_regular:
            fields = f"涉及领域：{'、'.join(self.terms.fields)}。\n" if self.terms.fields else ""
            return LetterText(subject=self.opening.title, facts=f"{fields}{self.terms.deployment}")
        assert self.first_day and self.last_day
        counted = self.figures or ()
        lines = [f"{self.first_day}至{self.last_day}，自然资源领域检察监督和行政执法办案情况如下。"]
        lines += [sentence(each) for each in counted] or ["期内没有案件。"]
        if len(counted) > 1:
            lines.append(sentence(total(counted)))
        subject = f"{period_name(self.first_day, self.last_day)}自然资源领域检察监督和行政执法办案情况"
        return LetterText(subject=subject, facts="\n".join(lines)[:20_000])

    def _take_answer(self, fact: ReplyReceived, today: date) -> str:
        """The last acknowledgement ends the exchange's own clock."""
        answer = self._take_reply(fact, today)
        days = [on for letter in self.sent if (on := acknowledged_on(letter)) is not None]
        if self.is_acknowledged:
            last = max(days, key=lambda on: (on.latest, on.earliest))
            self.deadlines.meet(f"case/{LIAISON}", last, fact.id)
        return answer

    def against_closing(self, outcome: Outcome) -> list[Problem]:
        if outcome is not Outcome.ACKNOWLEDGED:
            return []
        problems = [
            Problem(f"没有通报“{side}”", "起草、制发通报", "outcome")
            for side in unreached(self.sides, self.sent)
        ]
        if not self.sent and not problems:
            problems.append(Problem("尚未通报", "起草、制发通报", "outcome"))
        problems += [
            Problem(f"{letter}尚未确认", "记录其确认（回复，态度 收悉）；有异议的，重新汇总、通报", "outcome")
            for letter in self.sent
            if acknowledged_on(letter) is None
        ]
        if undone := self.putting_right.open_items:
            ids = "、".join(each.item.id for each in undone)
            problems.append(Problem(f"衔接事项尚未完成：{ids}", "记录进展，或决定不再要求", "outcome"))
        return problems

    # papers

    def own_papers(self) -> Iterator[OwnPaper]:
        """通报数据表, of each gathering."""
        for number in self.gathered:
            name = "通报数据表" if number == 1 else f"通报数据表-{number}"
            on = self.gathered_on[number]
            yield OwnPaper(f"table/{number}", on, name, partial(self._table, number, on))

    def _table(self, number: int, on: date) -> GeneralForm:
        news, (first, last) = self.gathered[number], self.periods[number]
        everything = total(news.figures)
        rows = [(label, f"{getattr(everything, name)}件") for name, label in COLUMNS.items()]
        rows += [("抄送率", rate(everything.copy_rate)), ("及时率", rate(everything.timely_rate))]
        counties = tuple(sentence(each) for each in news.figures)
        return form(
            self,
            DocumentType.FIGURES_TABLE,
            on,
            rows=(("期间", f"{first}至{last}"), *rows),
            sections=(
                ("各县（市、区）", "" if counties else "期内没有案件。", counties),
                (
                    "说明",
                    "回复、抄送按届满之日归入期间；按期与整改到位分列。抄送率、及时率的分母均为期内应抄送的申请，没有的为“无”。",
                    (),
                ),
            ),
        )
