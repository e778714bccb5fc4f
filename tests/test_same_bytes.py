"""The same paper gives the same bytes, as PDF and for Word: on another day, in another zone, in another process."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from activities.typesetting import TEMPLATES, Typesetter
from activities.word import word_draft
from models.documents import PAPERS, Paper
from starter.provision.fonts import font_folders
from tests.sample_papers import PAPER_OF
from tests.test_official_papers import DOCUMENTS

ALL: list[Paper] = [
    *PAPER_OF.values(),
    *DOCUMENTS.values(),
    *(PAPERS.validate_python({"type": kind, "draft": True}) for kind in PAPER_OF),
    DOCUMENTS["joint_report"].model_copy(update={"draft": True}),
]
_ELSEWHERE = """
import datetime, hashlib, json, sys, time

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.documents import PAPERS
from starter.provision.fonts import font_folders

time.time = lambda: {seconds}
time.localtime = time.gmtime = lambda moment=None: time.struct_time((2061, 7, 28, 1, 2, 3, 3, 209, 0))
typesetter = Typesetter(font_folders(fetch=False))
papers = [PAPERS.validate_python(paper) for paper in json.load(sys.stdin)]
made = [[hashlib.sha256(file).hexdigest() for file in (typesetter.render(each), word_draft(each))] for each in papers]
print(json.dumps({{"day": str(datetime.date.today()), "made": made}}))
"""
"""Sets every paper in another zone, and where Python's clock says otherwise than the machine's."""
_CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def set_elsewhere(zone: str, seconds: int) -> tuple[str, list[list[str]]]:
    """On which day every paper was set, by the calendar of that place, and what became of each."""
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE.format(seconds=seconds)],
        input=json.dumps([PAPERS.dump_python(paper, mode="json") for paper in ALL]).encode(),
        env={
            **os.environ,
            "TZ": zone,
            "PYTHONHASHSEED": str(len(zone)),
            "PYTHONPATH": str(TEMPLATES.parents[1]),
            "SOURCE_DATE_EPOCH": str(seconds),
        },
        capture_output=True,
        check=True,
        timeout=120,
    )
    told = json.loads(done.stdout)
    return told["day"], told["made"]


def test_every_paper_is_the_same_on_another_day_and_in_another_process(typesetter: Typesetter) -> None:
    here = [
        [hashlib.sha256(file).hexdigest() for file in (typesetter.render(paper), word_draft(paper))]
        for paper in reversed(ALL)
    ]
    # These two are 26 hours apart: whatever the hour, one of them at least has another day than this place.
    today = datetime.now().astimezone().date()
    days = {zone: datetime.now(ZoneInfo(zone)).date() for zone in ("Etc/GMT+12", "Etc/GMT-14")}
    day, there = set_elsewhere(next(zone for zone, day in days.items() if day != today), 10**9)
    assert day != str(today)
    assert not [paper.title for paper, a, b in zip(ALL, here[::-1], there, strict=True) if a != b]


def test_no_clock_is_read_while_a_paper_is_set(typesetter: Typesetter) -> None:
    """But by zipfile, for the times of parts, which are then put back to 1980."""
    asked: set[str] = set()

    def watch(frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and getattr(called, "__name__", "") in _CLOCKS:
            asked.add(Path(frame.f_code.co_filename).name)

    sys.setprofile(watch)
    try:
        for paper in PAPER_OF.values():
            typesetter.render(paper)
            word_draft(paper)
        assert asked == {"zipfile.py"}
        date.today()  # noqa: DTZ011  # the watch is awake
        assert "test_same_bytes.py" in asked
    finally:
        sys.setprofile(None)


def test_a_paper_is_dated_by_nothing_but_its_own_day(typesetter: Typesetter) -> None:
    for paper in ALL:
        pdf, file = typesetter.render(paper), zipfile.ZipFile(io.BytesIO(word_draft(paper)))
        stamps = {
            value for key, value in (PdfReader(io.BytesIO(pdf)).metadata or {}).items() if "Date" in key
        }
        own = {f"D:{paper.dated:%Y%m%d}"} if paper.dated else set()
        assert {str(stamp)[:10] for stamp in stamps} == own
        days = set(re.findall(rb"<xmp:\w+Date>(\d{4}-\d\d-\d\d)", pdf))
        assert days == ({str(paper.dated).encode()} if paper.dated else set())
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        written = set(re.findall(r">(\d{4}-\d\d-\d\d)T", file.read("docProps/core.xml").decode()))
        assert written == ({str(paper.dated)} if paper.dated else set())


def test_no_template_asks_for_the_day() -> None:
    for template in Path(TEMPLATES).glob("*.typ"):
        assert "today" not in template.read_text(), template.name
