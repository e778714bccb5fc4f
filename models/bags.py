"""A case's folder in the archive: while the case is open, papers and a ledger; sealed, a BagIt bag (RFC 8493).

    urging-350400-2021-0007/
    ├── ledger.jsonl               the truth: a line for each paper, in the order of filing; the seal last
    ├── data/                      papers/…, journal.jsonl, history/<run>.json
    │                              and once it is sealed:
    ├── bagit.txt                  version and encoding
    ├── bag-info.txt               the case, the sum of its papers; who sealed it, when, why
    ├── manifest-sha256.txt        digest and name of each paper
    └── tagmanifest-sha256.txt     digests of the four files above

Every file above `data/` is a pure function of the ledger. How the ledger grows on a disk while the case is open stands in
`models.open_ledger`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Literal

from models.errors import InputError, Problem, Refusal

LAYOUT = 1
"""Number of this layout, kept in each ledger: to change a byte written below, add a number beside the old."""

LEDGER = "ledger.jsonl"
PAYLOAD = "data"
BYTES_IN_NAME = 255
BYTES_IN_PATH = 1000

MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
TAG_FILES = (LEDGER, "bagit.txt", "bag-info.txt", MANIFEST, TAG_MANIFEST)
Kind = Literal["absent", "missing", "altered", "unregistered", "unfinished", "disagreeing"]

_AS_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_OURS = ("external-identifier", "payload-oxum")

_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_PLAIN_PART = r"\w(?:[\w .（）〔〕《》、—-]*[\w）〕》])?"
_PLAIN_NAME = re.compile(rf"{_PLAIN_PART}(?:/{_PLAIN_PART})*")
_MAY_BE_RESERVED = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com|lpt)", re.IGNORECASE)
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_FORBIDDEN = frozenset('\\:*?"<>|')
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper in the archive, as messages and journals carry it: never the paper itself.

    `digest` is SHA-256 in lower-case hex, `size` is in bytes, `name` is the path below `data/`.
    """

    digest: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper with what is known of it: where it came from, which receipt belongs to it, who filed it."""

    paper: PaperRef
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a case: what it is, in which file (line, field), and what to do.

    `unfinished` is a write cut short, mended by the next write or by a repair; `disagreeing` means that two places that should
    say the same do not, each being sound in itself; the other kinds need a person.
    """

    case_id: str
    kind: Kind
    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        problem = Problem(self.what, self.remedy, file=self.file, row=self.line, field=self.field)
        return f"案卷 {self.case_id}：{problem}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a case's folder holds: its papers in the order of filing, and, once sealed, what the seal says."""

    case_id: str
    papers: tuple[FiledPaper, ...] = ()
    seal: Mapping[str, str] | None = None
    # The lines of the papers as they are written, where they are known: not asked for, never carried over by `replace`.
    _lines: str = field(default="", init=False, repr=False, compare=False)

    def find(self, name: str) -> FiledPaper | None:
        """The paper under a name; names that differ only in case are one, as they are on Windows."""
        folded = name.casefold()
        return next((filed for filed in self.papers if filed.paper.name.casefold() == folded), None)

    def filing(self, filed: FiledPaper) -> Ledger:
        """The ledger with one paper more; itself when that very paper is in it: its first particulars stay.

        Raises Refusal for a sealed folder, and for another paper under a name that is taken.
        """
        taken = self.find(filed.paper.name)
        if taken is not None:
            if (taken.paper.name, taken.paper.digest) == (filed.paper.name, filed.paper.digest):
                return self
            raise Refusal(
                Problem(
                    f"案卷 {self.case_id} 中已有同名文件“{taken.paper.name}”，内容不同，不得覆盖",
                    remedy="换一个文件名再存",
                    file=filed.paper.name,
                )
            )
        if self._bars(filed.paper.name):
            raise Refusal(
                Problem(
                    f"案卷 {self.case_id} 中，同一名称不能既是文件又是文件夹",
                    remedy="换一个文件名再存",
                    file=filed.paper.name,
                )
            )
        if self.seal is not None:
            raise Refusal(
                Problem(
                    f"案卷 {self.case_id} 已经归档封存，不再收入文件",
                    remedy="另立关联案件存入",
                    file=filed.paper.name,
                )
            )
        after = replace(self, papers=(*self.papers, filed))
        object.__setattr__(after, "_lines", self._written() + paper_line(filed))
        return after

    def sealing(self, bag_info: Mapping[str, str]) -> Ledger:
        """The ledger sealed, or itself when sealed with these very fields.

        Raises InputError for a field that cannot stand in bag-info.txt, Refusal for no papers or another
        seal.
        """
        problems = [
            Problem(
                "封存栏目的名称或内容不合格",
                remedy="名称不含冒号，内容为一行文字，均不得为空",
                field=shown(key),
            )
            for key, value in bag_info.items()
            if not _one_line(key) or not _one_line(value) or ":" in key or key.casefold() in _OURS
        ]
        if problems:
            raise InputError(problems)
        if self.seal is not None and dict(self.seal) != dict(bag_info):
            raise Refusal(
                Problem(f"案卷 {self.case_id} 已经封存，封存栏目不得更改", remedy="核对已封存的内容")
            )
        if not self.papers:
            raise Refusal(Problem(f"案卷 {self.case_id} 没有文件，不能封存", remedy="先存入文件"))
        return replace(self, seal=dict(bag_info))

    def text(self) -> str:
        """What the ledger says: layout and case, a line for each paper, the seal."""
        seal = "" if self.seal is None else _AS_JSON({"seal": dict(self.seal)}) + "\n"
        return self._written() + seal

    @classmethod
    def parse(cls, text: str) -> Ledger:
        """Read what `text()` wrote; Refusal for anything else, and for the layout of a later release."""
        try:
            # Only "\n" ends a line: splitlines() would also cut at U+2028 or U+0085 inside a value.
            head, *lines = json.loads("[" + ",".join(text.removesuffix("\n").split("\n")) + "]")
            if head["layout"] > LAYOUT:
                raise Refusal(
                    Problem("登记簿由更新的版本写成，本版本读不了", remedy="升级程序后再试", file=LEDGER)
                )
            seal = lines.pop()["seal"] if lines and "seal" in lines[-1] else None
            ledger = cls(
                head["case"],
                tuple(
                    FiledPaper(
                        PaperRef(line["digest"], line["size"], line["media_type"], line["name"]), line["meta"]
                    )
                    for line in lines
                ),
                seal,
            )
            text.encode()  # no surrogate: what was not UTF-8 cannot be written again
            sound = ledger.text() == text and all(
                _DIGEST.fullmatch(filed.paper.digest)
                and isinstance(filed.paper.size, int)
                and paper_name(filed.paper.name) == filed.paper.name
                for filed in ledger.papers
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InputError):
            sound = False
        if not sound:
            raise Refusal(
                Problem("登记簿读不懂，可能被改动", remedy="停止写入，用备份核对后恢复", file=LEDGER)
            )
        return ledger

    def tag_files(self) -> dict[str, str]:
        """Name and text of every file of the bag above `data/`, the one that vouches for the others last."""
        texts = {
            LEDGER: self.text(),
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": self._bag_info(),
            MANIFEST: "".join(
                sorted(f"{filed.paper.digest}  {PAYLOAD}/{filed.paper.name}\n" for filed in self.papers)
            ),
        }
        vouched = (f"{digest_of_text(text)}  {name}\n" for name, text in sorted(texts.items()))
        return {**texts, TAG_MANIFEST: "".join(vouched)}

    def voucher(self) -> str:
        """The digest of the tag manifest, which vouches for every other file of the bag; empty before the seal."""
        return digest_of_text(self.tag_files()[TAG_MANIFEST]) if self.seal is not None else ""

    def _written(self) -> str:
        """The text without the seal."""
        if not self._lines:
            head = _AS_JSON({"case": self.case_id, "layout": LAYOUT}) + "\n"
            object.__setattr__(self, "_lines", head + "".join(paper_line(filed) for filed in self.papers))
        return self._lines

    def _bars(self, name: str) -> bool:
        """Whether a paper's name would be a folder of another's, or the other way round."""
        folded = name.casefold()
        below = folded + "/"
        others = (filed.paper.name.casefold() for filed in self.papers)
        return any(other.startswith(below) or folded.startswith(other + "/") for other in others)

    def _bag_info(self) -> str:
        octets = sum(filed.paper.size for filed in self.papers)
        fields = {
            "External-Identifier": self.case_id,
            "Payload-Oxum": f"{octets}.{len(self.papers)}",
            **dict(sorted((self.seal or {}).items())),
        }
        return "".join(f"{key}: {value}\n" for key, value in fields.items())


