"""The calendar edition and the rules of this site, found without a server, and without a database where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.calendar import Calendar, calendar
from models.homes import may_have_calendars, plain_registry
from models.publications import Publication, in_force

if TYPE_CHECKING:
    from models.adoptions import SiteRules
    from models.settings import Settings


def edition_in_force() -> Calendar:
    """The latest shipped edition with the site's own years over it, as its cases are counted by.

    Unreachable when the books, in which years are published, do not answer.
    """
    published = published_years()
    if not published and not may_have_calendars():
        return calendar()
    from activities.calendars import site_edition

    folder = None
    if may_have_calendars():
        from models.settings import load_settings

        folder = load_settings().calendar_folder
    return site_edition(folder, published)


def rules_in_force() -> SiteRules:
    """The rules with what was adopted on this site; Unreachable when the books do not answer."""
    from models.adoptions import SiteRules

    if (plain := plain_registry()) is not None:
        return SiteRules(_in_file(plain, adopted=True))
    from models.settings import load_settings

    return SiteRules(adopted_in(load_settings()))


def adopted_in(settings: Settings) -> tuple[Publication, ...]:
    """The adoptions of rules in the books that the settings name, in order."""
    return _in_books(settings, adopted=True)


def published_years() -> tuple[Publication, ...]:
    """What was published on this site, in order."""
    if (plain := plain_registry()) is not None:
        return _in_file(plain)
    from models.settings import load_settings

    return published_in(load_settings())


def published_in(settings: Settings) -> tuple[Publication, ...]:
    """What was published in the books that the settings name."""
    return _in_books(settings, adopted=False)


def _in_books(settings: Settings, *, adopted: bool) -> tuple[Publication, ...]:
    from sqlalchemy import make_url

    url = make_url(settings.registry_url)
    if url.get_backend_name() == "sqlite":
        return _in_file(Path(str(url.database)), adopted=adopted)
    from contextlib import closing

    from activities.books import Books
    from activities.database import Database

    with closing(Database(settings.registry)) as database:
        books = Books(database)
        return books.adoptions() if adopted else books.publications()


def overruled(published: Sequence[Publication]) -> str:
    """Which years were published here otherwise than this program brings them: the publication holds, but staff should look."""
    shipped = {each.year: each.digest() for each in calendar().years}
    others = [
        str(each.year.year)
        for each in in_force(published)
        if shipped.get(each.year.year, each.year.digest()) != each.year.digest()
    ]
    return f"{'、'.join(others)} 年：本站公布的与程序随附的不同，以公布的为准，请核对" if others else ""


def _in_file(file: Path, *, adopted: bool = False) -> tuple[Publication, ...]:
    if not file.is_file():
        return ()
    from activities.published_years import ADOPTION, KIND, publications_in

    return publications_in(file, ADOPTION if adopted else KIND)
