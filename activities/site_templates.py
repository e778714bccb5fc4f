"""Where the templates of a paper lie: the program's folder, or one with the site's own files in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import monotonic
from typing import Protocol
from weakref import finalize

from activities.calendars import FRESH_SECONDS
from activities.typesetting import TEMPLATES
from models.dates import day_in_china
from models.publications import Publication
from models.site_templates import in_effect


class TemplateBook(Protocol):
    """Where adopted templates are kept."""

    def template_adoptions(self) -> Sequence[Publication]:
        """Every adoption of templates on this site, in order."""
        ...


class SiteTemplates:
    """The folder for a paper's date. Files that were adopted are written out for a process, and go with it."""

    def __init__(self, book: TemplateBook) -> None:
        self._book = book
        self._heard: tuple[float, Sequence[Publication]] | None = None
        self._own: Path | None = None

    def folder_for(self, dated: date | None) -> Path:
        """For a paper of that date, an undated draft today. Unreachable when the books do not answer."""
        asked = monotonic()
        if self._heard is None or asked - self._heard[0] > FRESH_SECONDS:
            self._heard = asked, tuple(self._book.template_adoptions())
        adoptions = self._heard[1]
        if not adoptions:
            return TEMPLATES
        files = in_effect(adoptions, dated or day_in_china(datetime.now(UTC)))
        return self.folder_of(files) if files else TEMPLATES

    def folder_of(self, files: Mapping[str, str]) -> Path:
        """A folder with these files in the place of the program's."""
        if self._own is None:
            self._own = Path(mkdtemp(prefix="mingjian-templates-"))
            finalize(self, rmtree, self._own, ignore_errors=True)
        folder = self._own / sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        for each in TEMPLATES.glob("*.typ"):
            path, text = folder / each.name, files.get(each.name) or each.read_text(encoding="utf-8")
            # Looked at for each paper: a worker runs for months, and machines sweep their folder of temporary files.
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        return folder