def read_ledger(case_id: str, text: str | None) -> Ledger:
    """A case's ledger as found (None: not there); Refusal for none, a broken one, and another case's."""
    if text is None:
        raise Refusal(Problem("登记簿不见了，或不是文件", remedy="从备份取回", file=LEDGER))
    ledger = Ledger.parse(text)
    if ledger.case_id != case_id:
        raise Refusal(
            Problem(f"登记簿属于另一案件 {ledger.case_id}", remedy="查明案卷是否放错文件夹", file=LEDGER)
        )
    return ledger


def case_name(case_id: str) -> str:
    """The case's id as the name of its folder; InputError for one that is not letters, digits, - and _."""
    if not is_case_name(case_id):
        raise InputError(
            Problem(
                f"“{shown(case_id)}”不能作案卷编号",
                remedy="只用英文字母、数字、“-”和“_”，至多 128 个，例如 urging-350400-2021-0007",
            )
        )
    return case_id


def is_case_name(text: str) -> bool:
    """Whether a text can be a case's id, and so the name of its folder."""
    return _CASE.fullmatch(text) is not None


def paper_name(text: str) -> str:
    """The name a paper gets below `data/`, folders parted by "/": one that every system can hold.

    Cleaned: brought to NFC, spaces around each part dropped, "%" written "％" (readers of RFC 8493 disagree
    on its escape). InputError for all else: parts that are empty or begin or end with a dot (so "..",
    absolute paths, hidden files), characters that cannot be seen, those and the names that Windows forbids,
    parts over 255 and names over 1,000 bytes of UTF-8.
    """
    if _is_plain(text):
        return text
    problems: list[Problem] = []

    def refuse(what: str, remedy: str) -> None:
        problems.append(Problem(what, remedy, file=shown(text)))

    if unseen := invisible(text):
        codes = "、".join(f"U+{ord(char):04X}" for char in unseen)
        refuse(f"文件名含看不见的字符 {codes}", "删去这些字符")
    forbidden = sorted(_FORBIDDEN & set(text))
    if forbidden:
        refuse(f"文件名含不许用的字符 {' '.join(forbidden)}", "删去或改用全角字符")
    parts = [part.strip() for part in unicodedata.normalize("NFC", text).replace("%", "％").split("/")]
    if not all(parts):
        refuse("文件名为空，或以“/”开头、结尾，或有连着的“/”", "写出文件名，不写绝对路径")
    if any(part.startswith(".") or part.endswith(".") for part in parts):
        refuse("文件名的一段以“.”开头或结尾", "不用“.”“..”和隐藏文件名")
    if any(part.partition(".")[0].rstrip().casefold() in _RESERVED for part in parts):
        refuse("文件名是系统保留名", "不用 CON、NUL、COM1 等名字")
    longest = max(_octets(part) for part in parts)
    if longest > BYTES_IN_NAME:
        refuse(f"文件名太长：{longest} 字节", f"每段至多 {BYTES_IN_NAME} 字节，约 85 个汉字")
    name = "/".join(parts)
    if _octets(name) > BYTES_IN_PATH:
        refuse(f"文件路径太长：{_octets(name)} 字节", f"连同文件夹至多 {BYTES_IN_PATH} 字节")
    if problems:
        raise InputError(problems)
    return name


