"""What staff write down: read strictly, told whole, by file, row and field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from models.bodies import Jurisdiction
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.facts import AgencyChanged, ReplyReceived
from models.kinds import FILES, messages_of
from models.said.joint_work import TraineesEnrolled
from models.terms import CaseKind, Role
from models.wire import Period, Person, Recipient
from starter.case_files import kind_of_case, read_case, read_cases, template
from starter.kinds import (
    DECISION_NAMES,
    FACT_NAMES,
    FIELD_NAMES,
    decision_kinds,
    fact_kinds,
    kind_named,
)
from starter.kinds import template as template_of_kind
from starter.message_files import ToDecide, given_as, named_in_turn, read_decisions, read_facts
from starter.papers import check_paper, foreseen, scans_of
from starter.strict import bare
from starter.written import Written, read_file, read_text

JURISDICTION = Jurisdiction.load()
TODAY = date(2026, 11, 23)
CLERK = Person(name="张三", role=Role.CLERK)
CASE = "urging-350481-2026-0001"

GOOD = """\
title: 某村耕地堆土
county: 永安市
matter: 毁坏耕地
clue: {source: 履职中发现, found_on: 2026-07}
handler: {name: 张三, role: 检察官}
"""


def problems(text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_case(CaseKind.URGING, read_text(text, file="案件.yaml"), JURISDICTION, TODAY)
    return list(caught.value.problems)


def fields(text: str) -> set[str]:
    found = problems(text)
    assert all(each.file == "案件.yaml" and each.row for each in found)
    assert all(each.remedy for each in found)
    return {each.field for each in found}


@pytest.mark.parametrize("kind", FILES)
def test_a_template_opens_as_it_is(kind: CaseKind) -> None:
    case = read_case(kind, read_text(template(kind)), JURISDICTION)
    opening = case.opening(7, "2026")
    assert opening.case.endswith("-0007")
    assert opening.edition == "2026"
    assert all(recipient.is_bound for letter in opening.letters for recipient in letter.recipients)


def test_what_is_not_written_follows_from_the_place() -> None:
    case = read_case(CaseKind.URGING, read_text(GOOD), JURISDICTION, TODAY)
    opening = case.opening(1, "2026")
    assert opening.case == "urging-350481-2026-0001"
    assert opening.procuratorate.name == "永安市人民检察院"
    assert opening.opened_on == TODAY
    assert not opening.letters


def test_the_key_is_the_content_however_it_is_written_or_the_own_number() -> None:
    def key(text: str) -> str:
        return read_case(CaseKind.URGING, read_text(text), JURISDICTION, TODAY).key

    assert key(GOOD) == key("# 说明\n" + GOOD.replace("毁坏耕地", "farmland_destruction") + "place:\n")
    assert key(GOOD) != key(GOOD.replace("堆土", "取土"))
    assert key(GOOD + "number: 甲1号\n") == key(GOOD.replace("堆土", "取土") + "number: 甲1号\n")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("title: 某村耕地堆土\n", ""), "title"),
        (("永安市", "永安县"), "county"),
        (("永安市", "上海市"), "county"),
        (("毁坏耕地", "耕地"), "matter"),
        (("毁坏耕地", "其他"), "matter_reason"),
        (("履职中发现", "听说"), "clue.source"),
        (("2026-07", "2026-13"), "clue.found_on"),
        (("2026-07", "2027"), "clue.found_on"),
        (("found_on: 2026-07", "found: 2026-07"), "clue.found"),
        (("检察官", "局长"), "handler.role"),
        (("{name: 张三, role: 检察官}", "张三"), "handler"),
        (("clue:", "opened_on: 2026-11-24\nclue:"), "opened_on"),
        (("clue:", "opened_on: 20261123\nclue:"), "opened_on"),
        (("clue:", "opened_on: 2026-02-30\nclue:"), "opened_on"),
        (("clue:", "area_m2: 三亩\nclue:"), "area_m2"),
        (("clue:", "area_m2: -1\nclue:"), "area_m2"),
        (("clue:", "remind_agency: 也许\nclue:"), "remind_agency"),
        (("clue:", "procuratorate: 永安市自然资源局\nclue:"), "procuratorate"),
        (("clue:", "procuratorate: 大田县人民检察院\nclue:"), "procuratorate"),
        (("clue:", "items: [{id: a, what: b}, {id: a, what: c}]\nclue:"), "items[2].id"),
        (("clue:", "links: [{relation: reopens, case: 旧案}]\nclue:"), "links[1].case"),
        (("clue:", "links: [{relation: 旧案, case: urging-350481-2025-0001}]\nclue:"), "links[1].relation"),
    ],
)
def test_one_thing_wrong_is_named_by_its_field(change: tuple[str, str], field: str) -> None:
    assert change[0] in GOOD
    assert fields(GOOD.replace(*change)) == {field}


@pytest.mark.parametrize(
    ("letter", "field"),
    [
        ("{document: 检察建议书, recipients: [大田县自然资源局]}", "recipients"),
        ("{document: 检察建议书, recipients: [三明市自然资源局]}", "recipients"),
        ("{document: 检察建议书, recipients: [永安市人民法院]}", "document"),
        ("{document: 告知函, recipients: [永安市人民法院]}", "document"),
        ("{document: 告知函, recipients: [永安市自然资源局], objection_within: 10日}", "objection_within"),
        ("{document: 检察建议书, recipients: [永安市自然资源局], reply_within: 1个月}", "reply_within"),
        ("{document: 检察建议书, recipients: [永安市自然资源局], urgent: 是}", "reply_within"),
        ("{document: 督促函, recipients: [永安市自然资源局]}", "document"),
        ("{document: 检察建议书, recipients: [永安市林业局, 永安市林业局]}", "recipients"),
        ("{document: 检察建议书}", "recipients"),
        ("{document: 检察建议书, recipients: [{name: 某镇人民政府, kind: 镇}]}", "recipients[1].kind"),
        (
            "{document: 检察建议书, recipients: [永安市自然资源局], urgent: 是, reply_within: 很快}",
            "reply_within",
        ),
    ],
)
def test_a_letter_is_checked_against_the_law_and_the_case(letter: str, field: str) -> None:
    assert fields(f"{GOOD}letters: [{letter}]\n") == {f"letters[1].{field}"}


def test_a_superior_unit_of_the_very_case_may_be_addressed() -> None:
    letter = "{document: 检察建议书, recipients: [三明市自然资源局], involved: true}"
    case = read_case(CaseKind.URGING, read_text(f"{GOOD}letters: [{letter}]\n"), JURISDICTION, TODAY)
    assert case.recipients[0][0].name == "三明市自然资源局"


def test_several_recipients_and_periods_as_people_write_them() -> None:
    letter = "{document: 检察建议书, recipients: 永安市林业局；永安市自然资源局, urgent: 是, reply_within: 10个工作日}"
    case = read_case(CaseKind.URGING, read_text(f"{GOOD}letters: [{letter}]\n"), JURISDICTION, TODAY)
    draft = case.opening(1, "").letters[0]
    assert [recipient.name for recipient in draft.recipients] == ["永安市林业局", "永安市自然资源局"]
    assert draft.reply_within is not None
    assert (draft.reply_within.amount, draft.reply_within.unit) == (10, "working_days")


def test_all_problems_of_a_file_at_once_in_the_order_of_its_rows() -> None:
    text = GOOD.replace("毁坏耕地", "x").replace("2026-07", "2026-02-30").replace("张三", "") + "colour: 红\n"
    found = problems(text)
    assert [each.field for each in found] == ["matter", "clue.found_on", "handler.name", "colour"]
    assert [each.row for each in found] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("", None, "空"),
        ("# 只有说明\n", None, "空"),
        ("a: [1\n", 2, "读不懂"),
        ("title: a\n\tb: 1\n", 2, "Tab"),
        ("title：某案\ncounty: 永安市\n", 1, "全角"),
        ("a: 1\na: 2\n", 2, "两次"),
        ("a: &x 1\nb: *x\n", 2, "别名"),
        ("a: 1\n---\nb: 2\n", 2, "几份"),
        ("a: \x01\n", None, "不能用的字符"),
        ("[1, 2]", 1, "一组字段"),
        ("某案", 1, "一组字段"),
    ],
)
def test_syntax_is_explained(text: str, row: int | None, said: str) -> None:
    found = problems(text)
    assert found[0].row == row
    assert said in str(found[0])


def test_deeply_nested_text_is_refused() -> None:
    assert "层次太深" in str(problems("[" * 5000 + "]" * 5000)[0])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    wrong = tmp_path / "gbk.yaml"
    wrong.write_bytes("title: 某案".encode("gbk"))
    for path, said in ((wrong, "UTF-8"), (tmp_path / "none.yaml", "找不到"), (tmp_path, "文件夹")):
        with pytest.raises(InputError, match=said):
            read_file(path)


def test_a_batch_is_told_whole_and_refuses_the_same_case_twice(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")]
    files[0].write_text(GOOD.replace("永安市", "永安县"), encoding="utf-8")
    files[1].write_text(GOOD, encoding="utf-8")
    files[2].write_text("# 同一案件\n" + GOOD, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_cases(CaseKind.URGING, files, JURISDICTION)
    assert [Path(each.file).name for each in caught.value.problems] == ["a.yaml", "c.yaml"]


def test_every_kind_can_be_opened_by_either_name() -> None:
    for kind in CaseKind:
        assert kind in FILES and kind_of_case(kind.label) is kind_of_case(kind.value) is kind
    with pytest.raises(InputError, match="公益诉讼"):
        kind_of_case("burglary")


# ── facts and decisions ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_and_every_field_has_a_chinese_name() -> None:
    assert set(FACT_NAMES) == set(fact_kinds())
    assert set(DECISION_NAMES) == {*decision_kinds(), "correct"}
    assert len({*FACT_NAMES.values(), *DECISION_NAMES.values()}) == len(FACT_NAMES) + len(DECISION_NAMES)
    used = {
        name
        for message in (*fact_kinds().values(), *decision_kinds().values())
        for model in (message, *parts_of(message))
        for name, field in model.model_fields.items()
        if not field.description
    }
    assert used - {"by", "id", "kind", "paper"} <= set(FIELD_NAMES)


def parts_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that a message is made of, as far as its template shows them line by line."""
    for field in model.model_fields.values():
        wanted = bare(field.annotation)
        if isinstance(wanted, type) and issubclass(wanted, BaseModel) and wanted not in (Recipient, Period):
            yield wanted
            yield from parts_of(wanted)


