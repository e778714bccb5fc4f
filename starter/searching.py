"""`mingjian search`: the cases in which words stand, from the registry, each with where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from activities.case_lists import CaseFilter
from activities.database import Database
from activities.search import Found, Search, checked
from models.searching import Line, spans
from models.settings import Settings
from starter.doors import aside
from starter.labels import stage_label
from starter.listing import Page
from starter.output import Listing, remark, say_json, show

_SHOWN_LINES = 4
_AROUND = 12
"""Characters shown on either side of a match in a long text."""


def tell_found(
    settings: Settings, words: Sequence[str], wanted: CaseFilter, page: Page, *, as_json: bool
) -> int:
    """Print one page of what was found; InputError for words that are none, Unreachable when the registry does not answer."""
    sought = checked(words)
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        answer = Search(database).find(words, wanted, limit=page.limit, offset=page.offset)
    if as_json:
        for each in answer.found:
            told = [
                {"place": line.place.value, "text": line.text, "marked": marked(line.text, sought)}
                for line in each.lines
            ]
            say_json({**each.row.model_dump(mode="json"), "found": told})
        return 0
    if answer.found:
        listing = Listing("案件", "阶段", "承办", "所在")
        for each in answer.found:
            stage = stage_label(each.row.kind, each.row.stage)
            listing.add(f"{each.row.case}\n{each.row.title}", stage, each.row.handler, _where(each, sought))
        show(listing)
    is_part = 0 < len(answer.found) < answer.total
    part = f"第 {page.offset + 1}—{page.offset + len(answer.found)} 件，" if is_part else ""
    more = "以上，多写一个词可以缩小范围" if answer.is_more else ""
    remark((f"{part}共 {answer.total} 件{more}。" if answer.total else "没有找到。") + aside(settings))
    return 0


def _where(found: Found, sought: Sequence[str]) -> str:
    shown = [_line(each, sought) for each in found.lines[:_SHOWN_LINES]]
    if (left := len(found.lines) - _SHOWN_LINES) > 0:
        shown.append(f"另有 {left} 处")
    return "\n".join(shown)


def _line(line: Line, sought: Sequence[str]) -> str:
    text, held = line.text, spans(line.text, sought)
    first, behind = max(0, held[0][0] - _AROUND), min(len(text), held[-1][1] + _AROUND)
    cut = f"{'…' if first else ''}{text[first:behind]}{'…' if behind < len(text) else ''}"
    return f"{line.place.label}：{marked(cut, sought)}"


def marked(text: str, sought: Sequence[str]) -> str:
    """A text with 【】 around each place where a folded word stands."""
    pieces, at = [], 0
    for first, behind in spans(text, sought):
        pieces += [text[at:first], f"【{text[first:behind]}】"]
        at = behind
    return "".join([*pieces, text[at:]])
