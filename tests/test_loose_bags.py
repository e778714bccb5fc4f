"""Bags from elsewhere that are not sound: each is refused with its sentence, and nothing is written."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.bags import FiledPaper, Ledger, PaperRef
from models.errors import Refusal
from tests.filed_cases import LETTER
from tests.kept_archives import kept_names
from tests.receiving_house import House, voucher_of

pytest_plugins = ["tests.received_bags"]

JOURNAL, SNAPSHOT = "data/journal.jsonl", "data/snapshot.json"


def _rewrite(bag: Path, change: Callable[[str], str], name: str = "ledger.jsonl") -> None:
    path = bag / name
    path.chmod(0o640)
    path.write_text(change(path.read_text()))


def _relabel(bag: Path, **parts: Any) -> None:
    """The bag whole again under another ledger: whatever is compared with it agrees."""
    ledger = Ledger.parse((bag / "ledger.jsonl").read_text())
    fields = {"case_id": ledger.case_id, "papers": ledger.papers, "seal": ledger.seal} | parts
    for name, text in Ledger(**fields).tag_files().items():
        (bag / name).write_text(text)


def _replace_paper(bag: Path, name: str, content: bytes) -> None:
    """Another paper in the place of one, with its own digest everywhere."""
    path = bag / "data" / name
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    papers = tuple(
        FiledPaper(PaperRef(digest, len(content), each.paper.media_type, name), each.meta)
        if each.paper.name == name
        else each
        for each in Ledger.parse((bag / "ledger.jsonl").read_text()).papers
    )
    _relabel(bag, papers=papers)


def _edit_journal(bag: Path) -> None:
    lines = (bag / JOURNAL).read_text().splitlines()
    entry = json.loads(lines[1])
    entry["at"] = "2021-09-01T10:00:00+08:00"
    lines[1] = json.dumps(entry, ensure_ascii=False)
    _replace_paper(bag, "journal.jsonl", ("\n".join(lines) + "\n").encode())


def _link(bag: Path) -> None:
    paper = bag / "data" / LETTER
    shutil.move(paper, bag.parent / "elsewhere.pdf")
    paper.symlink_to(bag.parent / "elsewhere.pdf")


def _linked_folder(bag: Path) -> None:
    shutil.move(bag / "data", bag.parent / "elsewhere")
    (bag / "data").symlink_to(bag.parent / "elsewhere")


def _another_kind(bag: Path) -> None:
    (bag / "ledger.jsonl").unlink()


def _no_bag(bag: Path) -> None:
    (bag / "ledger.jsonl").unlink()
    (bag / "bagit.txt").unlink()


def _zipped(bag: Path) -> None:
    shutil.rmtree(bag)
    bag.write_bytes(b"PK\x03\x04")


def _another_case(text: str) -> str:
    snapshot = json.loads(text)
    snapshot["case"]["case"] = "urging-350481-2021-0999"
    return json.dumps(snapshot)


def _rows_of_another(text: str) -> str:
    snapshot = json.loads(text)
    snapshot["letters"][0]["case"] = "urging-350481-2021-0999"
    return json.dumps(snapshot)


def _named(name: str) -> Callable[[Path], None]:
    """The ledger and the manifest name a paper otherwise than the rules of names allow."""
    return lambda bag: _rewrite(bag, lambda text: text.replace(LETTER, name))


def _deep(bag: Path) -> None:
    """Deeper than the name of any paper can be."""
    step = os.open(bag / "data", os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=step)
        below = os.open("d", os.O_RDONLY, dir_fd=step)
        os.close(step)
        step = below
    os.close(step)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a path that climbs out, in the ledger": (_named("../../etc/cron.d/x"), "登记簿读不懂"),
    "an absolute path, in the ledger": (_named("/etc/cron.d/x"), "登记簿读不懂"),
    "a path that climbs out, in the manifest": (
        lambda bag: _rewrite(bag, lambda text: text.replace(LETTER, "../../x"), "manifest-sha256.txt"),
        "清单列了包外的路径“data/../../x”",
    ),
    "an absolute path, in the manifest": (
        lambda bag: _rewrite(bag, lambda text: text.replace("data/" + LETTER, "/x"), "manifest-sha256.txt"),
        "清单列了包外的路径“/x”",
    ),
    "a link": (_link, "是链接或设备，不是文件"),
    "a folder that is a link": (_linked_folder, "是链接或设备，不是文件"),
    "a pipe": (lambda bag: os.mkfifo(bag / "data" / "pipe"), "是链接或设备，不是文件"),
    "folders without end": (_deep, "文件夹的层数太多"),
    "a file too many": (lambda bag: (bag / "data" / "x.exe").write_bytes(b"x"), "登记簿上没有这个文件"),
    "a file too few": (lambda bag: (bag / "data" / LETTER).unlink(), "缺这个文件"),
    "a tag file too few": (lambda bag: (bag / "bag-info.txt").unlink(), "缺这个文件"),
    "files to be fetched": (lambda bag: (bag / "fetch.txt").write_text("http://x - data/x\n"), "另外下载"),
    "another size": (
        lambda bag: (bag / "data" / LETTER).write_bytes(b"%PDF"),
        "大小是 4 字节，登记的是 11 字节",
    ),
    "another byte": (lambda bag: (bag / "data" / LETTER).write_bytes(b"%PDF Letter"), "与登记的指纹不符"),
    "a second manifest": (lambda bag: (bag / "manifest-md5.txt").write_text("0 data/x\n"), "另有一份清单"),
    "manifests that disagree": (
        lambda bag: _rewrite(bag, lambda text: text.replace("a", "b"), "tagmanifest-sha256.txt"),
        "tagmanifest-sha256.txt：与登记簿所载不符",
    ),
    "another case in bag-info": (
        lambda bag: _rewrite(bag, lambda text: text.replace(bag.name, "urging-1"), "bag-info.txt"),
        "bag-info.txt：与登记簿所载不符",
    ),
    "an id that is no case's": (
        lambda bag: _relabel(bag, case_id="intake-2021"),
        "“intake-2021”不是案件编号",
    ),
    "another case in the snapshot": (
        lambda bag: _replace_paper(
            bag, "snapshot.json", _another_case((bag / SNAPSHOT).read_text()).encode()
        ),
        "快照是案件 urging-350481-2021-0999 的",
    ),
    "rows of another case": (
        lambda bag: _replace_paper(
            bag, "snapshot.json", _rows_of_another((bag / SNAPSHOT).read_text()).encode()
        ),
        "快照里有别的案件的行",
    ),
    "no snapshot": (lambda bag: _replace_paper(bag, "snapshot.json", b"{}"), "快照读不出来"),
    "a seal that is open": (lambda bag: _relabel(bag, seal=None), "案卷没有封存"),
    "a huge line": (
        lambda bag: _rewrite(bag, lambda text: text.replace("永安市", "永" * 100_000)),
        "登记簿的一行有",
    ),
    "a ledger that is nested deep": (lambda bag: _rewrite(bag, lambda _: "[" * 200_000), "登记簿读不懂"),
    "a size beyond numbers": (
        lambda bag: _rewrite(bag, lambda text: text.replace('"size":11', f'"size":{"9" * 4000}')),
        "所记的大小、媒体类型或说明不合格",
    ),
    "no UTF-8": (lambda bag: (bag / "ledger.jsonl").write_bytes(b"\xff\xfe"), "登记簿不是 UTF-8 文字"),
    "a later layout": (
        lambda bag: _rewrite(bag, lambda text: text.replace('"layout":1', '"layout":7')),
        "升级程序后再试",
    ),
    "a journal that was edited": (_edit_journal, "第 2 行：办案记录的这一行接不上：链接指纹"),
    "a journal that is none": (
        lambda bag: _replace_paper(bag, "journal.jsonl", b'{"seq": 1}\n'),
        "第 1 行：办案记录的这一行接不上：读不懂",
    ),
    "a journal that is nested deep": (
        lambda bag: _replace_paper(bag, "journal.jsonl", b"[" * 200_000),
        "第 1 行：办案记录的这一行接不上：读不懂",
    ),
    "another kind of bag": (_another_kind, "但不是明鉴的案卷包"),
    "no bag": (_no_bag, "这不是案卷包"),
    "a zip": (_zipped, "应为文件夹.*先解开"),
    "nothing": (lambda bag: shutil.rmtree(bag), "没有这个文件夹"),
}


@pytest.mark.parametrize("harm", BAD)
def test_a_bag_that_is_not_sound_is_refused_and_nothing_written(house: House, bag: Path, harm: str) -> None:
    do, said = BAD[harm]
    do(bag)
    manifest = bag / "tagmanifest-sha256.txt"
    with pytest.raises(Refusal) as error:
        house.take(bag, vouchers=(voucher_of(bag) if manifest.is_file() else "0" * 64,))
    assert re.search(said, str(error.value)), str(error.value)
    assert all(each.remedy for each in error.value.problems)
    assert house.written() == ([], (), [], []) and kept_names(house.archive) == []


def test_all_that_is_wrong_is_said_at_once_and_a_flood_is_cut(house: House, bag: Path) -> None:
    (bag / "data" / LETTER).unlink()
    (bag / "data" / "snapshot.json").write_bytes(b"{}")
    for number in range(80):
        (bag / "data" / f"{number:03}.exe").write_bytes(b"x")
    with pytest.raises(Refusal) as error:
        house.take(bag, vouchers=(voucher_of(bag),))
    text = str(error.value)
    assert "缺这个文件" in text and "000.exe" in text and "另有" in text
    assert len(error.value.problems) == 51
    assert kept_names(house.archive) == []


def test_a_bag_that_changes_after_it_was_checked_leaves_nothing_false(
    house: House, bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that reads otherwise the second time: the paper is refused, and a sound bag finishes the work."""
    claim = house.book.claim_case

    def claim_then_change(*given: str) -> None:
        claim(*given)
        (bag / "data" / LETTER).write_bytes(b"%PDF Letter")

    with monkeypatch.context() as patched:
        patched.setattr(house.book, "claim_case", claim_then_change)
        with pytest.raises(Refusal, match="磁盘有坏处"):
            house.take(bag)
    assert house.archive.papers(bag.name) == ()
    (bag / "data" / LETTER).write_bytes(b"%PDF letter")
    house.take(bag)
    assert house.archive.verify(bag.name, sealed=voucher_of(bag)) == []
