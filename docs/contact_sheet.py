"""The contact sheet of docs/pictures: the first page of a complete paper of every type of document.

    PYTHONPATH=. python docs/contact_sheet.py

Typst itself sets the pages side by side. What is drawn is what the tests hold to its required fields (`tests.sample_documents`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import typst

from activities.typesetting import Typesetter
from models.document_types import DocumentType
from starter.provision.fonts import font_folders
from tests.sample_documents import sample

PICTURE = Path(__file__).parent / "pictures" / "documents.png"
_SHEET = """
#let sheet = json("sheet.json")
#set page(width: auto, height: auto, margin: 4mm, fill: luma(225))
#set text(font: sheet.face, size: 9pt)
#grid(
  columns: 10, gutter: 3mm,
  ..sheet.names.enumerate().map(((place, name)) => stack(
    spacing: 1.2mm,
    box(stroke: 0.2pt + luma(150), fill: white, image(str(place) + ".pdf", width: 42mm)),
    box(width: 42mm, align(center, name)),
  ))
)
"""


def draw(picture: Path) -> None:
    """Set every type of document and write the sheet."""
    folders = font_folders(fetch=False)
    typesetter = Typesetter(folders)
    with tempfile.TemporaryDirectory(prefix="mingjian-sheet-") as folder:
        names = []
        for place, document in enumerate(DocumentType):
            (Path(folder) / f"{place}.pdf").write_bytes(typesetter.render(sample(document)))
            names.append(document.label)
        (Path(folder) / "sheet.json").write_text(json.dumps({"face": "FandolHei", "names": names}), "utf-8")
        (Path(folder) / "sheet.typ").write_text(_SHEET, "utf-8")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(each) for each in folders])
        drawn = typst.compile(
            str(Path(folder) / "sheet.typ"), root=folder, font_paths=fonts, format="png", ppi=110
        )
    assert isinstance(drawn, bytes)
    picture.write_bytes(drawn)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
