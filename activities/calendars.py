"""The rules and the calendar editions of a site. Editions: those shipped, the site's own year files laid over the latest, and
over these what was published in the books; each edition that comes of it is kept there for ever.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Protocol

from models.adoptions import SiteRules
from models.calendar import Calendar, calendar, editions
from models.errors import InputError, Problem, Refusal
from models.publications import Publication, in_force
from models.year_files import YearFile, read_year

FRESH_SECONDS = 1.0
"""How old the answer to “what was published?” may be in a worker."""
NOTICED_SECONDS = 3 * FRESH_SECONDS
"""So long after a publication every worker counts by it: no case is told of it before."""


class EditionBook(Protocol):
    """Where editions are kept: immutable, by name; and what was published, in order."""

    def publish(self, name: str, text: str) -> str:
        """Keep an edition; the same again is fine, another text under its name is refused."""
        ...

    def edition(self, name: str) -> str:
        """The text of an edition; Refusal when the books have none of that name."""
        ...

    def publications(self) -> Sequence[Publication]:
        """Every year that was published on this site, in order."""
        ...

    def adoptions(self) -> Sequence[Publication]:
        """Every adoption of rules on this site, in order."""
        ...


class SiteCalendars:
    """Editions by name. `folder` holds the year files of this machine; a year published in the books goes before its file."""

    def __init__(self, folder: Path, book: EditionBook) -> None:
        self._folder = folder
        self._book = book
        self._published: set[str] = set()
        self._last_good: tuple[tuple[str, str], ...] | None = None
        self._heard: tuple[float, tuple[Publication, ...]] | None = None
        self._heard_rules: tuple[float, tuple[Publication, ...], SiteRules] | None = None
        self._rebuilt = cache(self._rebuild)

    @property
    def rules(self) -> SiteRules:
        """The rules with every version that was adopted in the books."""
        heard = self._heard_rules
        return heard[2] if heard and monotonic() - heard[0] <= FRESH_SECONDS else self.rules_now()

    def rules_now(self) -> SiteRules:
        """The same, as the books have them at this moment."""
        asked, heard, adoptions = monotonic(), self._heard_rules, tuple(self._book.adoptions())
        rules = heard[2] if heard and heard[1] == adoptions else SiteRules(adoptions)
        self._heard_rules = asked, adoptions, rules
        return rules

    def current(self) -> Calendar:
        """The latest shipped edition, with the site's own years over it; an edition of the site goes into the books."""
        try:
            # Read once: an edition is kept for ever, and must be kept with the texts that it was made of.
            texts = _site_years(self._folder)
            _years_of(texts)
            self._last_good = texts
        except InputError:
            if self._last_good is None:
                raise
            # A year file half copied, or broken since: cases go on under what was good; `mingjian doctor` tells.
            texts = self._last_good
        texts = _with_published(texts, self._in_force())
        edition = _edition_of(texts)
        if texts and edition.name not in self._published:
            self._keep(edition.name, texts)
        return edition

    def why(self) -> str:
        """Who published the last of the years in force, and for what reason; empty when none was published."""
        last = max(self._in_force(), key=lambda each: each.number, default=None)
        return f"{last.by}：{last.reason}" if last is not None else ""

    def published(self) -> int:
        """How often a year was published here."""
        return max((each.number for each in self._in_force()), default=0)

    def named(self, name: str) -> Calendar:
        """An edition by name: a shipped one, or one that this site has used before."""
        return calendar(name) if name in editions() else self._rebuilt(name)

    def _in_force(self) -> tuple[Publication, ...]:
        asked = monotonic()
        if self._heard is None or asked - self._heard[0] > FRESH_SECONDS:
            self._heard = asked, in_force(self._book.publications())
        return self._heard[1]

    def _keep(self, name: str, texts: tuple[tuple[str, str], ...]) -> None:
        text = json.dumps({"over": calendar().name, "years": dict(texts)}, ensure_ascii=False, sort_keys=True)
        try:
            self._book.publish(name, text)
        except Refusal:
            # Kept before, from a file of another name or with another remark: the name says that the days are the same.
            self.named(name)
        self._published.add(name)

    def _rebuild(self, name: str) -> Calendar:
        kept = json.loads(self._book.edition(name))
        return _laid_over(kept["over"], tuple(sorted(kept["years"].items())))


def site_edition(folder: Path | None, published: Sequence[Publication] = ()) -> Calendar:
    """The edition that a folder of year files, and what was published, make of the latest shipped one; InputError with all
    problems of the files.
    """
    texts = _site_years(folder) if folder is not None else ()
    _years_of(texts)
    return _edition_of(_with_published(texts, in_force(published)))


def _with_published(
    texts: tuple[tuple[str, str], ...], published: Sequence[Publication]
) -> tuple[tuple[str, str], ...]:
    """The texts that an edition is made of, in the order of their names: a published year takes the place of files of it."""
    if not published:
        return texts
    years = {each.year.year: (f"published-{each.year.year}.toml", each.text) for each in published}
    kept = [text for text, file in zip(texts, _years_of(texts), strict=True) if file.year not in years]
    return tuple(sorted((*kept, *years.values())))


def _edition_of(texts: tuple[tuple[str, str], ...]) -> Calendar:
    return _laid_over(calendar().name, texts) if texts else calendar()


def _site_years(folder: Path) -> tuple[tuple[str, str], ...]:
    """The year files by name; InputError for one that is gone again, or is cut off in the middle of a character."""
    if not folder.is_dir():
        return ()
    texts = []
    for path in sorted(folder.glob("*.toml")):
        try:
            texts.append((path.name, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            raise InputError(Problem("年历文件读不出来", "以 UTF-8 编码重新放入", file=str(path))) from None
    return tuple(texts)


@cache
def _years_of(texts: tuple[tuple[str, str], ...]) -> tuple[YearFile, ...]:
    return tuple(read_year(text, file=name) for name, text in texts)


@cache
def _laid_over(shipped: str, texts: tuple[tuple[str, str], ...]) -> Calendar:
    return calendar(shipped).with_years(_years_of(texts))
