"""What lists and the web UI see of a case: search attributes (codes only) and the current details (Chinese, markdown)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from models.casefile import CaseFile
from models.dates import day_end
from models.search import ATTRIBUTES, attribute_values
from models.status import details

_MAKERS: dict[str, Callable[[str], SearchAttributeKey[Any]]] = {
    "Keyword": SearchAttributeKey.for_keyword,
    "KeywordList": SearchAttributeKey.for_keyword_list,
    "Datetime": SearchAttributeKey.for_datetime,
    "Bool": SearchAttributeKey.for_bool,
}
_KEYS = {name: _MAKERS[kind](name) for name, kind in ATTRIBUTES.items()}

# A value over 2,048 bytes terminates the workflow, and PostgreSQL keeps 255: cut before the server does.
_LIMIT = 255
_LIST_LIMIT = 1900


class Attributes:
    """Upserts what has changed since the last time, in one command."""

    def __init__(self) -> None:
        self._shown: dict[str, Any] = {}

    def show(self, case: CaseFile) -> None:
        """Bring the attributes and the details up to date."""
        values = attribute_values(case)
        updates = [_update(name, value) for name, value in values.items() if self._shown.get(name) != value]
        if updates:
            workflow.upsert_search_attributes(updates)
            self._shown = values
        workflow.set_current_details(details(case))


def _update(name: str, value: Any) -> SearchAttributeUpdate[Any]:
    key = _KEYS[name]
    if value is None or value == []:
        return key.value_unset()
    if isinstance(value, str):
        return key.value_set(cut(value))
    if isinstance(value, list):
        return key.value_set(fitting([cut(each) for each in value]))
    if isinstance(value, date):
        return key.value_set(day_end(value))
    return key.value_set(value)


def fitting(values: list[str]) -> list[str]:
    """As many of the values as fit one attribute together."""
    kept: list[str] = []
    room = _LIST_LIMIT
    for value in values:
        room -= len(value.encode()) + 8
        if room < 0:
            break
        kept.append(value)
    return kept


def cut(text: str) -> str:
    """The longest beginning of a text that fits an attribute, whole characters only."""
    return text.encode()[:_LIMIT].decode(errors="ignore")
