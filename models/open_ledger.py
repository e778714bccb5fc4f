"""The ledger of an open folder, as it grows on a disk: a line is put behind the others, and nothing else is written.

    {"case":"urging-350400-2021-0007","layout":1}
    {"chain":"<digest>","digest":"…","media_type":"application/pdf","meta":{…},"name":"papers/…","size":52310}

Each line has the digest of itself and of all before it, so a changed line is seen and named. A write that was cut short leaves
a last line without its end: that paper was never said to be filed. The seal writes the whole once more, without chains
(`models.bags`): from then on the bag's manifests vouch for it.
"""

from __future__ import annotations

from typing import NamedTuple

from models.bags import LEDGER, FiledPaper, Ledger, digest_of_text, paper_line, read_ledger
from models.errors import Problem, Refusal

_HOLE = "\0" * 512
_SEAL = '{"seal":'
_KEY, _WIDTH = '{"chain":"', 64
_REST = len(_KEY) + _WIDTH + len('",')


class Standing(NamedTuple):
    """What a folder's ledger says, the text that says it, and whether a line that was cut short stands behind that."""

    ledger: Ledger
    text: str
    is_torn: bool = False


def opened(case_id: str) -> Standing:
    """The ledger of a new folder."""
    ledger = Ledger(case_id)
    return Standing(ledger, ledger.text())


def standing(case_id: str, text: str | None) -> Standing:
    """A folder's ledger as found (None: not there), sealed or open.

    Refusal for none, a broken one, and another case's; with the line where the chain of an open one breaks.
    """
    if text is None or text.rstrip("\n").rpartition("\n")[2].startswith(_SEAL):
        return Standing(read_ledger(case_id, text), text or "")
    *lines, tail = text.split("\n")
    # Of a write that was cut short some part did not come to disk: the end is missing, or zeros stand there, a sector or more.
    if not tail and lines and (lines[-1].startswith("\0") or _HOLE in lines[-1]):
        tail = lines.pop()
    head, *chained = lines or [""]
    chain, plain = digest_of_text(head), [head]
    for number, line in enumerate(chained, start=2):
        bare = _unchained(line)
        chain, expected = _chained(chain, bare)
        if line != expected:
            raise _broken(number)
        plain.append(bare)
    # All of a line with something else in the place of its end: no write leaves that.
    if tail and not tail.endswith("\0") and tail[:-1] == _chained(chain, _unchained(tail[:-1]))[1]:
        raise _broken(len(lines) + 1)
    ledger = read_ledger(case_id, "\n".join([*plain, ""]))
    return Standing(ledger, "\n".join([*lines, ""]), is_torn=bool(tail))


def next_line(before: Standing, filed: FiledPaper) -> str:
    """What is put behind an open ledger for one paper more."""
    last = before.text.removesuffix("\n").rpartition("\n")[2]
    chain = last[len(_KEY) : _REST - 2] if last.startswith(_KEY) else digest_of_text(last)
    return _chained(chain, paper_line(filed).removesuffix("\n"))[1] + "\n"


def _chained(before: str, bare: str) -> tuple[str, str]:
    """The chain of a line, which follows on that of the line before, and the line with it."""
    chain = digest_of_text(before + bare)
    return chain, f'{_KEY}{chain}",{bare[1:]}'


def _unchained(line: str) -> str:
    return "{" + line[_REST:]


def _broken(line: int) -> Refusal:
    what = "登记簿的这一行接不上前面的各行，可能被改动"
    return Refusal(Problem(what, "停止写入，用备份核对后恢复", file=LEDGER, row=line))
