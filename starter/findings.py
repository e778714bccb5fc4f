"""What `doctor` and `verify` find, and print."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.settings import Settings
from starter.output import Listing, counted, remark, say, say_json, show

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


def tell_verification(settings: Settings, cases: Sequence[str], *, as_json: bool) -> int:
    """Every paper read again; exit code 1 when something is wrong."""
    from activities.archive import open_archive
    from starter.verifying import verify

    archive = open_archive(settings)
    names = list(cases) or list(archive.cases())
    wrong = 0
    for case, findings in counted(verify(archive, names), len(names), "核验"):
        wrong += bool(findings)
        if as_json:
            say_json({"case": case, "sound": not findings, "findings": [str(each) for each in findings]})
            continue
        say(f"{'✗' if findings else '✓'} {case}")
        for finding in findings:
            say(f"  {finding}")
    if not as_json:
        remark(f"共 {len(names)} 卷，{wrong} 卷有问题。" if names else "档案库里没有案卷。")
    return 1 if wrong else 0
