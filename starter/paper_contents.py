"""What a paper is by its content: whether it is what its name says, whether it may be kept, and its text as far as it has any.

Nothing is run and nothing is unpacked; a file is read piece by piece, whatever its size. What is a picture has no text.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from models.errors import Problem

_HEAD = 1024
_PATIENCE = 15
_CHARACTERS = 200_000
_READ = 8 * 1024 * 1024
_UNPACKED = 1024 * 1024 * 1024
_RATIO = 200
_SMALL = 16 * 1024 * 1024
_ENTRIES = 10_000

_ENDINGS = {
    ".pdf": "pdf",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".png": "png",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".bmp": "bmp",
    ".gif": "gif",
    ".webp": "webp",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".ofd": "ofd",
    ".zip": "zip",
    ".doc": "ole",
    ".xls": "ole",
}
_NAMES = {
    "pdf": "PDF",
    "jpeg": "JPEG 图像",
    "png": "PNG 图像",
    "tiff": "TIFF 图像",
    "bmp": "BMP 图像",
    "gif": "GIF 图像",
    "webp": "WebP 图像",
    "docx": "Word 文档",
    "xlsx": "Excel 表格",
    "ofd": "OFD",
    "zip": "压缩包",
    "ole": "旧版 Office 文档",
}
SCANS = frozenset(ending for ending, kind in _ENDINGS.items() if kind not in ("zip", "xlsx", "ole"))
"""The endings of what may lie in the intake folder, besides mails."""
_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"BM", "bmp"),
    (b"GIF8", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)

# 绝密★启用前, 秘密★10年, 密级：机密, or the word in a line of its own; “商业秘密” and “国家秘密” mark nothing.
_MARKING = re.compile(
    r"(?<![\u4e00-\u9fff])(绝\s*密|机\s*密|秘\s*密)\s*[★☆＊*]"
    r"|密\s*级\s{0,20}[：:]?\s{0,20}(绝\s*密|机\s*密|秘\s*密)"
    r"|^[ \t\u3000]*(绝\s*密|机\s*密|秘\s*密)[ \t\u3000]*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What is wrong with a paper, and its text."""

    problems: tuple[Problem, ...] = ()
    text: str = ""


def examine(path: Path) -> Contents:
    """Look into a file that can be read and is not empty; its name says what it ought to be."""
    stated = _ENDINGS.get(path.suffix.lower(), "")
    with path.open("rb") as file:
        found = _kind(file.read(_HEAD))
    if found == "program":
        return _refused(path, "是程序，不是文书", "不要打开；核对来源，向寄件单位另要")
    if found == "zip":
        return _packed(path, stated)
    if stated == "docx" and found == "ole":
        return _refused(path, "Word 文档加了密码，或是旧版格式", "去掉密码、另存为 .docx 或 PDF 后再放入")
    if stated and found != stated:
        what = f"扩展名是 {path.suffix}，内容却不是 {_NAMES[stated]}"
        is_named = f"（是 {_NAMES[found]}）" if found else ""
        return _refused(path, what + is_named, "核对是否完整，按真实的类型改名，或向寄件单位另要")
    if found == "pdf":
        return _pdf(path)
    if not stated and path.suffix.lower() in (".txt", ".csv", ".md"):
        with path.open("rb") as file:
            return marked(str(path), file.read(_READ).decode("utf-8", "replace"))
    return Contents()


def marked(file: str, text: str) -> Contents:
    """The text, unless it bears a marking of state secrets: such papers may not travel here."""
    if found := _MARKING.search(text):
        word = "".join(next(part for part in found.groups() if part).split())
        return Contents(
            (
                Problem(
                    f"标有密级“{word}”，涉密文件不得存入本系统",
                    "立即移出这台机器，交保密工作人员按规定处理；标注有误的，由定密责任人更正后再放入",
                    file=file,
                ),
            )
        )
    return Contents(text=text[:_CHARACTERS])


def _kind(head: bytes) -> str:
    if b"%PDF" in head:  # a reader looks for it in the first 1,024 bytes
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def _refused(path: Path, what: str, remedy: str) -> Contents:
    return Contents((Problem(what, remedy, file=str(path)),))


def _pdf(path: Path) -> Contents:
    """A PDF that cannot be read in time has no text: it is as a picture is."""
    program = str(Path(__file__).with_name("pdf_text.py"))
    try:
        answer = subprocess.run(
            [sys.executable, "-I", program, str(path)], capture_output=True, timeout=_PATIENCE, check=True
        )
        found = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError):
        return Contents()
    if found["encrypted"]:
        return _refused(path, "PDF 加了密码", "去掉密码（另存或另扫）后再放入，或向寄件单位另要")
    return marked(str(path), found["text"])


def _packed(path: Path, stated: str) -> Contents:
    """What is a zip: Word, Excel, OFD, or an archive."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _unpacked(path, stated, packed)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return _refused(path, "文件已损坏，打不开", "向寄件单位另要一份")


def _unpacked(path: Path, stated: str, packed: zipfile.ZipFile) -> Contents:
    entries = packed.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        return _refused(path, "压缩包加了密码", "去掉密码后再放入，或向寄件单位另要")
    whole = sum(entry.file_size for entry in entries)
    ratio = whole / max(path.stat().st_size, 1)
    if len(entries) > _ENTRIES or whole > _UNPACKED or (whole > _SMALL and ratio > _RATIO):
        return _refused(path, "展开后过大（疑为压缩炸弹）", "不要打开；向寄件单位核对，另要 PDF")
    if _has_macros(packed, names):
        return _refused(path, "文档里有宏", "不要打开；另存为不含宏的 .docx 或 PDF 后再放入")
    real = next((kind for kind, main in _MAIN.items() if main in names), "zip")
    if stated and stated != real:
        what = f"扩展名是 {path.suffix}，内容却是{_NAMES[real]}"
        return _refused(path, what, "按真实的类型改名，或向寄件单位另要")
    if real in ("docx", "ofd"):
        return marked(str(path), _words(packed, real))
    return Contents()


def _has_macros(packed: zipfile.ZipFile, names: Collection[str]) -> bool:
    """Whether a document has macros: by the usual name of their part, or as what it declares its parts, whatever their names."""
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names):
        return True
    if "[Content_Types].xml" not in names:
        return False
    with packed.open("[Content_Types].xml") as file:
        declared = file.read(_SMALL).lower()
    return b"macroenabled" in declared or b"vbaproject" in declared


def _words(packed: zipfile.ZipFile, kind: str) -> str:
    """The text of a Word or OFD document: paragraphs, or pieces of a page, a line each."""
    wanted = (
        [name for name in packed.namelist() if re.fullmatch(r"word/(document|header\d*)\.xml", name)]
        if kind == "docx"
        else [name for name in packed.namelist() if name.endswith("Content.xml")]
    )
    texts: list[str] = []
    left = _READ
    for name in sorted(wanted):
        with packed.open(name) as file:
            content = file.read(left)
        left -= len(content)
        xml = content.decode("utf-8", "replace")
        lines = re.sub(r"</w:p>|</(?:\w+:)?TextCode>|<w:br\s*/>", "\n", xml)
        texts.append(re.sub(r"<[^<>]*>", "", lines))
    text = "\n".join(texts)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
