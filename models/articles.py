"""The sentences of the founding document (明检会〔2021〕5号), each with the id by which scenarios and documents speak of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "articles.toml"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or the part of one that asks for something of its own; `article` reads 第三条, or 印发通知."""

    id: str
    article: str
    text: str


@cache
def sentences() -> tuple[Sentence, ...]:
    """All of them, in the order of the document."""
    articles = tomllib.loads(_FILE.read_text(encoding="utf-8"))["article"]
    return tuple(
        Sentence(each["id"], article["name"], each["text"])
        for article in articles
        for each in article["sentences"]
    )
