"""The archive, as a folder and as a bucket: names, the bag's bytes, each paper filed once, bad papers refused."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import unicodedata
from pathlib import Path

import bagit  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from activities.archive import Archive
from activities.folder_archive import FolderArchive
from models.bags import FiledPaper, Ledger, PaperRef, case_name, paper_name
from models.errors import InputError, MingjianError, Refusal, Unreachable
from tests.kept_archives import (
    CASE,
    LETTER,
    REPLY,
    Made,
    Maker,
    is_bag,
    is_sound,
    is_whole,
    kept_names,
    objects,
)

pytest_plugins = ["tests.archives"]

PDF = "application/pdf"


def file_paper(archive: Archive, name: str, content: bytes, case_id: str = CASE) -> PaperRef:
    return archive.store(
        case_id, name, content, media_type=PDF, meta={"source": "大田县自然资源局", "receipt": ""}
    )


def content_of(archive: Archive, name: str) -> bytes:
    with archive.open(CASE, name) as file:
        return file.read()


def names(archive: Archive, case_id: str = CASE) -> list[str]:
    return [filed.paper.name for filed in archive.papers(case_id)]


def said(error: pytest.ExceptionInfo[MingjianError], *words: str) -> bool:
    return all(word in str(error.value) for word in words)


# Names


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("../../x", "以“.”开头或结尾"),
        ("papers/../x", "以“.”开头或结尾"),
        ("/etc/passwd", "以“/”开头"),
        ("papers//x", "连着的“/”"),
        ("", "文件名为空"),
        ("papers/ ", "文件名为空"),
        (r"C:\案卷.pdf", "不许用的字符"),
        (r"..\x", "不许用的字符"),
        ("what?.pdf", "不许用的字符"),
        ("复\x00函", "U+0000"),
        ("复函.pdf\n", "U+000A"),
        ("\u202efdp.函复", "U+202E"),
        ("零\u200b宽", "U+200B"),
        ("半个\ud83d", "U+D83D"),
        ("papers/NUL", "保留名"),
        ("com1.pdf", "保留名"),
        (".hidden", "以“.”开头或结尾"),
        ("复函.", "以“.”开头或结尾"),
        ("字" * 86, "258 字节"),
        ("/".join(["字" * 80] * 5), "1204 字节"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_chinese(archive: Made, name: str, complaint: str) -> None:
    with pytest.raises(InputError) as error:
        file_paper(archive, name, b"x")
    assert said(error, complaint)
    str(error.value).encode()  # fit for any terminal
    assert kept_names(archive) == []


def test_all_that_is_wrong_with_a_name_is_said_at_once() -> None:
    with pytest.raises(InputError) as error:
        paper_name("/a*/\x01/nul")
    assert len(error.value.problems) == 4


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        (" papers / 复函.pdf\u3000", "papers/复函.pdf"),
        (unicodedata.normalize("NFD", "papers/café.pdf"), "papers/café.pdf"),
        ("复垦率100%25.pdf", "复垦率100％25.pdf"),
        ("字" * 85, "字" * 85),
        ("检察建议〔2021〕7号，共 3 份（附件）.pdf", "检察建议〔2021〕7号，共 3 份（附件）.pdf"),
    ],
)
def test_a_name_is_cleaned_as_stated(archive: Made, given_name: str, kept: str) -> None:
    assert file_paper(archive, given_name, b"x").name == kept
    assert names(archive) == [kept]
    assert content_of(archive, given_name) == b"x"
    assert is_sound(archive)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
@example("*星.pdf")
@example("~/x")
@example("#x")
@example("\u3000")
def test_any_name_is_refused_or_makes_a_valid_bag(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    root = tmp_path_factory.mktemp("any")
    archive = FolderArchive(root)
    try:
        kept = file_paper(archive, text, b"x").name
    except InputError:
        return
    assert paper_name(kept) == kept
    assert (root / "cases" / CASE / "data" / kept).resolve().is_relative_to(root / "cases" / CASE / "data")
    assert is_whole(root)
    archive.seal(CASE, {"A": "1"})
    assert is_whole(root) and is_bag(root)


@pytest.mark.parametrize("case_id", ["", "../x", "督促-1", "a/b", "-x", "x" * 129, "x\n"])
def test_a_case_id_that_cannot_be_is_refused(archive: Made, case_id: str) -> None:
    for ask in (lambda: file_paper(archive, LETTER, b"x", case_id), lambda: archive.verify(case_id)):
        with pytest.raises(InputError):
            ask()
    assert kept_names(archive) == []
    assert case_name("public_interest-350400-2021-0007")


# The bag


def test_the_layout_never_changes_a_byte() -> None:
    ledger = Ledger("c-1").filing(
        FiledPaper(PaperRef("b" * 64, 12, PDF, "papers/复函.pdf"), {"source": "市林业局"})
    )
    ledger = ledger.filing(FiledPaper(PaperRef("a" * 64, 3, "application/json", "journal.jsonl")))
    ledger = ledger.sealing({"Source-Organization": "三明市人民检察院", "Bagging-Date": "2021-12-01"})
    texts = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "External-Identifier: c-1\nPayload-Oxum: 15.2\nBagging-Date: 2021-12-01\n"
        "Source-Organization: 三明市人民检察院\n",
        "manifest-sha256.txt": f"{'a' * 64}  data/journal.jsonl\n{'b' * 64}  data/papers/复函.pdf\n",
        "ledger.jsonl": '{"case":"c-1","layout":1}\n'
        f'{{"digest":"{"b" * 64}","media_type":"application/pdf","meta":{{"source":"市林业局"}},'
        '"name":"papers/复函.pdf","size":12}\n'
        f'{{"digest":"{"a" * 64}","media_type":"application/json","meta":{{}},'
        '"name":"journal.jsonl","size":3}\n'
        '{"seal":{"Bagging-Date":"2021-12-01","Source-Organization":"三明市人民检察院"}}\n',
    }
    vouching = "".join(
        f"{hashlib.sha256(texts[name].encode()).hexdigest()}  {name}\n" for name in sorted(texts)
    )
    assert ledger.tag_files() == {**texts, "tagmanifest-sha256.txt": vouching}
    assert ledger.voucher() == "dc122b300efd79c6068abe2993302eb2a010a3b9c953ba008286477c2cd7d3b0"
    assert Ledger.parse(ledger.text()) == ledger


def test_line_separators_in_particulars_do_not_cut_the_ledger(archive: Made) -> None:
    meta = {"source": "甲\u2028乙\u0085丙\n丁"}
    archive.store(CASE, LETTER, b"x", media_type=PDF, meta=meta)
    assert archive.papers(CASE)[0].meta == meta


def test_a_ledger_of_a_later_release_is_left_alone() -> None:
    with pytest.raises(Refusal) as error:
        Ledger.parse('{"case":"c-1","layout":2,"more":true}\n')
    assert said(error, "更新的版本")


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]\n", "null\n", '{"case":"c","layout":1}', '{"case":"c","layout":1}\n\n', "\udcff", "[" * 9],
)
def test_a_ledger_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        Ledger.parse(text)


def test_an_open_folder_has_a_chained_ledger_and_becomes_a_bag_at_the_seal(root: Path) -> None:
    archive = FolderArchive(root)
    with pytest.raises(Refusal):
        archive.verify(CASE) and archive.seal(CASE, {})
    archive._begin(CASE)
    assert is_whole(root)
    letter = file_paper(archive, LETTER, b"%PDF letter")
    assert letter == PaperRef(hashlib.sha256(b"%PDF letter").hexdigest(), 11, PDF, LETTER)
    assert is_whole(root)
    file_paper(archive, REPLY, b"%PDF reply")
    archive.store(CASE, "history/run 1.json", io.BytesIO(b"{}"), media_type="application/json", meta={})
    bag_folder = root / "cases" / CASE
    assert is_whole(root) and {each.name for each in bag_folder.iterdir()} == {"data", "ledger.jsonl"}
    chained = (bag_folder / "ledger.jsonl").read_text().split("\n")
    plain = Ledger(CASE, archive.papers(CASE)).text().split("\n")
    chain = hashlib.sha256(plain[0].encode()).hexdigest()
    assert chained[0] == plain[0] and chained[-1] == "" and len(chained) == len(plain) == 5
    for line, bare in zip(chained[1:-1], plain[1:-1], strict=True):
        chain = hashlib.sha256((chain + bare).encode()).hexdigest()
        assert line == f'{{"chain":"{chain}",{bare[1:]}'
    voucher = archive.seal(CASE, {"Source-Organization": "三明市人民检察院", "Bagging-Date": "2021-12-01"})
    assert is_bag(root) and archive.verify(CASE, sealed=voucher) == []
    bag = bagit.Bag(str(root / "cases" / CASE))
    assert bag.info["Source-Organization"] == "三明市人民检察院" and bag.info["Payload-Oxum"] == "23.3"
    assert set(bag.payload_entries()) == {f"data/{name}" for name in (LETTER, REPLY, "history/run 1.json")}
    assert content_of(archive, REPLY) == archive.read(archive.papers(CASE)[1].paper.digest) == b"%PDF reply"
    assert archive.papers(CASE)[0].meta == {"source": "大田县自然资源局", "receipt": ""}


def test_a_sealed_folder_takes_nothing_new_and_the_same_again(archive: Made) -> None:
    letter = file_paper(archive, LETTER, b"1")
    voucher = archive.seal(CASE, {"B": "1", "A": "2"})
    assert archive.seal(CASE, {"A": "2", "B": "1"}) == voucher
    assert file_paper(archive, LETTER, b"1") == letter
    with pytest.raises(Refusal) as error:
        file_paper(archive, REPLY, b"2")
    assert said(error, "已经归档封存", REPLY)
    with pytest.raises(Refusal):
        archive.seal(CASE, {"A": "3"})
    assert is_sound(archive) and archive.verify(CASE, sealed=voucher) == []
    assert [str(each) for each in archive.verify(CASE, sealed="0" * 64)] == [
        f"案卷 {CASE}：文件 ledger.jsonl：案卷与封存时留下的指纹不符（与备份核对）"
    ]


@pytest.mark.parametrize(
    "bag_info", [{"A:b": "1"}, {"A": "1\n2"}, {"A": ""}, {"": "1"}, {"payload-oxum": "1.1"}]
)
def test_a_seal_that_would_break_the_bag_is_refused(archive: Made, bag_info: dict[str, str]) -> None:
    file_paper(archive, LETTER, b"1")
    with pytest.raises(InputError):
        archive.seal(CASE, bag_info)
    assert archive.verify(CASE) == []


def test_an_empty_folder_is_not_sealed(root: Path) -> None:
    archive = FolderArchive(root)
    archive._begin(CASE)
    with pytest.raises(Refusal) as error:
        archive.seal(CASE, {"A": "1"})
    assert said(error, "没有文件")


# Filing


def test_the_same_paper_twice_is_one_file(archive: Made) -> None:
    first = file_paper(archive, LETTER, b"same")
    again = archive.store(CASE, LETTER, io.BytesIO(b"same"), media_type="text/plain", meta={"source": "别处"})
    assert again == first and names(archive) == [LETTER]
    assert archive.papers(CASE)[0].meta["source"] == "大田县自然资源局"
    file_paper(archive, "papers/副本.pdf", b"same")
    file_paper(archive, LETTER, b"same", case_id="urging-350400-2021-0008")
    assert objects(archive) == 1
    assert is_sound(archive) and is_sound(archive, "urging-350400-2021-0008")
    assert list(archive.cases()) == [CASE, "urging-350400-2021-0008"]


@pytest.mark.parametrize(
    "name", ["papers/Reply.pdf", "papers/REPLY.PDF", "papers", "papers/Reply.pdf/附件.pdf"]
)
def test_another_paper_under_a_taken_name_is_refused(archive: Made, name: str) -> None:
    file_paper(archive, "papers/Reply.pdf", b"one")
    before = kept_names(archive)
    with pytest.raises(Refusal):
        file_paper(archive, name, b"two")
    assert kept_names(archive) == before
    assert is_sound(archive)


def test_a_paper_that_is_missing_empty_or_too_large_leaves_nothing(
    tmp_path: Path, make_archive: Maker
) -> None:
    archive = make_archive(limit=1000)
    empty, large, exact = tmp_path / "空.pdf", tmp_path / "大.pdf", tmp_path / "正好.pdf"
    empty.touch()
    large.write_bytes(b"x" * 1001)
    exact.write_bytes(b"x" * 1000)
    for source, words in (
        (tmp_path / "无.pdf", ("找不到文件", "无.pdf")),
        (tmp_path, ("不是文件",)),
        (empty, ("空的", "空.pdf")),
        (large, ("太大", "大.pdf")),
        (Path("/proc/self/mem"), ("读不出来",)),
    ):
        with pytest.raises(InputError) as error:
            archive.store(CASE, LETTER, source, media_type=PDF, meta={})
        assert said(error, *words)
    for content in (b"", io.BytesIO(b"x" * 1001)):
        with pytest.raises(InputError):
            archive.store(CASE, LETTER, content, media_type=PDF, meta={})
    assert kept_names(archive) == [] and list(archive.cases()) == []
    assert archive.store(CASE, LETTER, exact, media_type=PDF, meta={}).size == 1000


@pytest.mark.parametrize(("media_type", "meta"), [("pdf", {}), ("a/b\n", {}), (PDF, {"source": "\ud800"})])
def test_particulars_that_cannot_be_written_are_refused(
    archive: Made, media_type: str, meta: dict[str, str]
) -> None:
    with pytest.raises(InputError):
        archive.store(CASE, LETTER, b"x", media_type=media_type, meta=meta)
    assert kept_names(archive) == []


def test_what_is_not_there_is_said(archive: Made) -> None:
    assert archive.papers(CASE) == () and list(archive.cases()) == []
    assert [each.kind for each in archive.verify(CASE)] == ["absent"]
    file_paper(archive, LETTER, b"x")
    for ask in (
        lambda: archive.open(CASE, REPLY),
        lambda: archive.open(CASE, "papers"),
        lambda: archive.open("urging-1", LETTER),
        lambda: archive.read("0" * 64),
        lambda: archive.seal("urging-1", {"A": "1"}),
        lambda: archive.repair("urging-1"),
    ):
        with pytest.raises(Refusal):
            ask()
    with pytest.raises(InputError):
        archive.read("../" + "0" * 61)


def test_an_archive_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable) as error:
        file_paper(FolderArchive(tmp_path / "file" / "archive"), LETTER, b"x")
    assert said(error, "档案库读写失败", "应为文件夹之处是文件")


def test_a_large_paper_does_not_pass_through_memory(archive: Made, tmp_path: Path) -> None:
    large = tmp_path / "录像.mp4"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        archive.store(CASE, "papers/录像.mp4", large, media_type="video/mp4", meta={})
        findings = archive.verify(CASE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert findings == [] and peak < 8 * 1024 * 1024
