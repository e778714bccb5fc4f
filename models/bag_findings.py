"""What is wrong with a case's folder, and what is not there: the same words for every archive."""

from __future__ import annotations

from collections.abc import Mapping

from models.bags import LEDGER, MANIFEST, TAG_MANIFEST, Finding, Kind, Ledger, digest_of_text
from models.errors import Problem, Refusal


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


def refusal_findings(case_id: str, kind: Kind, refusal: Refusal) -> list[Finding]:
    """Why a ledger could not be read."""
    return [Finding(case_id, kind, each.what, each.remedy, each.file) for each in refusal.problems]


def seal_findings(ledger: Ledger, sealed: str) -> list[Finding]:
    """Compare a ledger with what its seal answered, if that is known."""
    if not sealed or sealed == ledger.voucher():
        return []
    what = "案卷与封存时留下的指纹不符"
    return [Finding(ledger.case_id, "altered", what, "与备份核对", file=LEDGER)]


def tag_findings(ledger: Ledger, found: Mapping[str, str | None], sealed: str = "") -> list[Finding]:
    """Compare the files above `data/` as found (None: not there) with what the ledger says they are.

    With a voucher that proves the ledger (`sealed`), the file that differs is the one that was changed; without it the tag
    manifest is believed before the others.
    """
    expected = ledger.tag_files()
    if all(found[name] == text for name, text in expected.items()):
        return []
    if sealed and sealed == ledger.voucher():
        return [_changed(ledger, name, found[name]) for name in expected if found[name] != expected[name]]
    before = ledger.one_line_before().tag_files()
    forced = ledger.seal is not None
    if all(_left_by_a_crash(found[name], expected[name], before[name], forced) for name in expected):
        return [
            Finding(ledger.case_id, "unfinished", "上一次写入没有写完", "再存一次，或运行修复", file=MANIFEST)
        ]
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
        for name in expected
        if found[name] != expected[name]
    ]


def _changed(ledger: Ledger, name: str, text: str | None) -> Finding:
    if text is None:
        return Finding(ledger.case_id, "missing", "清单文件不见了，或不是文件", "从备份取回", file=name)
    return Finding(ledger.case_id, "altered", "内容与清单所记指纹不符，可能被改动", "与备份核对", file=name)


def _left_by_a_crash(found: str | None, expected: str, before: str, forced: bool) -> bool:
    """Whether a write cut short leaves a file like this.

    It is as it was before or after; or, of a file that follows from the ledger and was not yet forced to disk, some came to
    disk and the rest did not: it is cut off, or zeros stand there.
    """
    if found in (expected, before):
        return True
    if forced or found is None or expected == before:
        return False
    at_hand = found.encode("utf-8", "surrogateescape")
    return any(
        len(at_hand) <= len(whole)
        and all(byte in (0, written) for byte, written in zip(at_hand, whole, strict=False))
        for whole in (expected.encode(), before.encode())
    )