@pytest.mark.parametrize("kind", FACT_NAMES)
def test_the_template_of_a_fact_can_be_given_as_it_is(kind: str) -> None:
    text = template_of_kind(fact_kinds()[kind], FACT_NAMES[kind])
    found = read_facts(kind, read_text(text), by=None, jurisdiction=JURISDICTION)
    assert found[0].fact.kind == kind


@pytest.mark.parametrize("kind", decision_kinds())
def test_the_template_of_a_decision_can_be_given_as_it_is(kind: str) -> None:
    text = template_of_kind(decision_kinds()[kind], DECISION_NAMES[kind])
    found = read_decisions(kind, read_text(text), by=None, jurisdiction=JURISDICTION)
    assert found[0].decision.kind == kind


@pytest.mark.parametrize("kind", [*FACT_NAMES, *decision_kinds()])
def test_what_a_template_leaves_out_can_be_taken_in(kind: str) -> None:
    """The commented lines are examples too: uncommented one by one, each is read."""
    model = fact_kinds().get(kind) or decision_kinds()[kind]
    lines = template_of_kind(model, kind).splitlines()
    options = [
        line for line in lines[4:] if line.startswith("# ") and not line.startswith(("# paper", "# id"))
    ]
    blocks: list[list[str]] = []
    for line in options:
        if line.startswith("#   "):
            if not line.removeprefix("#   ").startswith("#"):
                blocks[-1].append(line.removeprefix("# "))
        else:
            blocks.append([line.removeprefix("# ")])
    base = [line for line in lines if not line.startswith("#")]
    reader = read_facts if kind in FACT_NAMES else read_decisions
    for block in blocks:
        assert reader(kind, read_text("\n".join([*base, *block])), by=None, jurisdiction=JURISDICTION)


