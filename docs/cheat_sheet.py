"""The cheat sheet as one page of A4: `cheat-sheet.md`, set by Typst.

PYTHONPATH=. python docs/cheat_sheet.py
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

from starter.provision.fonts import font_folders

FOLDER = Path(__file__).parent
TEXT, PAGE = FOLDER / "cheat-sheet.md", FOLDER / "cheat-sheet.pdf"


def blocks(text: str) -> Iterator[dict[str, Any]]:
    """The parts of the page: headings, paragraphs, points, and tables with a head."""
    for part in re.split(r"\n{2,}", text.strip()):
        lines = part.splitlines()
        if lines[0].startswith("#"):
            mark, _, words = lines[0].partition(" ")
            yield {"kind": "heading", "level": len(mark), "words": words}
        elif lines[0].startswith("|"):
            head, _, *rows = [[pieces(cell) for cell in line.strip("| ").split(" | ")] for line in lines]
            yield {"kind": "table", "head": head, "rows": rows}
        elif lines[0].startswith("- "):
            yield {"kind": "points", "points": [pieces(line.removeprefix("- ")) for line in lines]}
        elif "](" not in part:
            yield {"kind": "paragraph", "words": pieces(part)}


def pieces(words: str) -> list[dict[str, str]]:
    """Words, what is typed, and what is stressed, in their order."""
    found = []
    for word in re.split(r"(`[^`]+`|\*\*[^*]+\*\*)", words):
        if word.strip():
            kind = {"`": "typed", "*": "stressed"}.get(word[0], "said")
            found.append({"kind": kind, "words": word.strip("`*") if kind != "said" else word})
    return found


def digest(text: str) -> str:
    """What the page keeps of the text that it was set from."""
    return hashlib.sha256(text.encode()).hexdigest()


def set_page(text: str) -> bytes:
    """The page as PDF; the same text gives the same bytes."""
    with tempfile.TemporaryDirectory(prefix="mingjian-sheet-") as folder:
        page = {"blocks": list(blocks(text)), "digest": digest(text)}
        (Path(folder) / "page.json").write_text(json.dumps(page), "utf-8")
        source = Path(folder) / "cheat-sheet.typ"
        source.write_bytes((FOLDER / "cheat-sheet.typ").read_bytes())
        faces = [str(each) for each in font_folders(fetch=False)]
        fonts = typst.Fonts(include_system_fonts=False, font_paths=faces)
        made = typst.compile(str(source), root=folder, font_paths=fonts, format="pdf")
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    PAGE.write_bytes(set_page(TEXT.read_text("utf-8")))
