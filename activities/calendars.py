"""Calendar editions: those shipped, and the site's own year files laid over the latest, kept in the books for ever."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Protocol

from models.calendar import Calendar, calendar, editions
from models.errors import InputError, Problem
from models.year_files import read_year


class EditionBook(Protocol):
    """Where editions are kept: immutable, by name."""

    def publish(self, name: str, text: str) -> str:
        """Keep an edition; the same again is fine, another text under its name is refused."""
        ...

    def edition(self, name: str) -> str:
        """The text of an edition; Refusal when the books have none of that name."""
        ...


class SiteCalendars:
    """Editions by name. `folder` holds the year files that staff have published on this site, none at first."""

    def __init__(self, folder: Path, book: EditionBook) -> None:
        self._folder = folder
        self._book = book
        self._published: set[str] = set()
        self._last_good: Calendar | None = None
        self._rebuilt = cache(self._rebuild)

    def current(self) -> Calendar:
        """The latest shipped edition, with the site's own years over it; an edition of the site goes into the books."""
        try:
            # Read once: an edition is kept for ever, and must be kept with the texts that it was made of.
            texts = _site_years(self._folder)
            edition = _edition_of(texts)
        except InputError:
            if self._last_good is None:
                raise
            # A year file half copied, or broken since: cases go on under what was good; `mingjian doctor` tells.
            return self._last_good
        self._last_good = edition
        if not texts:
            return edition
        if edition.name not in self._published:
            text = json.dumps(
                {"over": calendar().name, "years": dict(texts)}, ensure_ascii=False, sort_keys=True
            )
            self._book.publish(edition.name, text)
            self._published.add(edition.name)
        return edition

    def named(self, name: str) -> Calendar:
        """An edition by name: a shipped one, or one that this site has used before."""
        return calendar(name) if name in editions() else self._rebuilt(name)

    def _rebuild(self, name: str) -> Calendar:
        kept = json.loads(self._book.edition(name))
        return _laid_over(kept["over"], tuple(sorted(kept["years"].items())))


def site_edition(folder: Path) -> Calendar:
    """The edition that a folder of year files makes of the latest shipped one; InputError with all their problems."""
    return _edition_of(_site_years(folder))


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
def _laid_over(shipped: str, texts: tuple[tuple[str, str], ...]) -> Calendar:
    return calendar(shipped).with_years([read_year(text, file=name) for name, text in texts])