def _is_plain(name: str) -> bool:
    """Whether a name can be held as it is, seen at a glance: nearly all can, and a ledger has thousands."""
    return (
        len(name) * 4 <= BYTES_IN_NAME
        and _PLAIN_NAME.fullmatch(name) is not None
        and _MAY_BE_RESERVED.search(name) is None
        and unicodedata.is_normalized("NFC", name)
    )


def check_particulars(name: str, media_type: str, meta: Mapping[str, str]) -> None:
    """Raise InputError for a media type that is none, and for particulars that are not text."""
    problems = []
    if not _MEDIA_TYPE.fullmatch(media_type):
        problems.append(
            Problem(
                f"“{shown(media_type)}”不是媒体类型",
                remedy="写作 application/pdf",
                field="media_type",
                file=name,
            )
        )
    problems += [
        Problem("文件说明不是可以保存的文字", remedy="删去乱码", field=shown(key), file=name)
        for key, value in meta.items()
        if not _encodable(key) or not _encodable(value)
    ]
    if problems:
        raise InputError(problems)


def check_digest(digest: str) -> str:
    """The digest itself; raises InputError for what is not SHA-256 in lower-case hex."""
    if not _DIGEST.fullmatch(digest):
        raise InputError(Problem(f"“{shown(digest)}”不是文件指纹", remedy="写 64 位小写十六进制的 SHA-256"))
    return digest


def digest_of_text(text: str) -> str:
    """SHA-256, in lower-case hex, of a text in UTF-8, surrogates standing for bytes that were none."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def invisible(text: str) -> list[str]:
    """The characters of a text that cannot be seen: controls, marks of direction, line separators."""
    if text.isprintable():  # none of these is
        return []
    return sorted({char for char in text if unicodedata.category(char) in _INVISIBLE})


def shown(text: str) -> str:
    """A text fit for a message: nothing invisible, at most 60 characters."""
    seen = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:60])
    return seen + "…" if len(text) > 60 else seen


def paper_line(filed: FiledPaper) -> str:
    """A paper's line: JSON, its keys in order, as `_AS_JSON` would write it, in a quarter of the time."""
    paper, text = filed.paper, encode_basestring
    meta = ",".join([f"{text(key)}:{text(value)}" for key, value in sorted(filed.meta.items())])
    return (
        f'{{"digest":{text(paper.digest)},"media_type":{text(paper.media_type)},"meta":{{{meta}}},'
        f'"name":{text(paper.name)},"size":{paper.size}}}\n'
    )


def _octets(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _encodable(text: object) -> bool:
    if not isinstance(text, str):
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_line(text: str) -> bool:
    return bool(text) and text == text.strip() and not invisible(text)