@pytest.mark.parametrize("kind", FILES)
def test_a_template_for_a_case_says_what_such_a_case_can_be(kind: CaseKind) -> None:
    """Every message that it takes, as it is printed for it, is read for it; only its own documents and ends are named."""
    case = f"{kind.value}-350481-2026-0001"
    models: dict[str, Any] = fact_kinds() | decision_kinds()
    for name in messages_of(kind):
        if name in models:  # what the case is told by the system is not written by staff
            text = f"kind: {name}\n{template_of_kind(models[name], name, case)}"
            reader = read_facts if name in FACT_NAMES else read_decisions
            assert reader("", read_text(text), by=None, jurisdiction=JURISDICTION, case=case)
    ends = template_of_kind(models["close_case"], "结案", case)
    assert f"结案方式：{'；'.join(each.label for each in FILES[kind].OUTCOMES)}\n" in ends
    assert kind_named("整理", DECISION_NAMES, "决定", case) == "sort_out"
    drafts = template_of_kind(models["draft_letter"], "起草文书", case)
    assert f"；{DocumentType.LETTER.label}；" in drafts and "结案审查表" not in drafts


def test_what_another_kind_of_case_takes_is_refused_as_such() -> None:
    for given in (
        lambda: kind_named("送达处罚决定", FACT_NAMES, "事实", "study-350481-2026-0001"),
        lambda: read_facts(
            "",
            read_text("- {kind: decision_served, on: 2021-09-15}\n"),
            by=CLERK,
            jurisdiction=JURISDICTION,
            case="study-350481-2026-0001",
        ),
    ):
        with pytest.raises(
            InputError, match=r"联合调研案件没有“.*”这种事实（可用：.*study_reported（形成调研报告）"
        ):
            given()


