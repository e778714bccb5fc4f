"""What `doctor` and `verify` find, and print."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import bags
from models.numbering import case_of_supplement
from models.settings import Settings
from starter.output import Listing, progress, remark, say, say_json, show

if TYPE_CHECKING:
    from starter.verifying import Verdict

_LITTLE = 1e9


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the system."""

    name: str
    """A code that does not change: `python`, `server`, `registry` …"""
    title: str
    found: bool
    version: str = ""
    where: str = ""
    remedy: str = ""
    """What to do; also a warning about something that was found."""
    needed: bool = True
    """Whether the system cannot work without it."""

    def as_json(self) -> dict[str, Any]:
        """The finding as one JSON object."""
        return asdict(self)


def room_left(folder: Path) -> tuple[str, str]:
    """How much room a folder's disk has, and a warning where that is little."""
    free = shutil.disk_usage(folder).free
    return f"剩余 {free / 1e9:.0f} GB", "剩余空间不足 1 GB" if free < _LITTLE else ""


def tell_examination(settings: Settings, *, as_json: bool) -> int:
    """Every part of the system; exit code 1 when one is missing that is needed."""
    from starter.doctor import examine

    findings = asyncio.run(examine(settings))
    if as_json:
        for finding in findings:
            say_json(finding.as_json())
    else:
        listing = Listing("", "部分", "版本", "位置与说明")
        for finding in findings:
            mark = "✓" if finding.found else "✗" if finding.needed else "·"
            words = "\n".join(part for part in (finding.where, finding.remedy) if part)
            listing.add(mark, finding.title, finding.version, words)
        show(listing)
    missing = [finding.title for finding in findings if finding.needed and not finding.found]
    if missing:
        remark(f"缺少：{'、'.join(missing)}")
    return 1 if missing else 0


def tell_verification(settings: Settings, cases: Sequence[str], *, as_json: bool, offline: bool) -> int:
    """Each case as it comes, then what could not be checked; exit code 1 when anything is wrong, else 3 when a part of the
    system that was to be asked did not answer.
    """
    from starter.doors import let_in

    for case in cases:
        let_in(settings, case_of_supplement(case) or case)
    return asyncio.run(_verified(settings, cases, as_json=as_json, offline=offline))


async def _verified(settings: Settings, cases: Sequence[str], *, as_json: bool, offline: bool) -> int:
    from starter.verifying import verify
    from starter.witnesses import called, chosen

    async with called(settings, offline=offline) as witnesses:
        total = len(chosen(witnesses, cases))
        done, wrong = 0, 0
        async for verdict in verify(witnesses, cases):
            done += 1
            wrong += not verdict.is_sound
            progress("核验", done, total)
            (_say_verdict_json if as_json else _say_verdict)(verdict)
        for each in witnesses.unmade:
            remark(f"没有核对：{each}")
        if not as_json:
            hint = "能够证明的可以恢复：mingjian verify --repair" if wrong else ""
            remark(f"共 {total} 件，{wrong} 件有问题。{hint}" if total else "没有案卷。")
        return 1 if wrong else 3 if witnesses.broken else 0


def _say_verdict(verdict: Verdict) -> None:
    say(f"{'✗' if verdict.findings else '·' if verdict.unmade else '✓'} {verdict.case}")
    for finding in verdict.findings:
        say(f"  {finding}")
    for each in verdict.unmade:
        say(f"  没有核对：{each}")


def _say_verdict_json(verdict: Verdict) -> None:
    say_json(
        {
            "case": verdict.case,
            "sound": verdict.is_sound,
            "findings": [_as_json(each) for each in verdict.findings],
            "unmade": verdict.unmade,
        }
    )


def _as_json(finding: bags.Finding) -> dict[str, object]:
    told: dict[str, object] = {"folder": finding.case_id, **asdict(finding), "text": str(finding)}
    del told["case_id"]
    return told
