"""The files of ledgers: what is none is refused in words; the template, and rows that are given back, can be read again."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from models.errors import InputError
from starter.ledgers import workbook
from starter.ledgers.columns import SHEETS
from starter.ledgers.reading import read_ledger
from starter.ledgers.template import write_back, write_template
from tests.sample_ledgers import GOOD, ISSUED, JURISDICTION, TODAY, another, ledger_file, read, told

# ── what is wrong with a file ────────────────────────────────────────────────────────────────────────────────────────


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_ledger(path, JURISDICTION, today=TODAY)
    assert all(problem.remedy and problem.file for problem in caught.value.problems)
    return str(caught.value)


def test_a_renamed_csv_is_no_ledger(tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_text("本院案号,地方\n1,永安市\n", encoding="gb18030")
    assert "改了扩展名的文本（.csv）" in refused(file)


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    assert "找不到文件" in refused(tmp_path / "没有.xlsx")
    assert "是文件夹" in refused(tmp_path)
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    assert "文件是空的" in refused(empty)


def test_an_encrypted_or_old_workbook_is_told_from_a_broken_one(tmp_path: Path) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    encrypted, old, broken = (tmp_path / f"{name}.xlsx" for name in ("密", "旧", "坏"))
    encrypted.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    old.write_bytes(head)
    assert "加了密码" in refused(encrypted) and "旧格式" in refused(old)
    whole = ledger_file(tmp_path / "好.xlsx", [GOOD]).read_bytes()
    for cut in (len(whole) // 2, len(whole) - 30):
        broken.write_bytes(whole[:cut])
        assert "文件损坏" in refused(broken)
    middle = len(whole) // 3
    broken.write_bytes(whole[:middle] + bytes(200) + whole[middle + 200 :])
    assert "文件损坏" in refused(broken)
    other = tmp_path / "别的.xlsx"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert "文件损坏" in refused(other)


def test_merged_cells_are_told_but_for_a_title(tmp_path: Path) -> None:
    heads = [*GOOD]
    title = read(tmp_path, GOOD, heads=heads, above=[["2021年台账"], []], merged=["A1:G1"])
    assert title.problems() == [] and len(title.cases) == 1
    ledger = read(tmp_path, GOOD, another(GOOD, 2), heads=heads, merged=["G2:G3"])
    assert [(each.row, each.what) for each in ledger.findings] == [(2, "合并了单元格 G2:G3")]
    assert not ledger.is_readable and not ledger.cases


def test_names_of_columns_in_two_rows_are_told(tmp_path: Path) -> None:
    heads = ["本院案号", "地方", "案件名称", "事项", "立案日期", "承办人", "日期", "方式"]
    ledger = read(tmp_path, GOOD, heads=heads, above=[["", "", "", "", "", "", "送达", ""]], merged=["G1:H1"])
    assert {(each.row, each.column) for each in ledger.findings} >= {(2, "日期"), (2, "方式")}
    twice = read(tmp_path, GOOD, {name: name for name in GOOD})
    assert [(each.row, each.what) for each in twice.findings] == [(3, "又是一行列名")]


def test_columns_that_are_missing_unknown_or_there_twice_are_told(tmp_path: Path) -> None:
    heads = ["本院案号", "地方", "案件名", "事项", "承办人", "承办人", "领导批示"]
    ledger = read(tmp_path, GOOD, heads=heads)
    found = {each.column: each for each in ledger.findings}
    assert set(found) == {"案件名", "案件名称", "立案日期", "承办人", "领导批示"}
    assert "是不是“案件名称”" in found["案件名"].remedy and "几个" in found["承办人"].what
    nothing = read(tmp_path, {"甲": 1, "乙": 2})
    assert [each.what for each in nothing.findings] == ["找不到列名所在的行"]


def test_formulas_are_told_where_they_count(tmp_path: Path) -> None:
    row = GOOD | {"立案日期": "=DATE(2021,9,20)", "序号": "=ROW()-1"}
    ledger = read(tmp_path, row, heads=[*GOOD, "序号"])
    assert told(ledger) == [("案件", 2, "立案日期")] and "F2 是公式" in ledger.findings[0].what


def test_hidden_sheets_of_ours_are_told_and_others_passed_over(tmp_path: Path) -> None:
    orphan = {"本院案号": GOOD["本院案号"], "文书种类": "告知函", "收件单位": "永安市自然资源局"}
    file = ledger_file(tmp_path / "台账.xlsx", [GOOD], [orphan], hidden=["文书"])
    assert "文书表" in refused(file) and "隐藏" in refused(file)
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    with Workbook(str(file)) as book:
        book.add_worksheet("台账")
        book.add_worksheet("底稿").hide()
    assert "没有名为“案件”的工作表" in refused(file) and "现有 “台账”" in refused(file)


def test_too_many_rows_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    file = ledger_file(tmp_path / "台账.xlsx", [another(GOOD, number) for number in range(40)])
    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_path", None)
    assert "有 41 行，太多" in refused(file)


# ── files that are written ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_template_is_read_as_an_empty_ledger_and_has_every_column(tmp_path: Path) -> None:
    file = tmp_path / "样表.xlsx"
    write_template(file, JURISDICTION)
    ledger = read_ledger(file, JURISDICTION, today=TODAY)
    assert ledger.problems() == [] and ledger.cases == []
    assert {name: sheet.heads for name, sheet in ledger.sheets.items()} == {
        name: tuple(column.name for column in columns) for name, columns in SHEETS.items()
    }
    with zipfile.ZipFile(file) as packed:
        cases = packed.read("xl/worksheets/sheet1.xml").decode()
        book = packed.read("xl/workbook.xml").decode()
    lists = cases.count("<dataValidation ")
    assert lists == sum(
        bool(each.choices) or each.name in ("地方", "收件单位", "办案检察院") for each in SHEETS["案件"]
    )
    assert "<pane" in cases and 'name="选项"' in book and 'state="hidden"' in book
    assert "可选：行政执法督促、线索移送、公益诉讼<" in _shared(file)


def _shared(file: Path) -> str:
    with zipfile.ZipFile(file) as packed:
        return packed.read("xl/sharedStrings.xml").decode()


def test_a_file_that_is_no_workbook_by_its_name_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"不是 \.xlsx"):
        write_template(tmp_path / "样表.xls", JURISDICTION)
    with pytest.raises(InputError, match="写不出来"):
        write_template(tmp_path / "没有" / "样表.xlsx", JURISDICTION)
    assert list(tmp_path.iterdir()) == []


def test_bad_rows_are_written_back_with_reasons_and_can_be_imported_when_mended(tmp_path: Path) -> None:
    ledger = read(tmp_path, GOOD, another(ISSUED, 2, 文号="=1+1", 制发日期="去年"), heads=[*ISSUED])
    assert not ledger.is_readable  # a formula
    ledger = read(tmp_path, GOOD, another(ISSUED, 2, 制发日期="去年", 送达日期=date(2021, 9, 30)))
    file = tmp_path / "台账-有误.xlsx"
    write_back(file, {name: each.heads for name, each in ledger.sheets.items()}, ledger.bad, ledger.findings)
    again = read_ledger(file, JURISDICTION, today=TODAY)
    assert [row.cells["送达日期"] for row in again.bad] == [date(2021, 9, 30)]
    assert told(again) == [("案件", 2, "制发日期")]
    assert again.sheets["案件"].heads[-1] == "有误原因"
    assert "制发日期：“去年”不是日期" in _shared(file)
