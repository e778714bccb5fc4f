"""Filed cases as the filing room leaves them, and two readers of BagIt that are not ours."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import bagit  # type: ignore[import-untyped]  # ships no types
from temporalio.client import Client

from activities.archive import Archive
from activities.documents import Typesetting
from activities.filing import FilingRoom
from activities.folders import history_name
from activities.seals import SealBook
from models.adoptions import SiteRules
from models.calendar import Calendar, calendar
from models.journal import CaseState
from models.numbering import supplement_id
from models.seals import Seal
from models.terms import Outcome
from tests.pure_desk import served
from tests.test_sources import history

RUN, AGAIN = "11111111-aaaa", "22222222-bbbb"
LETTER = "papers/out/L1 检察建议书〔2021〕7号.pdf"


class _Press:
    def render(self, paper: object) -> bytes:
        return f"%PDF {type(paper).__name__}".encode()


class _Listed:
    """A book of seals as a list."""

    def __init__(self, entered: list[Seal]) -> None:
        self._entered = entered

    def enter(self, seal: Seal) -> None:
        assert seal.voucher
        self._entered.append(seal)


class _Editions:
    def current(self) -> Calendar:
        return calendar()

    def named(self, name: str) -> Calendar:
        return calendar(name)

    @property
    def rules(self) -> SiteRules:
        return SiteRules()

    def rules_now(self) -> SiteRules:
        return self.rules


ELSEWHERE = {"case": "urging-440106-2021-0007", "county": "440106", "county_name": "天河区"}
"""What the opening of a case says that is of no county of ours."""


def closed_state(opened: Mapping[str, Any] = {}, **closing: Any) -> CaseState:
    """The journal of an urging case that was withdrawn and closed; `opened` is said otherwise at its opening."""
    desk = served(**opened).on("2021-10-20")
    desk.decide("withdraw_letter", letter="L1", reason="不当")
    desk.decide("close_case", outcome=Outcome.WITHDRAWN, reason="撤回", **closing)
    return desk.case.state()


def file_case(
    archive: Archive,
    *,
    supplement: bool = False,
    opened: Mapping[str, Any] = {},
    entered: list[Seal] | None = None,
    **closing: Any,
) -> tuple[str, str]:
    """A case's folder, or the supplement beside it, filled and sealed by the filing room: its name and its voucher."""
    state = closed_state(opened, **closing)
    case, run = state.opening.case, AGAIN if supplement else RUN
    folder = supplement_id(case, run) if supplement else case
    archive.store(folder, LETTER, b"%PDF letter", media_type="application/pdf", meta={"source": "永安市"})
    ended = history(20 if supplement else 10)
    archive.store(folder, history_name(run), ended, media_type="application/json", meta={})
    press, seals = cast(Typesetting, _Press()), cast(SealBook, _Listed([] if entered is None else entered))
    room = FilingRoom(cast(Client, None), archive, press, _Editions(), seals)
    return folder, room._seal(folder, run, state)


def complaints(bag: Path) -> list[str]:
    """Which of the two readers take a folder for no valid bag: the BagIt library, and coreutils by RFC 8493, 3."""
    return [each.__name__ for each in (_bagit_library, _coreutils) if not each(bag)]


def _bagit_library(bag: Path) -> bool:
    try:
        return bool(bagit.Bag(str(bag)).is_valid())
    except bagit.BagError:
        return False


def _coreutils(bag: Path) -> bool:
    """`sha256sum` finds every file of both manifests as it should be, and `find` no payload that the manifest lacks."""
    script = """
    set -e
    grep -qx 'BagIt-Version: 1.0' bagit.txt
    sha256sum --check --strict --quiet tagmanifest-sha256.txt
    sha256sum --check --strict --quiet manifest-sha256.txt
    test "$(find data ! -type d | sort)" = "$(cut -c 67- manifest-sha256.txt | sort)"
    test "$(find data -type f -printf '%s\\n' | awk '{ n += $1 } END { print n "." NR }')" = \\
        "$(sed -n 's/^Payload-Oxum: //p' bag-info.txt)"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=bag,
        capture_output=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    return done.returncode == 0
