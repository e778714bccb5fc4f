"""Like cases (第三条 类案检察建议): which are a pattern, why, and the case file that begins from one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.database import Database
from activities.patterns import LikeCases
from activities.registry import Registry
from models.bodies import Jurisdiction
from models.patterns import LikeCase, patterns
from models.rows import LinkRow
from models.terms import CaseKind, Matter, Substance
from starter.case_files import read_case
from starter.columns import width
from starter.main import run
from starter.written import read_file
from tests.sample_rows import case_row, deadline_row, letter_row, snapshot

BUREAU, OTHER = "永安市自然资源局", "大田县自然资源局"
FIRST = date(2025, 3, 1)


def like(number: int, agency: str = BUREAU, matter: Matter = Matter.FARMLAND_DESTRUCTION) -> LikeCase:
    return LikeCase(
        case=f"urging-350481-2025-{number:04d}",
        title=f"某村第{number}宗耕地堆土案",
        county="350481",
        place=f"某镇第{number}村",
        matter=matter,
        agency=agency,
        agency_name=agency,
        opened_on=FIRST + timedelta(days=30 * number),
        is_overdue=False,
    )


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        ([like(1), like(2)], []),
        ([like(1), like(2), like(3)], [(BUREAU, 3)]),
        ([like(1), like(2), like(3, OTHER)], []),
        ([like(1), like(2), like(3, matter=Matter.ILLEGAL_BUILDING)], []),
        ([like(number, matter=Matter.OTHER) for number in range(1, 6)], []),
        # The same case twice is one; one that is covered already is left out, and told.
        ([like(1), like(2), like(2)], []),
        ([like(1), like(2), replace(like(3), covered=True)], []),
        ([like(each) for each in range(1, 4)] + [replace(like(4), covered=True)], [(BUREAU, 3)]),
        (
            [like(each, OTHER) for each in range(1, 4)] + [like(each) for each in range(4, 9)],
            [(BUREAU, 5), (OTHER, 3)],
        ),
    ],
)
def test_what_is_a_pattern(cases: list[LikeCase], found: list[tuple[str, int]]) -> None:
    assert [(each.agency, len(each.cases)) for each in patterns(cases)] == found


@given(
    st.lists(
        st.builds(
            lambda number, agency, matter, covered: replace(like(number, agency, matter), covered=covered),
            st.integers(1, 30),
            st.sampled_from([BUREAU, OTHER]),
            st.sampled_from(list(Matter)),
            st.booleans(),
        ),
        max_size=60,
        unique_by=lambda each: each.case,
    ),
    st.integers(2, 6),
)
def test_every_case_of_a_pattern_is_like_the_others_and_none_is_missed(
    cases: list[LikeCase], least: int
) -> None:
    found = patterns(cases, least=least)
    for each in found:
        assert len(each.cases) >= least
        assert {(case.agency, case.matter, case.covered) for case in each.cases} == {
            (each.agency, each.matter, False)
        }
        assert each.since <= each.until
    listed = {case.case for each in found for case in each.cases}
    for case in cases:
        alike = [
            each
            for each in cases
            if (each.agency, each.matter) == (case.agency, case.matter) and not each.covered
        ]
        belongs = not case.covered and case.matter is not Matter.OTHER and len(alike) >= least
        assert (case.case in listed) is belongs


def test_the_reasons_are_counted() -> None:
    cases = [
        replace(like(1), is_overdue=True, place="某镇甲村"),
        replace(like(2), substances=(Substance.EMPTY,), urged=1, place="某镇甲村"),
        replace(like(3), substances=(Substance.PUT_RIGHT,)),
        replace(like(4), substances=(Substance.EMPTY, Substance.NOT_PUT_RIGHT), covered=False),
        replace(like(5), covered=True),
    ]
    [found] = patterns(cases)
    assert found.reasons() == [
        f"2025-03-31至2025-06-29立案 4 件，同为毁坏耕地，督促对象同为{BUREAU}",
        "同一地点再次发生：某镇甲村（2 件）",
        "1 件逾期未复",
        "经评估，2 件空洞、1 件未整改",
        "1 件制发后又经督促",
        "另有 1 件已为类案检察建议涵盖，未计入",
    ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Four like cases of one bureau, one of them covered; one of a later day, one of another county, one only drafted."""
    database = Database(f"sqlite:///{tmp_path}/registry.db")
    database.migrate()
    registry = Registry(database)

    def put(
        number: int, *, state: str = "served", county: str = "350481", covered: bool = False, day: int = 1
    ) -> None:
        case = f"urging-{county}-2025-{number:04d}"
        row = case_row(
            case,
            title=f"某村第{number}宗耕地堆土案",
            county=county,
            matter=Matter.FARMLAND_DESTRUCTION.value,
            place="某镇某村",
            opened_on=date(2025, 3, day),
            is_overdue=number in (2, 3),
        )
        recipient = BUREAU if county == "350481" else OTHER
        letters = (
            letter_row("L1", case, recipient=recipient, recipient_code=f"{county}-nr", state=state),
            letter_row(
                "L2", case, recipient=recipient, recipient_code=f"{county}-nr", state=state, substance="empty"
            ),
        )
        # In the second case this bureau owes its reply, in the third another body does.
        other = letter_row(
            "L3", case, recipient="永安市林业局", recipient_code="350481-forestry", state=state
        )
        silent = {2: "L2", 3: "L3"}.get(number, "")
        owed = deadline_row(f"{silent}/jy.reply", case, state="expired", is_overdue=True)
        links = (
            LinkRow(
                case=case,
                other="urging-350481-2025-0099",
                relation="covered_by",
                linked_on="2025-05-01",
                elsewhere=False,
                outcome="",
            ),
        )
        filled = snapshot(
            1,
            row,
            letters=(*letters, other) if silent == other.letter else letters,
            deadlines=(owed,) if silent else (),
            links=links if covered else (),
            meetings=(),
        )
        registry.project(filled, run="r", run_started_at=datetime(2025, 3, day, tzinfo=UTC))

    for number in (1, 2, 3):
        put(number, day=number + 1)
    put(4, covered=True)
    put(5, state="drafted")
    put(6, county="350425")
    put(7, day=31)
    database.close()
    monkeypatch.setenv("MINGJIAN_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def test_the_registry_is_asked_for_what_went_out_in_the_period(home: Path) -> None:
    database = Database(f"sqlite:///{home}/registry.db")
    found = LikeCases(database).urged(date(2025, 3, 1), date(2025, 3, 30))
    database.close()
    own = [each for each in found if each.agency.endswith("-nr")]
    assert [each.case[-4:] for each in own] == ["0006", "0001", "0002", "0003", "0004"]
    assert [each.covered for each in own] == [False, False, False, False, True]
    assert {each.substances for each in own} == {(Substance.EMPTY,)}
    # Only who owes the reply is overdue, and not whoever else had a letter in the same case.
    overdue = [(each.case[-4:], each.agency) for each in found if each.is_overdue]
    assert overdue == [("0002", "350481-nr"), ("0003", "350481-forestry")]


def test_the_list_names_reasons_and_cases(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["patterns", "--since", "2025-03-01", "--until", "2025-03-30"]
    assert run(asked) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == f"1　{BUREAU}　毁坏耕地　3 件"
    assert "3 件空洞" in said.out and "1 件逾期未复" in said.out and "另有 1 件" in said.out
    assert "urging-350481-2025-0002" in said.out and "0006" not in said.out and "0007" not in said.out
    assert max(width(line) for line in said.out.splitlines()) <= 80 and "由检察官决定" in said.err
    assert run([*asked, "--json"]) == 0
    [told] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["case"][-4:] for each in told["cases"]] == ["0001", "0002", "0003"] and told["covered"] == 1
    assert run([*asked, "--least", "4"]) == 0
    assert "没有 4 件以上的同类" in capsys.readouterr().err


def test_the_draft_opens_when_the_procurator_has_finished_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "patterns",
        "--since",
        "2025-03-01",
        "--until",
        "2025-03-30",
        "--draft",
        "1",
        "--out",
        "类案.yaml",
    ]
    assert run([*asked, "--by", "张三"]) == 0
    assert "3 件" in capsys.readouterr().out
    case = read_case(CaseKind.URGING, read_file(home / "类案.yaml"), Jurisdiction.load(None))
    opening = case.opening(1, "2026")
    [letter] = opening.letters
    assert letter.document.value == "class_suggestion" and letter.recipients[0].name == BUREAU
    assert [(each.relation.value, each.case[-4:]) for each in opening.links] == [
        ("covers", "0001"),
        ("covers", "0002"),
        ("covers", "0003"),
    ]
    assert "2.某村第2宗耕地堆土案" in letter.text.facts and "逾期未复" in letter.text.facts
    assert not letter.text.advice and opening.county == "350481"
    before = (home / "类案.yaml").read_bytes()
    assert run([*asked, "--by", "张三"]) == 1
    assert "不覆盖" in capsys.readouterr().err and (home / "类案.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--since", "2025年"], "不是日期"),
        (["--since", "2025-05-01", "--until", "2025-04-01"], "晚于"),
        (["--least", "1"], "不是件数"),
        (["--county", "某县"], "某县"),
        (["--draft", "9", "--out", "x.yaml", "--by", "张三"], "没有第“9”组"),
        (["--draft", "1", "--by", "张三"], "没有写明写到哪个文件"),
        (["--draft", "1", "--out", "x.yaml"], "没有写明承办人"),
    ],
)
def test_what_is_not_understood(
    home: Path, options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["patterns", *options]) == 2
    assert complaint in capsys.readouterr().err and not (home / "x.yaml").exists()
