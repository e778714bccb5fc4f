"""Which cases of the registry belong to a place."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from models.tables import Kept

_cases = Kept.metadata.tables["cases"]


def within(place: str) -> ColumnElement[bool]:
    """The cases of a county, or of a city or province with all that lies in it, by the shape of the code."""
    above = place.removesuffix("00").removesuffix("00")
    if above == place:
        return _cases.c.county == place
    return _cases.c.county.startswith(above)
