"""What is wrong with a case's bag that came from elsewhere: nothing in it is believed before it was compared.

A bag's ledger says what every file above `data/` must be, byte for byte (`models.bags`), and which papers there are. So
no path of a manifest is ever followed: what is not in the ledger is refused, and a ledger with an unfit name is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.bags import (
    LEDGER,
    MANIFEST,
    PAYLOAD,
    TAG_FILES,
    Ledger,
    check_particulars,
    shown,
)
from models.errors import InputError, Problem, Refusal
from models.numbering import CaseId, case_of_supplement

LONGEST_LINE = 256 * 1024
"""Of a ledger, in bytes: a name may have 1,000, the particulars what somebody wrote by hand."""
LARGEST_LEDGER = 64 * 1024 * 1024
"""In bytes: some 200,000 papers."""

_AGAIN = "由移送单位核对后重新打包"
_MANIFEST_FILE = re.compile(r"(tag)?manifest-[a-z0-9]+\.txt")


def no_ledger(has_declaration: bool) -> Problem:
    """Why a folder without a ledger is no case's bag."""
    if has_declaration:
        what = "这是 BagIt 包，但不是明鉴的案卷包：没有登记簿"
        return Problem(what, "请移送单位用 mingjian package 打包；别的包按来文登记", file=LEDGER)
    return Problem("这不是案卷包：没有 bagit.txt 和登记簿", "核对文件夹；压缩包先解开", file=LEDGER)


def read_loose_ledger(content: bytes) -> Ledger:
    """The ledger of a sealed bag. Refusal with what stands against it."""
    longest = max(map(len, content.split(b"\n")))
    if longest > LONGEST_LINE:
        raise Refusal(Problem(f"登记簿的一行有 {longest} 字节，过长", _AGAIN, file=LEDGER))
    try:
        ledger = Ledger.parse(content.decode())
    except UnicodeDecodeError:
        raise Refusal(Problem("登记簿不是 UTF-8 文字", _AGAIN, file=LEDGER)) from None
    if problems := list(_ledger_problems(ledger)):
        raise Refusal(problems)
    return ledger


def _ledger_problems(ledger: Ledger) -> Iterator[Problem]:
    """What keeps a ledger that can be read from being filed here as it is."""
    folder = str(ledger.case_id)
    if CaseId.parse(case_of_supplement(folder) or folder) is None:
        yield Problem(f"“{shown(folder)}”不是案件编号", _AGAIN, file=LEDGER)
    if ledger.seal is None:
        yield Problem("案卷没有封存，不是归档的案卷", "待移送单位归档后重新打包", file=LEDGER)
    else:
        try:
            replace(ledger, seal=None).sealing(ledger.seal)
        except (InputError, Refusal, TypeError, AttributeError):
            yield Problem("封存栏目不合格，或案卷没有文件", _AGAIN, file=LEDGER)
    names = [filed.paper.name.casefold() for filed in ledger.papers]
    folders = {name[:place] for name in names for place in range(len(name)) if name[place] == "/"}
    if len(set(names)) != len(names) or folders & set(names):
        yield Problem("登记簿有重名的文件", _AGAIN, file=LEDGER)
    for filed in ledger.papers:
        paper = filed.paper
        try:
            check_particulars(paper.name, paper.media_type, filed.meta)
            fit = type(paper.size) is int and 0 < paper.size < 2**53
        except (InputError, TypeError, AttributeError):
            fit = False
        if not fit:
            yield Problem("登记簿所记的大小、媒体类型或说明不合格", _AGAIN, file=paper.name)


def tag_problems(ledger: Ledger, found: Mapping[str, bytes]) -> Iterator[Problem]:
    """Compare those files above `data/` that are there with what the ledger says they are."""
    for name, text in ledger.tag_files().items():
        if name not in found or found[name] == text.encode():
            continue
        outside = _outside(found[name]) if name == MANIFEST else ""
        if outside:
            yield Problem(f"清单列了包外的路径“{shown(outside)}”", _AGAIN, file=name)
        else:
            yield Problem("与登记簿所载不符，可能被改动", _AGAIN, file=name)


def _outside(manifest: bytes) -> str:
    """The first path of a manifest that does not lie below `data/`."""
    for line in manifest.decode("utf-8", "replace").splitlines():
        path = line.partition(" ")[2].strip().removeprefix("*")
        if not path.startswith(f"{PAYLOAD}/") or ".." in path.split("/"):
            return path
    return ""


def file_problems(ledger: Ledger, sizes: Mapping[str, int]) -> Iterator[Problem]:
    """Compare which files there are, by their paths in the bag and with their sizes in bytes, with the ledger."""
    papers = {f"{PAYLOAD}/{filed.paper.name}": filed.paper for filed in ledger.papers}
    for name in (*TAG_FILES, *papers):
        if name not in sizes:
            yield Problem("缺这个文件", _AGAIN, file=name)
    for name, size in sizes.items():
        if name in papers and size != papers[name].size:
            yield Problem(f"大小是 {size} 字节，登记的是 {papers[name].size} 字节", _AGAIN, file=name)
        elif name == "fetch.txt":
            yield Problem("文件不齐，要另外下载（fetch.txt）", "由移送单位备齐后重新打包", file=name)
        elif _MANIFEST_FILE.fullmatch(name) and name not in TAG_FILES:
            yield Problem("另有一份清单，登记簿上没有", _AGAIN, file=name)
        elif name not in papers and name not in TAG_FILES:
            yield Problem("登记簿上没有这个文件", _AGAIN, file=shown(name))
