"""What a file is that is brought back as 正本: asked of its content, before anything is sent.

A signed PDF or OFD, a scan, or a document for Word. One that could do something by itself when it is opened is not kept.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from models.errors import Problem
from models.originals import SUFFIXES

_HEAD = 1024
_LARGEST_LIST = 1 << 20
"""Bytes of the list of parts and of the references of a document that are read: both are small in any true one."""
_TOLD = re.compile(rb"macroenabled|vbaproject|vbadata|activex", re.IGNORECASE)
_ACTIVE = re.compile(r"vba|activex|macros/", re.IGNORECASE)
_TEMPLATE = re.compile(rb"attachedtemplate", re.IGNORECASE)
_SETTINGS = "word/_rels/settings.xml.rels"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError)


def check_original(path: Path) -> list[Problem]:
    """What keeps a file from being an original; it is known to be there and to be readable."""
    suffix, file = path.suffix.lower(), str(path)
    if suffix not in SUFFIXES:
        return [Problem(f"{suffix or '没有后缀'}的文件不能作正本", _KINDS, file=file)]
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    if suffix in _ARCHIVES:
        found = _in_archive(path, _ARCHIVES[suffix])
    else:
        found = () if _BEGINS[suffix](head) else (f"内容不是{suffix}文件", "核对是否选错文件或改过后缀")
    return [Problem(*found, file=file)] if found else []


_KINDS = f"扫描或另存为：{'、'.join(SUFFIXES)}"


def _is_jpeg(head: bytes) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _is_tiff(head: bytes) -> bool:
    return head.startswith((b"II*\0", b"MM\0*"))


_BEGINS: dict[str, Callable[[bytes], bool]] = {
    ".pdf": lambda head: b"%PDF-" in head,
    ".png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    ".jpg": _is_jpeg,
    ".jpeg": _is_jpeg,
    ".tif": _is_tiff,
    ".tiff": _is_tiff,
}
Found = tuple[str, str] | tuple[()]
"""What is wrong with a file and what to do about it, if anything is."""


def _in_archive(path: Path, ask: Callable[[zipfile.ZipFile], Found]) -> Found:
    try:
        with zipfile.ZipFile(path) as file:
            return ask(file)
    except _UNREADABLE:
        return "文件打不开，可能已加密、损坏或改过后缀", "去掉密码，用 Word 或 WPS 另存后再交"


def _document(file: zipfile.ZipFile) -> Found:
    names = file.namelist()
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        return "内容不是 Word 文档", "用 Word 或 WPS 另存为 .docx"
    if any(_ACTIVE.search(name) for name in names) or _TOLD.search(_part(file, "[Content_Types].xml")):
        return "文档带有宏或控件，不收", "用 Word 或 WPS 另存为不含宏的 .docx，或打印成 PDF"
    if _SETTINGS in names and _TEMPLATE.search(_part(file, _SETTINGS)):
        return "文档引用外部模板，打开时可能带入宏，不收", "改用默认模板后另存为 .docx，或打印成 PDF"
    return ()


def _part(file: zipfile.ZipFile, name: str) -> bytes:
    """The content of a small part; BadZipFile for one that is not small."""
    with file.open(name) as part:
        content = part.read(_LARGEST_LIST + 1)
    if len(content) > _LARGEST_LIST:
        raise zipfile.BadZipFile(name)
    # Some programs write these in UTF-16, where a word would be looked for in vain.
    return content.replace(b"\0", b"")


def _layout(file: zipfile.ZipFile) -> Found:
    return () if "OFD.xml" in file.namelist() else ("内容不是 OFD 文件", "核对是否选错文件或改过后缀")


_ARCHIVES: dict[str, Callable[[zipfile.ZipFile], Found]] = {".docx": _document, ".ofd": _layout}
