"""What may be kept as a paper, by its content: the table of what is refused, and why; and what text is read."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from starter.paper_contents import Contents, examine, marked
from starter.papers import check_paper
from tests.incoming_files import PNG, docx, locked, ofd, packed, pdf, put

BOMB = packed({"[Content_Types].xml": "x", "word/document.xml": "0" * (40 * 1024 * 1024)})
MACROS = (
    '<Types><Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
)

REFUSED = [
    ("回复.pdf", b"<html>not a pdf</html>", "内容却不是 PDF"),
    ("回复.pdf", PNG, "是 PNG 图像"),
    ("照片.jpg", PNG, "内容却不是 JPEG 图像"),
    ("照片.png", b"GIF89a", "是 GIF 图像"),
    ("回复.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加了密码，或是旧版格式"),
    ("回复.docx", docx("文", **{"word/vbaProject.bin": b"x"}), "文档里有宏"),
    ("回复.docm", docx("文", **{"word/vbaProject.bin": b"x"}), "文档里有宏"),
    ("回复.docx", packed({"[Content_Types].xml": MACROS, "word/x.bin": "x"}), "文档里有宏"),
    ("回复.docx", packed({f"{place}": "" for place in range(10_001)}), "压缩炸弹"),
    ("回复.docx", packed({"a.txt": "x"}), "内容却是压缩包"),
    ("回复.ofd", docx("文"), "内容却是Word 文档"),
    ("回复.docx", packed({"word/document.xml": "x"}, encrypted=True), "压缩包加了密码"),
    ("材料.zip", packed({"a.txt": "x"}, encrypted=True), "压缩包加了密码"),
    ("回复.docx", BOMB, "压缩炸弹"),
    ("回复.docx", docx("文")[:-30], "已损坏"),
    ("回复.docx", docx("机密★1年", "关于……的回复"), "标有密级“机密”"),
    ("回复.ofd", ofd("秘密★"), "标有密级“秘密”"),
    ("说明.txt", "密级：绝密\n".encode(), "标有密级“绝密”"),
    ("发票.pdf.exe", b"MZ\x90\0" + b"\0" * 100, "是程序"),
    ("回复", b"\x7fELF" + b"\0" * 100, "是程序"),
    ("空.pdf", b"", "文件是空的"),
]


@pytest.mark.parametrize(
    ("name", "content", "said"), REFUSED, ids=[f"{each[0]}-{each[2]}" for each in REFUSED]
)
def test_what_is_refused_names_the_file_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = put(tmp_path, name, content)
    [problem] = check_paper(path)
    assert said in problem.what and problem.remedy and problem.file == str(path)
    assert path.read_bytes() == content, "left as it was"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("回复.docx", docx("永检建〔2021〕1号", "A &amp; B"), "永检建〔2021〕1号\nA & B\n"),
        ("回复.ofd", ofd("大田县", "自然资源局"), "大田县\n自然资源局\n"),
        ("照片.PNG", PNG, ""),
        ("材料.zip", packed({"a.txt": "x"}), ""),
        ("说明.txt", "已清运。".encode(), "已清运。"),
        ("记录.dat", b"anything", ""),
    ],
)
def test_what_is_taken_and_its_text(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    assert examine(put(tmp_path, name, content)) == Contents(text=text)


def test_a_pdf_is_read_and_a_locked_one_is_not(tmp_path: Path) -> None:
    content = pdf("永检建〔2021〕1号", "大田县自然资源局回复")
    found = examine(put(tmp_path, "回复.pdf", content))
    assert not found.problems and "永检建〔2021〕1号" in "".join(found.text.split())
    [problem] = examine(put(tmp_path, "加密.pdf", locked(content))).problems
    assert "加了密码" in problem.what
    [problem] = examine(put(tmp_path, "涉密.pdf", pdf("机密★5年", "正文"))).problems
    assert "密级" in problem.what
    assert examine(put(tmp_path, "残.pdf", content[:300])) == Contents(), "as a picture is"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("绝密★启用前", "绝密"),
        ("机 密 ★ 5年", "机密"),
        ("文号\n  秘密  \n正文", "秘密"),
        ("密级：机密", "机密"),
        ("涉及商业秘密★的除外", ""),
        ("依法保守国家秘密、商业秘密和个人隐私", ""),
        ("严格保守工作秘密。", ""),
    ],
)
def test_a_marking_of_state_secrets_is_told_from_the_word(text: str, word: str) -> None:
    problems = marked("x", text).problems
    assert [word in each.what for each in problems] == ([True] if word else [])


def test_a_scan_of_any_size_does_not_pass_through_memory(tmp_path: Path) -> None:
    content = pdf("永检建〔2021〕1号")
    path = put(tmp_path, "大.pdf", content)
    with path.open("ab") as file:
        file.truncate(500 * 1024 * 1024)
        file.seek(0, 2)
        file.write(b"\n" + content[content.rindex(b"startxref") :])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "2021" in examine(path).text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_pdf_that_would_take_all_memory_is_as_a_picture(tmp_path: Path) -> None:
    path = put(tmp_path, "残.pdf", pdf("第一页"))
    with path.open("ab") as file:
        file.truncate(500 * 1024 * 1024)
    assert examine(path) == Contents()


@pytest.mark.parametrize("text", ["<" * 1_000_000, "密级" + " " * 1_000_000, "机" + " " * 1_000_000])
def test_a_text_made_to_hold_the_reader_up_is_read_at_once(tmp_path: Path, text: str) -> None:
    """In processor time: a pattern that goes back over it at each sign would take hours."""
    begun = time.process_time()
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": text,
        "pad": "".join(map(str, range(9999))),
    }
    assert not examine(put(tmp_path, "a.docx", packed(parts))).problems
    assert time.process_time() - begun < 10
