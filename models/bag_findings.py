"""What is wrong with a case's folder, and what is not there: the same words for every archive."""

from __future__ import annotations

from collections.abc import Mapping

from models.bags import LEDGER, TAG_MANIFEST, Finding, Kind, Ledger, digest_of_text
from models.errors import Problem, Refusal
from models.open_ledger import Standing


def no_case(case_id: str) -> Refusal:
    """There is no folder for the case."""
    return Refusal(Problem(f"没有案卷 {case_id}", remedy="核对案件编号"))


def no_paper(case_id: str, name: str) -> Refusal:
    """A case has no paper under the name."""
    return Refusal(Problem(f"案卷 {case_id} 中没有这个文件", remedy="核对文件名", file=name))


def no_object(digest: str) -> Refusal:
    """The archive has no paper of the digest."""
    return Refusal(Problem(f"档案库中没有指纹为 {digest} 的文件", remedy="核对指纹，或先存入文件"))


def absent(case_id: str) -> Finding:
    """There is no folder to look into."""
    return Finding(case_id, "absent", "没有这个案卷文件夹", "核对案件编号")


def unregistered(case_id: str, name: str) -> Finding:
    """A file that the ledger does not know."""
    what, remedy = "登记簿上没有这个文件", "查明来历后移出案卷，需要时按规定存入"
    return Finding(case_id, "unregistered", what, remedy, name)


def unfinished(case_id: str, name: str) -> Finding:
    """A file that an open folder lacks, or has too early: of a write cut short, or moved since; nothing is lost by it."""
    return Finding(case_id, "unfinished", "上一次写入没有写完", "再存一次，或运行修复", name)


def refusal_findings(case_id: str, kind: Kind, refusal: Refusal) -> list[Finding]:
    """Why a ledger could not be read."""
    return [
        Finding(case_id, kind, each.what, each.remedy, each.file, line=each.row) for each in refusal.problems
    ]


def seal_findings(ledger: Ledger, sealed: str) -> list[Finding]:
    """Compare a ledger with what its seal answered, if that is known."""
    if not sealed or sealed == ledger.voucher():
        return []
    what = "案卷与封存时留下的指纹不符"
    return [Finding(ledger.case_id, "altered", what, "与备份核对", file=LEDGER)]


def open_findings(
    standing: Standing, found: Mapping[str, str | None], unknown: Mapping[str, int]
) -> list[Finding]:
    """What a write to an open folder that was cut short left above `data/`: half a line, files of a sealing.

    Not if a paper has a name in the folder and no line: a name is given after the line came to disk, so it was the ledger that
    lost it. `unknown`: names below `data/` that have no line, with the links of each file; a paper has two.
    """
    case = standing.ledger.case_id
    names = [
        name for name, text in found.items() if (standing.is_torn if name == LEDGER else text is not None)
    ]
    if any(names or links > 1 for links in unknown.values()):
        what = "登记簿少了行：案卷里有它不知道的文件"
        return [Finding(case, "altered", what, "停止写入，用备份核对后恢复", file=LEDGER)]
    return [unfinished(case, name) for name in names]


def tag_findings(ledger: Ledger, found: Mapping[str, str | None], sealed: str = "") -> list[Finding]:
    """Compare the files of a sealed folder above `data/` as found (None: not there) with what the ledger says they are.

    With a voucher that proves the ledger (`sealed`), the file that differs is the one that was changed; without it the tag
    manifest is believed before the others.
    """
    expected = ledger.tag_files()
    differing = [name for name, text in expected.items() if found[name] != text]
    if not differing:
        return []
    if sealed and sealed == ledger.voucher():
        return [_changed(ledger, name, found[name]) for name in differing]
    vouching = found[TAG_MANIFEST]
    findings = [_changed(ledger, name, None) for name in expected if found[name] is None]
    findings += [
        _changed(ledger, name, text)
        for name, text in found.items()
        if vouching is not None
        and text is not None
        and name != TAG_MANIFEST
        and f"{digest_of_text(text)}  {name}" not in vouching.split("\n")
    ]
    return findings or [
        Finding(ledger.case_id, "altered", "清单与登记簿不符，可能被改动", "与备份核对", file=name)
        for name in differing
    ]


def _changed(ledger: Ledger, name: str, text: str | None) -> Finding:
    if text is None:
        return Finding(ledger.case_id, "missing", "清单文件不见了，或不是文件", "从备份取回", file=name)
    return Finding(ledger.case_id, "altered", "内容与清单所记指纹不符，可能被改动", "与备份核对", file=name)
