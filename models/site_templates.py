"""Templates that a site adopts (采用模板): files of its own in the place of the program's, for papers dated from a day on. Pure.

A paper is set with what was adopted, and in effect, on its own date; so a paper that is made again is set as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.errors import InputError, Problem
from models.publications import Publication

_MOST_BYTES = 512 * 1024
_ELSEWHERE = re.compile(r'"@[\w-]+/')


@dataclass(frozen=True, slots=True)
class Templates:
    """Files by name, for papers dated that day or later."""

    since: date
    files: Mapping[str, str]

    def kept(self) -> str:
        """The text that the books keep."""
        held = {"from": self.since.isoformat(), "files": dict(self.files)}
        return json.dumps(held, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Templates:
        """Templates as the books keep them."""
        held: dict[str, Any] = json.loads(text)
        return cls(date.fromisoformat(held["from"]), held["files"])


def in_effect(adoptions: Sequence[Publication], on: date) -> dict[str, str]:
    """The files that take the place of the program's for a paper of that day, by name; `adoptions` stand in their order.

    Of those known by then the one with the latest day of effect holds, and of the same day the last adopted.
    """
    read = [(each, Templates.read(each.text)) for each in adoptions]
    known = [
        (max(templates.since, each.day), each.number, templates)
        for each, templates in read
        if max(templates.since, each.day) <= on
    ]
    return dict(max(known, key=lambda each: each[:2])[2].files) if known else {}


def check(files: Mapping[str, str], known: Iterable[str], *, folder: str) -> None:
    """Raise InputError with all that is wrong with the files of a folder, before any of them is set."""
    names, problems = sorted(known), []
    if not files:
        what = "文件夹里没有模板（.typ 文件）"
        problems.append(Problem(what, "先用 mingjian templates export 写出现用的模板，再改", file=folder))
    for name, text in files.items():
        if name not in names:
            what = f"没有名为“{name}”的模板"
            problems.append(Problem(what, f"可用：{'、'.join(names)}", file=f"{folder}/{name}"))
        if _ELSEWHERE.search(text):
            what = "模板引用了软件包（@…），排版时不上网取用"
            problems.append(Problem(what, "把所用的内容写进模板", file=f"{folder}/{name}"))
    if sum(len(text.encode()) for text in files.values()) > _MOST_BYTES:
        problems.append(Problem("模板过大", "合计不超过 512 KB", file=folder))
    if problems:
        raise InputError(problems)
