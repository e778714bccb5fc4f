"""A filed case leaves one house and is taken over by another: the same ledger, the same voucher, once; or not at all."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest
from temporalio.service import RPCError, RPCStatusCode

from activities.archive import Archive
from activities.database import Database
from activities.folder_archive import FolderArchive
from activities.incoming_papers import IncomingBook
from activities.loose_bags import check_bag
from activities.registry import Registry
from activities.seals import SealBook
from activities.transfer import copy_folder
from models.errors import InputError, Refusal
from models.numbering import CaseId
from starter.handing_over import copy_archive, package_case
from starter.office import Office
from starter.provision.s3_server import S3Server
from starter.showing import View, look, tell
from tests.filed_cases import ELSEWHERE, LETTER, RUN, complaints, file_case
from tests.kept_archives import Maker, bucket_archive
from tests.receiving_house import House, voucher_of
from tests.script_runs import Home

pytest_plugins = ["tests.archives", "tests.received_bags"]


# Out of the house


def test_a_package_is_a_bag_to_two_other_readers_until_a_byte_is_changed(
    make_archive: Maker, tmp_path: Path
) -> None:
    archive = make_archive()
    (case, voucher), (beside, again) = file_case(archive), file_case(archive, supplement=True)
    out = tmp_path / "out"
    ledgers = package_case(archive, case, out, zipped=True)
    assert [(each.case_id, each.voucher()) for each in ledgers] == [(case, voucher), (beside, again)]
    assert sorted(each.name for each in out.iterdir()) == sorted(
        [case, beside, f"{case}.zip", f"{beside}.zip"]
    )
    for folder in (case, beside):
        assert complaints(out / folder) == []
        assert check_bag(out / folder).voucher() == archive.seal(folder, archive.ledger(folder).seal)  # type: ignore[union-attr,arg-type]  # sealed above
    paper = out / case / "data" / LETTER
    paper.write_bytes(b"%PDF Letter")
    assert complaints(out / case) == ["_bagit_library", "_coreutils"]
    with pytest.raises(Refusal, match="与登记的指纹不符"):
        check_bag(out / case)


def test_a_zip_is_the_same_bytes_each_time_and_holds_the_bag(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path / "archive")
    case, _ = file_case(archive)
    zips = []
    for place in ("a", "b"):
        package_case(archive, case, tmp_path / place, zipped=True)
        zips.append((tmp_path / place / f"{case}.zip").read_bytes())
    assert zips[0] == zips[1]
    with zipfile.ZipFile(tmp_path / "a" / f"{case}.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    assert complaints(tmp_path / "unpacked" / case) == []


def test_a_package_is_whole_or_not_there_and_covers_nothing(tmp_path: Path) -> None:
    archive, out = FolderArchive(tmp_path / "archive"), tmp_path / "out"
    case, voucher = file_case(archive)
    digest = archive.papers(case)[0].paper.digest
    kept = archive._object(digest)
    kept.chmod(0o640)
    kept.write_bytes(b"%PDF Letter")
    with pytest.raises(Refusal, match="与登记的指纹不符"):
        package_case(archive, case, out)
    assert list(out.iterdir()) == []
    kept.write_bytes(b"%PDF letter")
    (out / case).mkdir()
    with pytest.raises(Refusal, match="不覆盖"):
        package_case(archive, case, out)
    assert list((out / case).iterdir()) == []
    (out / case).rmdir()
    assert package_case(archive, case, out)[0].voucher() == voucher
    before = (out / case).stat().st_ino
    assert package_case(archive, case, out)[0].voucher() == voucher and (out / case).stat().st_ino == before
    (out / case / "data" / "more.pdf").write_bytes(b"x")
    with pytest.raises(Refusal, match="不覆盖"):
        package_case(archive, case, out)
    assert [each.name for each in out.iterdir()] == [case]


def test_what_is_not_sealed_is_not_packaged(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path / "archive")
    case, _ = file_case(archive)
    with pytest.raises(Refusal, match="没有案卷"):
        package_case(archive, "urging-350481-2021-0099", tmp_path / "out")
    archive.store(f"{case}-0123abcd", LETTER, b"x", media_type="application/pdf", meta={})
    with pytest.raises(Refusal, match=r"尚未封存.*先结案、归档"):
        package_case(archive, case, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# Into another house


@pytest.mark.parametrize("way", [("folder", "folder"), ("folder", "bucket"), ("bucket", "folder")])
def test_the_voucher_is_the_same_wherever_a_case_goes(
    way: tuple[str, str], s3_server: S3Server, tmp_path: Path
) -> None:
    def made(place: str, name: str) -> Archive:
        folder = tmp_path / name
        return FolderArchive(folder) if place == "folder" else bucket_archive(s3_server, folder)

    sender, house = made(way[0], "sender"), House(tmp_path, made(way[1], "here"))
    with closing(house.database):
        (case, voucher), (beside, again) = file_case(sender), file_case(sender, supplement=True)
        package_case(sender, case, tmp_path / "out")
        taken = house.take(tmp_path / "out" / case, tmp_path / "out" / beside)
        assert [each.ledger.voucher() for each in taken] == [voucher, again]
        for folder, sealed in ((case, voucher), (beside, again)):
            assert house.archive.ledger(folder) == sender.ledger(folder)
            assert house.archive.verify(folder, sealed=sealed) == []
        row = house.registry.cases().rows[0]
        assert (row.case, row.outcome, row.closed_on is not None) == (case, "withdrawn", True)
        lines = house.book.entered()
        assert [(str(each), each.paper.digest, each.paper.entered_by) for each in lines] == [
            (f"{CaseId.parse(case).county}-incoming-{lines[0].year}-{number:04}", digest, "周九")  # type: ignore[union-attr]  # it is one
            for number, digest in ((1, voucher), (2, again))
        ]
        assert all(each.paper.sender and each.paper.case == case for each in lines)
        written = house.written()
        house.take(tmp_path / "out" / case, tmp_path / "out" / beside, by="他人")
        assert house.written() == written
        assert house.book.unnumbered() == []


def test_a_number_that_came_from_elsewhere_is_no_gap_and_is_not_given_again(house: House, bag: Path) -> None:
    parts = CaseId.parse(bag.name)
    assert parts is not None
    series = parts.county, parts.kind.value, parts.year
    for key in range(parts.number - 1):
        house.book.case_number(*series, f"own-{key}")
    house.take(bag)
    assert house.book.gaps(book="case") == []
    assert house.book.case_number(*series, "next") == parts.number + 1
    assert house.book.gaps(book="case") == [] and house.book.taken_over(bag.name)


def test_a_case_of_far_away_is_no_gap(house: House, tmp_path: Path) -> None:
    house.book.claim_case("urging-350481-2021-0777", "taken-over/urging-350481-2021-0777")
    assert house.book.gaps(book="case") == []
    assert house.book.case_number("350481", "urging", 2021, "own") == 1


def test_another_case_under_the_number_is_refused(house: House, bag: Path) -> None:
    parts = CaseId.parse(bag.name)
    assert parts is not None
    house.book.claim_case(bag.name, "opened here")
    written = house.written()
    with pytest.raises(Refusal, match="本院已有案件"):
        house.take(bag)
    assert house.written() == written


def test_another_bag_of_a_case_that_was_taken_over_is_refused(
    house: House, bag: Path, tmp_path: Path
) -> None:
    house.take(bag)
    written = house.written()
    other = FolderArchive(tmp_path / "other")
    case, _ = file_case(other, keeping="永久")
    package_case(other, case, tmp_path / "again")
    with pytest.raises(Refusal, match="内容不同"):
        house.take(tmp_path / "again" / case)
    assert house.written() == written
    shutil.rmtree(
        tmp_path / "house" / "archive" / "cases" / case
    )  # lost here, and yet not to be had in another form
    with pytest.raises(Refusal, match="封存簿里已有案卷"):
        house.take(tmp_path / "again" / case)
    assert list(house.archive.cases()) == []
    house.take(bag)
    assert house.written() == written


def test_a_supplement_alone_and_vouchers_that_do_not_fit_are_refused_together(
    house: House, tmp_path: Path
) -> None:
    sender = FolderArchive(tmp_path / "sender")
    (case, _), (beside, _) = file_case(sender), file_case(sender, supplement=True)
    package_case(sender, case, tmp_path / "out")
    with pytest.raises(Refusal) as error:
        house.take(tmp_path / "out" / beside, vouchers=("0" * 64,))
    for words in ("不在移送函所载之列", "没有指纹为 000", "连同案卷本身一并接收"):
        assert words in str(error.value)
    with pytest.raises(InputError, match="不是文件指纹"):
        house.take(tmp_path / "out" / case, vouchers=("x",))
    assert house.written() == ([], (), [], [])


@pytest.mark.usefixtures("no_power_is_cut_here")
def test_a_take_over_cut_short_anywhere_is_finished_by_the_next(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Death before each step that writes: number, register, line and name of each paper, files of the bag, seal, rows."""

    class Died(BaseException):
        pass

    steps = (
        (IncomingBook, "claim_case"),
        (IncomingBook, "enter"),
        (FolderArchive, "_write"),
        (FolderArchive, "_name"),
        (SealBook, "enter"),
        (Registry, "project"),
    )

    left = 0

    def doomed(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise Died
            return call(*given, **options)

        return counted

    def dying_at(number: int, work: Callable[[], object]) -> bool:
        nonlocal left
        left = number
        with monkeypatch.context() as patched:
            for owner, name in steps:
                patched.setattr(owner, name, doomed(getattr(owner, name)))
            try:
                work()
            except Died:
                return True
        return False

    number = 1
    while True:
        folder = tmp_path / str(number)
        house = House(folder)
        with closing(house.database):
            died = dying_at(number, lambda: house.take(bag))  # noqa: B023  # called at once
            if died:
                house.take(bag, by="他人")
            assert house.archive.verify(bag.name, sealed=voucher_of(bag)) == []
            assert len(house.written()[1]) == len(house.book.entered()) == 1
            assert [seal.voucher for seal in house.seals.seals().values()] == [voucher_of(bag)]
        shutil.rmtree(folder)
        if not died:
            break
        number += 1
    assert number > 15


# An archive moves


def test_an_archive_moves_into_a_bucket_and_back(s3_server: S3Server, tmp_path: Path) -> None:
    first, last = FolderArchive(tmp_path / "first"), FolderArchive(tmp_path / "last")
    bucket = bucket_archive(s3_server, tmp_path / "incoming")
    (case, voucher), (beside, again) = file_case(first), file_case(first, supplement=True)
    first.store("urging-350481-2021-0002", LETTER, b"open", media_type="application/pdf", meta={"a": "b"})
    copy_folder(first, bucket, beside)  # cut short after one
    for source, target in ((first, bucket), (bucket, last)):
        copied = list(copy_archive(source, target))
        assert [(each.folder, each.voucher) for each in copied] == [
            (case, voucher),
            (beside, again),
            ("urging-350481-2021-0002", ""),
        ]
        assert [target.ledger(each.folder) for each in copied] == [
            first.ledger(each.folder) for each in copied
        ]
    first.store("urging-350481-2021-0002", "papers/二.pdf", b"two", media_type="application/pdf", meta={})
    last.store("urging-350481-2021-0002", "papers/三.pdf", b"three", media_type="application/pdf", meta={})
    copied = list(copy_archive(first, last))
    assert [bool(each.problems) for each in copied] == [False, False, True]
    assert "内容不同" in str(copied[2].problems[0])


# The script


def test_the_script_packages_takes_over_and_moves(tmp_path: Path) -> None:
    keep = {
        name: value
        for name, value in os.environ.items()
        if name == "MINGJIAN_CACHE" or "MINGJIAN" not in name
    }
    there = Home(tmp_path / "there", keep | {"MINGJIAN_HOME": str(tmp_path / "there")})
    here = Home(tmp_path / "here", keep | {"MINGJIAN_HOME": str(tmp_path / "here")})
    case, voucher = file_case(FolderArchive(there.folder / "archive"), opened=ELSEWHERE)
    House(here.folder).database.close()
    run = there.run_here("package", case, "--out", tmp_path / "stick")
    assert run.code == 0 and voucher in run.out, run.err
    assert there.run_here("package", case[:-1] + "9", "--out", tmp_path / "stick").code == 1
    bag = tmp_path / "stick" / case
    for missing in (("--by", "周九"), ("--voucher", voucher)):
        assert here.run_here("take-over", bag, *missing).code == 2
    wrong = here.run_here("take-over", bag, "--voucher", "0" * 64, "--by", "周九")
    assert wrong.code == 1 and voucher in wrong.err and not (here.folder / "archive").exists()
    for _ in range(2):
        [told] = here.run_here("take-over", bag, "--voucher", voucher, "--by", "周九", "--json").lines
        assert (told["case"], told["voucher"], told["by"]) == (case, voucher, "周九") and told["sender"]
    book = Database(f"sqlite:///{here.folder / 'registry.db'}")
    [seal] = SealBook(book).seals().values()
    book.close()
    assert (seal.folder, seal.voucher, seal.run) == (case, voucher, RUN) and len(seal.head) == 64
    listed = here.run_here("list", "--json")
    assert [line["case"] for line in listed.lines] == [case] and case in here.run_here("list").out
    assert here.run_here("list", "--county", "440106", "--json").lines == listed.lines
    assert here.run_here("list", "--county", "44010").code == 2
    register = here.run_here("registers", "in")
    assert "接收案卷" in register.out and "未编收文号" not in register.err
    assert here.run_here("registers", "gaps").code == 0
    moved = here.run_here("archive", "copy", "--to", tmp_path / "new")
    assert moved.code == 0 and "1 件案卷" in moved.out
    assert FolderArchive(tmp_path / "new").verify(case, sealed=voucher) == []
    assert here.run_here("archive", "copy", "--to", here.folder / "archive").code == 2


@pytest.mark.asyncio
async def test_a_case_of_far_away_is_shown_from_the_registry(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sender = FolderArchive(tmp_path / "sender")
    case, _ = file_case(sender, opened=ELSEWHERE)
    package_case(sender, case, tmp_path / "out")
    house.take(tmp_path / "out" / case)

    class Server:
        def get_workflow_handle(self, case: str) -> Server:
            return self

        async def query(self, *_: object, **__: object) -> None:
            raise RPCError("unknown", RPCStatusCode.NOT_FOUND, b"")

    office = SimpleNamespace(
        client=Server(), registry=house.registry, archive=house.archive, case=lambda case: case
    )
    found = await look(cast(Office, office), case)
    assert found.source == "registry"
    for view in get_args(View):
        tell(found, view, {})
    out, err = capsys.readouterr()
    assert "督促整治违法占用耕地案" in out and "天河区" in out and "取自登记库" in err
