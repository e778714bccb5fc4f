"""What was given of a file, item by item (案卷材料): copies held against their originals, originals given back by their day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from models.calendar import LATEST_START
from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.assistance import CopiesCompared, FileProvided, FileReturned, ProvidedItem

RETURN = "local.file_return"


@dataclass(slots=True)
class GivenItem:
    """One thing that was given, by its title, which no other of the case bears."""

    item: ProvidedItem
    provision: str
    provided_on: EventDate
    compared_by: tuple[str, ...]
    returned_on: EventDate | None = None

    @property
    def is_compared(self) -> bool:
        """Whether it can stand as evidence: an original, or a copy that two have held against it."""
        return self.item.original or len(self.compared_by) > 1

    @property
    def is_owed(self) -> bool:
        """Whether it is an original that was not given back yet."""
        return self.item.original and self.returned_on is None


@dataclass(slots=True)
class ProvidedFiles:
    """All that was given in one case."""

    deadlines: Deadlines
    by_title: dict[str, GivenItem] = field(default_factory=dict)

    @property
    def uncompared(self) -> list[str]:
        """The copies that nobody has held against their originals."""
        return [title for title, given in self.by_title.items() if not given.is_compared]

    @property
    def owed(self) -> list[str]:
        """The originals still to be given back."""
        return [title for title, given in self.by_title.items() if given.is_owed]

    @property
    def has_returned(self) -> bool:
        """Whether there were originals, and all are back with their holder."""
        return any(given.item.original for given in self.by_title.values()) and not self.owed

    def check_provided(self, fact: FileProvided) -> list[Problem]:
        problems = []
        titles = [each.title for each in fact.items]
        for title in dict.fromkeys(titles):
            if title in self.by_title or titles.count(title) > 1:
                problems.append(Problem(f"材料“{title}”已列", "同名的加编号，如“（二）”", "items"))
        for each in fact.items:
            if each.original and each.compared_by:
                problems.append(Problem(f"“{each.title}”是原件", "原件不必核对", "items"))
            elif each.compared_by and not _are_two(each.compared_by):
                problems.append(Problem(f"“{each.title}”只有一人核对", "核对由二人进行", "items"))
        has_original = any(each.original for each in fact.items)
        if fact.return_by and not has_original:
            problems.append(Problem("没有原件，不必归还", "删去 return_by", "return_by"))
        if fact.return_by and not fact.on.latest <= fact.return_by <= LATEST_START:
            problems.append(Problem(f"归还日期 {fact.return_by} 早于提供日", "请核对日期", "return_by"))
        return problems

    def take_provided(self, fact: FileProvided) -> None:
        for each in fact.items:
            self.by_title[each.title] = GivenItem(each, fact.id, fact.on, each.compared_by)
        if any(each.original for each in fact.items):
            key = f"case/{RETURN}/{fact.id}"
            self.deadlines.start(RETURN, fact.on, fact.id, fixed_on=fact.return_by, key=key)

    def check_compared(self, fact: CopiesCompared, today: date) -> list[Problem]:
        problems = future(fact.on, today) + self._known(fact.titles, self.uncompared, "待核对的复印件")
        if not _are_two(fact.compared_by):
            problems.append(Problem("只有一人核对", "核对由二人进行", "compared_by"))
        return problems

    def take_compared(self, fact: CopiesCompared, today: date) -> str:
        titles = fact.titles or tuple(self.uncompared)
        for title in titles:
            self.by_title[title].compared_by = fact.compared_by
        return f"{fact.on}{'、'.join(fact.compared_by)}核对，与原件一致：{'、'.join(titles)}"

    def check_returned(self, fact: FileReturned, today: date) -> list[Problem]:
        problems = future(fact.on, today) + self._known(fact.titles, self.owed, "待归还的原件")
        early = [
            title
            for title in fact.titles or self.owed
            if title in self.by_title and self.by_title[title].provided_on.earliest > fact.on.latest
        ]
        if early:
            problems.append(Problem(f"归还日 {fact.on} 早于提供日：{'、'.join(early)}", "请核对日期", "on"))
        return problems

    def take_returned(self, fact: FileReturned, today: date) -> str:
        titles = fact.titles or tuple(self.owed)
        for title in titles:
            self.by_title[title].returned_on = fact.on
        for provision in dict.fromkeys(self.by_title[title].provision for title in titles):
            back = [each for each in self.by_title.values() if each.provision == provision]
            if not any(each.is_owed for each in back):
                days = [each.returned_on for each in back if each.returned_on]
                last = max(days, key=lambda on: (on.latest, on.earliest))
                self.deadlines.meet(f"case/{RETURN}/{provision}", last, fact.id)
        left = f"；尚有{len(self.owed)}件未还" if self.owed else "，原件全部归还"
        return f"{fact.on}归还{'、'.join(titles)}{left}"

    def _known(self, titles: Iterable[str], open_: list[str], what: str) -> list[Problem]:
        if not open_:
            return [Problem(f"没有{what}", "请核对", "titles")]
        unknown = [title for title in titles if title not in open_]
        if not unknown:
            return []
        return [Problem(f"{what}里没有：{'、'.join(unknown)}", f"可选：{'、'.join(open_)}", "titles")]


def _are_two(names: tuple[str, ...]) -> bool:
    return len(dict.fromkeys(names)) > 1
