"""Papers as PDF/A by Typst: the same content and faces give the same bytes, on any day and in any process."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import typst
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from models.documents import Paper, missing
from models.errors import Problem, Refusal
from models.form_wordings import wording
from models.paper_parts import LetterFields
from models.wording import need

TEMPLATES = Path(__file__).parent / "templates"

_BODY = ("FangSong_GB2312", "仿宋_GB2312", "FZFangSong-Z02S", "FangSong", "STFangsong", "FandolFang R")
_FACES: Mapping[str, tuple[str, ...]] = {
    "body": _BODY,
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "FandolSong"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "FZKai-Z03S", "KaiTi", "STKaiti", "FandolKai", *_BODY),
    "song": ("SimSun", "NSimSun", "STSong", "FandolSong"),
    "heading": ("SimHei", "STHeiti", "FandolHei"),
    "fallback": ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN"),
}
"""For each part of a text the faces to choose from, best first: GB/T 9704 names the style, not the font."""

_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


class Typesetter:
    """Sets papers with the best faces in `font_folders`, and with the templates that lie in `templates` of a paper's date.

    Safe to share between threads. Raises Refusal when the folders hold no Chinese face at all.
    """

    def __init__(
        self, font_folders: Iterable[Path], templates: Callable[[date | None], Path] = lambda dated: TEMPLATES
    ) -> None:
        folders = [str(folder) for folder in font_folders]
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        faces = _choose_faces(fonts.families())
        if not faces:
            raise Refusal(
                Problem(
                    f"字体文件夹里没有可用的中文字体：{'、'.join(folders) or '（未指定文件夹）'}",
                    remedy="运行 python -m starter.provision.fonts 取得字体，或改正 MINGJIAN_FONT_FOLDERS",
                )
            )
        # One compiler keeps fonts and layouts between papers, and is no faster with several threads.
        self._turn = threading.Lock()
        self._fonts, self._templates = fonts, templates
        self._faces = _JSON.encode(faces)
        self._compilers: dict[Path, typst.Compiler] = {}

    def render(self, paper: Paper) -> bytes:
        """The paper as PDF/A-2b, an undated draft as plain PDF. Its date is its own; no clock is read.

        Raises Refusal for a paper that is not a draft and has gaps, naming each; and for text with a
        character that no face can print, naming it: nothing is left out, no empty box stands in for it.
        """
        if not paper.draft and (gaps := missing(paper)):
            raise Refusal(
                Problem(f"《{paper.title}》缺少：{gap}", remedy="补填后再制发，或先作为送审稿印制")
                for gap in gaps
            )
        content = content_of(paper)
        try:
            with self._turn:
                if paper.dated:
                    return self._compile(paper, content, "a-2b")
                # PDF/A asks for a date, which such a draft has not, and none is invented for it. But only for
                # PDF/A are unprintable characters found, so one with a date is made first, and dropped.
                self._compile(paper, content_of(paper, on=date(1970, 1, 1)), "a-2b")
                return self._compile(paper, content, "1.7")
        except typst.TypstError as error:
            raise _refusal(paper, error) from None

    def _compile(self, paper: Paper, content: str, standard: Literal["a-2b", "1.7"]) -> bytes:
        folder = self._templates(paper.dated)
        template = folder / ("letter.typ" if isinstance(paper, LetterFields) else "form.typ")
        inputs = {"paper": content, "faces": self._faces}
        pdf = self._compiler(folder).compile(
            input=str(template), format="pdf", sys_inputs=inputs, pdf_standards=standard
        )
        assert isinstance(pdf, bytes)
        return pdf

    def _compiler(self, folder: Path) -> typst.Compiler:
        if folder not in self._compilers:
            self._compilers[folder] = typst.Compiler(
                root=str(folder), font_paths=self._fonts, ignore_system_fonts=True
            )
        return self._compilers[folder]


def page_count(pdf: bytes) -> int:
    """The number of pages of a paper, 0 for what is none."""
    try:
        return len(PdfReader(io.BytesIO(pdf)).pages)
    except PyPdfError:
        return 0


def content_of(paper: Paper, *, on: date | None = None) -> str:
    """A paper as the templates read it, in JSON: the particulars of the file, whose day is `on` where the paper has none, and
    what it says, block by block.
    """
    dated = paper.dated or on
    content = {
        "title": paper.title,
        "issuer": paper.issuer,
        "internal_number": paper.internal_number,
        "number_kept": need(paper.internal_number, "内部编号") if paper.shows_internal_number else None,
        "dated_parts": dated and (dated.year, dated.month, dated.day),
        "draft": paper.draft,
        "wording": wording(paper),
    }
    return _JSON.encode(content)


def _piece(value: Any) -> object:
    """A block or a piece of a wording as JSON holds it: its fields, which are its slots, and its kind."""
    if isinstance(value, Enum):
        return value.value
    return {"kind": type(value).__name__.lower()} | {name: getattr(value, name) for name in value.__slots__}


_JSON = json.JSONEncoder(ensure_ascii=False, default=_piece)


def _choose_faces(families: Iterable[str]) -> dict[str, list[str]]:
    """For each part of a text the best face there is, then what its gaps are filled from; {} without any."""
    held = {family.casefold(): family for family in families}
    best = {
        part: next((held[name.casefold()] for name in names if name.casefold() in held), None)
        for part, names in _FACES.items()
    }
    last_resorts = [best["fallback"], best["body"], best["song"], best["heading"]]
    return {
        part: list(dict.fromkeys(face for face in (chosen, *last_resorts) if face))
        for part, chosen in best.items()
        if any(last_resorts)
    }


def _refusal(paper: Paper, error: typst.TypstError) -> Refusal | typst.TypstError:
    unprintable = dict.fromkeys(_UNPRINTABLE.findall(error.diagnostic))
    if not unprintable:
        return error
    return Refusal(
        Problem(
            f"《{paper.title}》中的字符没有字体可以印出：{'、'.join(unprintable)}",
            remedy="核对是否误录；确需使用的，把含有该字的字体放进 MINGJIAN_FONT_FOLDERS 所指的文件夹",
        )
    )
