"""The press of the script: papers set here as the workers set them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from activities.books import Books
from activities.database import Database
from activities.site_templates import SiteTemplates
from activities.typesetting import Typesetter
from models.settings import Settings
from starter.provision.fonts import font_folders


@contextmanager
def press(settings: Settings) -> Iterator[Typesetter]:
    """A typesetter with the site's fonts, and the templates that it has adopted."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        templates = SiteTemplates(Books(database))
        yield Typesetter(font_folders(settings.font_folders), templates.folder_for)
