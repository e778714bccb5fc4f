"""What `doctor` and `verify` print."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from models.settings import Settings
from starter.output import Listing, counted, remark, say, say_json, show


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