def test_several_in_one_word() -> None:
    """“；” parts what stands in a list, in a word as in a file; text that is no list keeps it."""
    words = ["on=2021-11-29", "names=陈一；林二", "body=甲；乙"]
    [given] = read_facts("trainees_enrolled", given_as(words), by=CLERK, jurisdiction=JURISDICTION)
    assert isinstance(given.fact, TraineesEnrolled)
    assert (given.fact.names, given.fact.body) == (("陈一", "林二"), "甲；乙")
    text = "on: 2021-11-29\nnames: [陈一；林二, 吴三]\n"
    [listed] = read_facts("trainees_enrolled", read_text(text), by=CLERK, jurisdiction=JURISDICTION)
    assert isinstance(listed.fact, TraineesEnrolled) and listed.fact.names == ("陈一；林二", "吴三")


def test_words_behind_a_command() -> None:
    words = ["on=2021-11-29", "stance=采纳", "plan.objective_reason=汛期", "plan.final_on=2022-03-01"]
    words += ["promises=[{what: 清运, by: 2021-12-31}]", "summary=a=b：c"]
    [given] = read_facts("reply_received", given_as(words), by=CLERK, jurisdiction=JURISDICTION)
    fact = given.fact
    assert isinstance(fact, ReplyReceived)
    assert fact.plan is not None and fact.plan.final_on == date(2022, 3, 1)
    assert fact.promises[0].what == "清运"
    assert fact.summary == "a=b：c"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["on=2021-02-30"], "on"),
        (["on=2021-11-29", "sent=x"], "sent"),
        (["on=2021-11-29", "stance=好"], "stance"),
        (["on=2021-11-29", "received_on=2021-11"], "received_on"),
        (["on=2021-11-29", "plan=有"], "plan"),
        ([], "on"),
    ],
)
def test_words_that_are_wrong(words: list[str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_facts("reply_received", given_as(words), by=CLERK, jurisdiction=JURISDICTION)
    assert {each.field for each in caught.value.problems} == {field}


@pytest.mark.parametrize(
    "words", [["on=1", "文件.yaml"], ["a.b=1", "a=2", "a.c=3"], ["=1", "b=2"], ["a=[1", "b=2"]]
)
def test_words_that_are_no_fields(words: list[str]) -> None:
    with pytest.raises(InputError):
        given_as(words)


def test_who_must_be_said() -> None:
    with pytest.raises(InputError, match="谁记录的"):
        read_facts("happened", given_as(["on=2021", "event=x"]), by=None, jurisdiction=JURISDICTION)


def test_a_batch_of_kinds_of_its_own() -> None:
    text = "- {kind: 送达, on: 2021-09-15}\n- {kind: reply_received, on: 2021-11-15, by: {name: 李四, role: 检察官}}\n"
    found = read_facts("", read_text(text), by=CLERK, jurisdiction=JURISDICTION)
    assert [each.fact.kind for each in found] == ["letter_served", "reply_received"]
    assert [each.fact.by.name for each in found] == ["张三", "李四"]


def test_a_batch_is_refused_whole() -> None:
    text = "- {kind: 送达, on: 2021-09-15}\n- {kind: 送达, on: 2021-09-31}\n- {on: 2021-09-15}\n- 送达\n"
    with pytest.raises(InputError) as caught:
        read_facts("", read_text(text, file="b.yaml"), by=CLERK, jurisdiction=JURISDICTION)
    assert [each.row for each in caught.value.problems] == [2, 3, 4]
    twice = "- {id: 甲, kind: 送达, on: 2021-09-15}\n- {id: 甲, kind: 送达, on: 2021-09-16}\n"
    with pytest.raises(InputError, match="用了两次"):
        read_facts("", read_text(twice), by=CLERK, jurisdiction=JURISDICTION)


def test_the_same_fact_has_the_same_id_and_another_one_another(tmp_path: Path) -> None:
    def name(*words: str, by: Person = CLERK, case: str = CASE, papers: tuple[Path, ...] = ()) -> str:
        written = given_as(["on=2021-09-15", *words])
        [given] = read_facts("letter_served", written, by=by, jurisdiction=JURISDICTION, papers=papers)
        return given.named(case).id

    paper, other = tmp_path / "a.txt", tmp_path / "b.txt"
    paper.write_bytes(b"a")
    other.write_bytes(b"b")
    assert name() == name() == name("mode=direct") == name(by=Person(name="李四", role=Role.CLERK))
    assert len({name(), name("letter=L1"), name(case="x"), name(papers=(paper,)), name(papers=(other,))}) == 5
    assert name("id=收文1") == "收文1"


def test_the_same_decision_on_another_day_is_another_one() -> None:
    written = given_as(["letter=L1"])
    [given] = read_decisions("urge", written, by=CLERK, jurisdiction=JURISDICTION)
    first = given.natural_id(CASE, date(2026, 1, 1))
    assert given.natural_id(CASE, date(2026, 1, 1)) == first != given.natural_id(CASE, date(2026, 1, 2))


def test_a_decision_said_again_is_the_same_until_another_was_taken() -> None:
    """Taken once when given twice, also as a batch that broke off on its way; after another decision, a new one."""
    kinds = ["approve_letter", "return_draft", "approve_letter", "urge"]
    given = [
        read_decisions(kind, given_as(["reason=核对"]), by=CLERK, jurisdiction=JURISDICTION)[0]
        for kind in kinds
    ]
    approve, send_back, _, urge = given
    [named] = read_decisions("urge", given_as(["id=督促1"]), by=CLERK, jurisdiction=JURISDICTION)

    def ids(batch: list[ToDecide], *taken: str) -> list[str]:
        return [each.id for _, each in named_in_turn(batch, CASE, date(2026, 1, 1), taken)]

    [a], [r] = ids([approve]), ids([send_back])
    assert ids([approve], "别的", a) == [a]
    assert ids([approve], a, r) == [f"{a}-2"]
    assert ids([approve], a, r, f"{a}-2") == [f"{a}-2"]
    assert ids([approve], a, r, f"{a}-2", r) == [f"{a}-3"]
    assert ids([approve, approve]) == [a, a]
    assert ids([approve, send_back, approve]) == [a, r, f"{a}-2"]
    assert ids([approve, send_back, approve], a, r) == [a, r, f"{a}-2"]
    assert ids([approve, send_back, approve], a, r, f"{a}-2") == [a, r, f"{a}-2"]
    assert ids([send_back, urge], a, r)[0] == r
    assert ids([named], "督促1", r) == ["督促1"]


def test_recipients_in_a_decision_are_known_bodies() -> None:
    words = ["document=检察建议书", "recipients=永安市自然资源局", "recipients=某镇人民政府", "involved=true"]
    [given] = read_decisions("draft_letter", given_as(words), by=CLERK, jurisdiction=JURISDICTION)
    draft = given.decision
    assert isinstance(draft, DraftLetter)
    assert [each.code[:6] for each in draft.recipients] == ["350481", "x-" + draft.recipients[1].code[2:6]]
    assert draft.recipients[0].is_bound and given.involved and len(given.addressed) == 2
    words = ["on=2018-12", "to=永安市自然资源局"]
    [changed] = read_facts("agency_changed", given_as(words), by=CLERK, jurisdiction=JURISDICTION)
    assert isinstance(changed.fact, AgencyChanged) and changed.fact.to.code == "350481-nr"


def test_kinds_by_either_name() -> None:
    assert kind_named("送达", FACT_NAMES, "事实") == kind_named("letter_served", FACT_NAMES, "事实")
    with pytest.raises(InputError, match="reply_received"):
        kind_named("reply_recieved", FACT_NAMES, "事实")


def test_papers_are_looked_at_first(tmp_path: Path) -> None:
    good, empty, hidden = tmp_path / "回复.pdf", tmp_path / "空.pdf", tmp_path / ".x"
    good.write_bytes(b"%PDF")
    empty.touch()
    hidden.write_bytes(b"x")
    assert not check_paper(good)
    large = tmp_path / "大.pdf"
    with large.open("wb") as file:
        file.truncate(512 * 1024 * 1024 + 1)
    for path, said in (
        (tmp_path / "无.pdf", "找不到"),
        (empty, "空的"),
        (large, "太大"),
        (tmp_path, "文件夹"),
        (hidden, "“.”开头"),
        (Path("../../x"), "“..”"),
        (Path("/dev/null"), "不是普通文件"),
    ):
        assert said in str(check_paper(path)[0])


def test_a_paper_named_in_a_file_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "回复.pdf").write_bytes(b"%PDF")
    text = "on: 2021-11-29\npaper: 回复.pdf\n"
    written = Written(read_text(text).value, str(tmp_path / "f.yaml"))
    [given] = read_facts("reply_received", written, by=CLERK, jurisdiction=JURISDICTION)
    assert given.papers == (tmp_path / "回复.pdf",)
    bad = Written({"on": "2021-11-29", "paper": "../../x"}, str(tmp_path / "f.yaml"))
    with pytest.raises(InputError, match=r"“\.\.”"):
        read_facts("reply_received", bad, by=CLERK, jurisdiction=JURISDICTION)


def test_the_scans_of_what_was_given_lie_beside_the_file_too(tmp_path: Path) -> None:
    """Each item refers to its image as the archive will have it; one that is not there is told with its field."""
    (tmp_path / "处罚决定书.pdf").write_bytes(b"%PDF-1.4 1")
    text = "on: 2021-09-22\nitems:\n- {title: 处罚决定书, scan: 处罚决定书.pdf}\n- {title: 勘测笔录%s}\n"
    file = str(tmp_path / "提供.yaml")
    right = read_text(text % "", file=file)
    [given] = read_facts("file_provided", right, by=CLERK, jurisdiction=JURISDICTION)
    assert given.scans == (tmp_path / "处罚决定书.pdf",) and not given.papers
    assert [each and each.name for each in scans_of(given.fact)] == [foreseen(given.scans[0]).name]
    with pytest.raises(InputError) as caught:
        read_facts(
            "file_provided",
            read_text(text % ", scan: 笔录.pdf", file=file),
            by=CLERK,
            jurisdiction=JURISDICTION,
        )
    [problem] = caught.value.problems
    assert (problem.file, problem.row, problem.field) == (file, 4, "items[2].scan")
    assert "笔录.pdf：找不到文件" in problem.what


# ── copies to the province ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["情况通报", "circular", "报告", "重大工作部署通报"])
def test_the_province_is_sent_a_copy_of_circulars_and_reports_unless_the_draft_says_otherwise(
    kind: str,
) -> None:
    """“抄送：省检察院第七检察部、第八检察部；省自然资源厅”: the list of the jurisdiction file."""

    def copies(*words: str) -> tuple[str, ...]:
        given = given_as([f"document={kind}", "recipients=永安市自然资源局", "reply_by=2099-12-31", *words])
        [found] = read_decisions("draft_letter", given, by=CLERK, jurisdiction=JURISDICTION)
        assert isinstance(found.decision, DraftLetter)
        return found.decision.copies_to

    province = ("福建省人民检察院第七检察部", "福建省人民检察院第八检察部", "福建省自然资源厅")
    assert copies() == JURISDICTION.copies == province
    assert copies("copies_to=[]") == ()
    assert copies("copies_to=福建省自然资源厅") == ("福建省自然资源厅",)


def test_a_letter_of_a_case_file_is_copied_in_the_same_way() -> None:
    letter = "{document: %s, recipients: [永安市自然资源局]%s}"
    for document, more, copies in (
        ("报告", "", JURISDICTION.copies),
        ("报告", ", copies_to: [福建省自然资源厅]", ("福建省自然资源厅",)),
        ("函", "", ()),
        ("告知函", "", ()),
    ):
        text = f"{GOOD}letters: [{letter % (document, more)}]\n"
        case = read_case(CaseKind.URGING, read_text(text), JURISDICTION, TODAY)
        assert case.opening(1, "").letters[0].copies_to == copies


def test_a_plain_letter_may_go_to_a_procuratorate_and_a_suggestion_may_not() -> None:
    """[建议]3 binds suggestions; a circular is told to both sides, and so to a procuratorate."""
    letter = "{document: %s, recipients: [大田县人民检察院]}"
    text = f"{GOOD}letters: [{letter % '函'}]\n"
    assert (
        read_case(CaseKind.URGING, read_text(text), JURISDICTION, TODAY).recipients[0][0].name
        == "大田县人民检察院"
    )
    assert fields(f"{GOOD}letters: [{letter % '检察建议书'}]\n") == {"letters[1].recipients"}
