"""Terms, bodies and the jurisdiction file; [建议]3 on whom a procuratorate may address."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

import models.document_types as document_types
import models.stages as stages
import models.terms as terms
from models.addressing import against_addressing
from models.bodies import Body, Jurisdiction, body_code, free_body
from models.body_names import kind_of, split_names
from models.errors import InputError
from models.jurisdiction_file import FOLDER, parse
from models.terms import BodyKind, CaseKind, ItemKind, LabelledEnum, Level, Matter, Mechanism

ALL_TERMS = sorted(
    (
        term
        for room in (terms, document_types, stages)
        for term in vars(room).values()
        if isinstance(term, type)
        and issubclass(term, LabelledEnum)
        and len(term)
        and term.__module__ == room.__name__
    ),
    key=lambda term: term.__name__,
)


@pytest.fixture(scope="module")
def city() -> Jurisdiction:
    return Jurisdiction.load()


# ── terms ──


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.__name__)
def test_a_term_is_its_english_value_and_carries_one_chinese_label(term: type[LabelledEnum]) -> None:
    for member in term:
        assert member.value == member.name.lower()
        assert member.value.isascii()
        assert not member.label.isascii()
        assert term(member.label) is member
        assert pickle.loads(pickle.dumps(member)) is member
        assert json.dumps(member) == f'"{member.value}"'
        adapter = TypeAdapter(term)
        assert adapter.validate_json(adapter.dump_json(member)) is member
    assert len({member.label for member in term}) == len(term)
    with pytest.raises(ValidationError):
        TypeAdapter(term).validate_python("没有这个词")


@pytest.mark.parametrize("term", ALL_TERMS, ids=lambda term: term.__name__)
def test_the_glossary_has_every_term(term: type[LabelledEnum]) -> None:
    glossary = (FOLDER.parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
    wanted = [f"| {member.label} | `{member.value}` |" for member in term]
    lacking = {
        section.partition("\n")[0]: [row for row in wanted if f"\n{row}" not in section]
        for section in glossary.split("\n## ")
    }
    nearest = min(lacking, key=lambda heading: len(lacking[heading]))
    assert lacking[nearest] == [], f"docs/glossary.md, under “{nearest}”"


def test_the_kinds_of_case_cover_the_ten_articles_and_the_notice() -> None:
    articles = {kind.article for kind in CaseKind}
    assert articles == {
        "第二条", "第三条", "第四条", "第五条", "第六条", "第七条", "第八条", "第九条", "第十条", "印发通知",
    }  # fmt: skip


def test_the_matters_are_those_of_articles_1_5_and_7_with_one_focus() -> None:
    by_article = {
        article: [matter.label for matter in Matter if matter.article == article]
        for article in ("第一条", "第五条", "第七条")
    }
    assert by_article == {
        "第一条": [
            "土地征收补偿",
            "国有土地使用权出让",
            "违建房屋",
            "毁坏耕地",
            "非法占用农用地",
            "违法乱占耕地",
        ],
        "第五条": ["破坏矿产资源"],
        "第七条": ["土地征迁"],
    }
    assert [matter for matter in Matter if matter.is_focus] == [Matter.FARMLAND_MISUSE]
    assert [matter for matter in Matter if matter.needs_reason] == [Matter.OTHER]


def test_demolished_is_not_recultivated() -> None:
    labels = [milestone.label for milestone in ItemKind.RECULTIVATION.milestones]
    assert labels == ["拆除", "清运", "覆土", "验收", "种植"]
    assert all(kind.milestones for kind in ItemKind)


# ── the city's file ──

ELEVEN = {
    "350404": "三元区",
    "350405": "沙县区",
    "350421": "明溪县",
    "350423": "清流县",
    "350424": "宁化县",
    "350425": "大田县",
    "350426": "尤溪县",
    "350428": "将乐县",
    "350429": "泰宁县",
    "350430": "建宁县",
    "350481": "永安市",
}


def test_the_city_has_its_eleven_divisions_of_today(city: Jurisdiction) -> None:
    found = {place.code: place.name for place in city.places.values() if place.parent == city.code}
    assert found == ELEVEN
    assert (city.code, city.name) == ("350400", "三明市")


@pytest.mark.parametrize("code", ["350400", *ELEVEN])
@pytest.mark.parametrize(
    ("kind", "suffix"),
    [(BodyKind.PROCURATORATE, "proc"), (BodyKind.NATURAL_RESOURCES, "nr"), (BodyKind.COURT, "court")],
)
def test_every_place_has_its_three_bodies_under_their_superiors(
    city: Jurisdiction, code: str, kind: BodyKind, suffix: str
) -> None:
    body = city.of(code, kind)
    assert body is not None
    assert body.code == f"{code}-{suffix}"
    assert body.kind is kind
    assert body.level is (Level.CITY if code == "350400" else Level.COUNTY)
    assert city.places[code].name in body.name
    above = city.superior(body)
    assert above is not None
    assert above.code == f"{'350000' if code == '350400' else '350400'}-{suffix}"


def test_the_liaison_offices_are_those_of_article_2(city: Jurisdiction) -> None:
    assert city.body("三明市人民检察院").office == "第四检察部"
    assert city.body("三明市自然资源局").office == "执法监察科"


def test_procuratorates_are_the_city_and_its_eleven(city: Jurisdiction) -> None:
    assert [body.place for body in city.procuratorates()] == ["350400", *sorted(ELEVEN)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("350481-nr", "350481-nr"),
        ("永安市自然资源局", "350481-nr"),
        (" 永安市检察院 ", "350481-proc"),
        ("三元区检察院", "350404-proc"),
        ("三明市中级法院", "350400-court"),
        ("三明市中级人民法院", "350400-court"),
        ("沙县人民检察院", "350405-proc"),
        ("三明市梅列区人民法院", "350404-court"),
        ("永安市国土资源局", "350481-nr"),
        ("永安市政府", "350481-gov"),
        ("某镇政府", None),
    ],
)
def test_a_body_is_found_by_code_and_by_any_of_its_names(
    city: Jurisdiction, name: str, code: str | None
) -> None:
    found = city.find(name)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(("old", "today"), [("350427", "350405"), ("350402", "350404"), ("沙县", "350405")])
def test_codes_and_names_of_before_2021_lead_to_the_place_of_today(
    city: Jurisdiction, old: str, today: str
) -> None:
    assert city.place(old).code == today


def test_an_unknown_body_or_place_is_named_with_its_nearest(city: Jurisdiction) -> None:
    with pytest.raises(InputError, match="是不是：永安市自然资源局") as refused:
        city.body("永安自然资源局", field="recipient")
    assert refused.value.problems[0].field == "recipient"
    with pytest.raises(InputError, match=r"是不是：.*永安市"):
        city.place("永安县")


def test_a_county_is_under_its_own_text_or_else_the_citys(city: Jurisdiction) -> None:
    yongan, datian = city.cooperation("350481"), city.cooperation("350425")
    assert yongan is not None
    assert str(yongan.published_on) == "2021-11-08"
    assert yongan.extra == ("土地执法与刑事司法衔接",)
    assert {Mechanism.DISPUTE, Mechanism.STUDY, Mechanism.TRAINING}.isdisjoint(yongan.mechanisms)
    assert datian is not None
    assert (datian.place, datian.number) == ("350400", "明检会〔2021〕5号")
    assert datian.mechanisms == tuple(Mechanism)
    assert city.cooperation("350427") == datian
    assert city.cooperation("350524") is None


def test_article_3_binds_the_bureaus_of_the_jurisdiction_alone(city: Jurisdiction) -> None:
    assert city.is_bound(city.body("350481-nr"))
    assert not city.is_bound(city.body("350481-court"))
    assert not city.is_bound(city.body("福建省自然资源厅"))
    assert not city.is_bound(city.recipient({"name": "安溪县自然资源局", "place": "350524"}))
    assert not city.is_bound(city.recipient("某县自然资源局"))


# ── recipients given in a case file ──


def test_an_anonymous_body_is_allowed_and_unchecked(city: Jurisdiction) -> None:
    body = city.recipient("某镇政府")
    assert body == Body(code="x-ba40280c3e83", name="某镇政府", kind=BodyKind.TOWNSHIP)
    assert not body.checked
    assert against_addressing(city, city.body("350481-proc"), body) == []


def test_staff_add_a_body_inline(city: Jurisdiction) -> None:
    body = city.recipient({"name": "小陶镇人民政府", "place": "永安市", "superior": "永安市人民政府"})
    assert (body.kind, body.level, body.place) == (BodyKind.TOWNSHIP, Level.TOWNSHIP, "350481")
    assert body.superior == "350481-gov"
    assert body.checked
    assert body.code == free_body(" 小陶镇人民政府 ").code
    assert against_addressing(city, city.body("350481-proc"), body) == []


def test_what_is_wrong_with_an_inline_body_is_told_all_at_once(city: Jurisdiction) -> None:
    given = {"name": "", "kind": "银行", "level": "city", "place": "350481", "superior": "某局", "phone": "1"}
    with pytest.raises(InputError) as refused:
        city.recipient(given, file="案件.yaml", field="letters[1].to")
    assert [problem.field.removeprefix("letters[1].to.") for problem in refused.value.problems] == [
        "phone", "name", "kind", "superior", "level",
    ]  # fmt: skip
    assert all(problem.file == "案件.yaml" and problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "永安市自然资源局", "kind": "court"}, "kind"),
        ({"name": "永安市自然资源局", "place": "大田县"}, "place"),
        ({"name": "永安市自然资源局", "level": "省级"}, "level"),
        ({"name": "某局", "place": "350499"}, "place"),
        ({"name": "某局", "place": 350481}, "place"),
        ({"name": ["某局"]}, "name"),
        ({"name": "某" * 201}, "name"),
    ],
)
def test_an_inline_body_that_contradicts_is_refused(
    city: Jurisdiction, given: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        city.recipient(given)
    assert refused.value.problems[0].field == field


@pytest.mark.parametrize(
    ("issuer", "recipient", "remedy"),
    [
        # county to its own: nothing against it
        ("350481-proc", "350481-nr", None),
        ("350481-proc", "350481-court", None),
        ("350481-proc", "350481-gov", None),
        ("350400-proc", "350400-finance", None),
        # 上级有关主管机关：层报同级检察院决定，或者审核转送
        ("350481-proc", "350400-nr", "层报三明市人民检察院决定"),
        ("350481-proc", "350000-nr", "层报福建省人民检察院决定"),
        # 下级有关单位：指令下级检察院
        ("350400-proc", "350481-nr", "指令永安市人民检察院提出"),
        # 异地有关单位：征求当地同级检察院意见
        ("350481-proc", "350425-nr", "先征求大田县人民检察院的意见"),
        # a court is supervised at its own level
        ("350481-proc", "350400-court", "提请三明市人民检察院监督"),
        ("350400-proc", "350481-court", "指令永安市人民检察院提出"),
        ("350481-proc", "350425-court", "移送大田县人民检察院监督"),
        ("350481-proc", "350400-proc", "移送、层报或者指令"),
        ("350481-nr", "350481-gov", "制发单位写本院"),
    ],
)
def test_article_3_of_the_suggestion_rules_on_level_and_place(
    city: Jurisdiction, issuer: str, recipient: str, remedy: str | None
) -> None:
    problems = against_addressing(city, city.body(issuer), city.body(recipient))
    if remedy is None:
        assert problems == []
    else:
        assert len(problems) == 1
        assert remedy in problems[0].remedy


def test_the_unit_of_the_case_itself_may_be_addressed_directly(city: Jurisdiction) -> None:
    issuer = city.body("350481-proc")
    assert against_addressing(city, issuer, city.body("350400-nr"), involved=True) == []
    assert against_addressing(city, issuer, city.body("350400-court"), involved=True) != []
    # Downward too: [建议]3 makes no difference between the units of the very case.
    above = city.body("350400-proc")
    assert against_addressing(city, above, city.body("350481-nr")) != []
    assert against_addressing(city, above, city.body("350481-nr"), involved=True) == []


def test_units_of_another_city_are_checked_by_their_code(city: Jurisdiction) -> None:
    issuer = city.body("350481-proc")
    (county,) = against_addressing(city, issuer, city.recipient({"name": "安溪县水利局", "place": "350524"}))
    assert "征求安溪县水利局所在地同级人民检察院的意见" in county.remedy
    (above,) = against_addressing(city, issuer, city.recipient({"name": "泉州市林业局", "place": "350500"}))
    assert "层报至与其同级的人民检察院" in above.remedy
    township = city.recipient({"name": "小陶镇人民政府", "place": "350481"})
    (below,) = against_addressing(city, city.body("350400-proc"), township)
    assert below.remedy == "指令永安市人民检察院提出"


# ── names ──


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("县法院", BodyKind.COURT),
        ("市中级法院", BodyKind.COURT),
        ("海南一中院", BodyKind.COURT),
        ("湖南省高院", BodyKind.COURT),
        ("柳州铁路运输法院", BodyKind.COURT),
        ("柳州铁检院", BodyKind.PROCURATORATE),
        ("海南省检察院第一分院", BodyKind.PROCURATORATE),
        ("威海市国土资源局", BodyKind.NATURAL_RESOURCES),
        ("怀宁县自然资源和规划局", BodyKind.NATURAL_RESOURCES),
        ("县自规局", BodyKind.NATURAL_RESOURCES),
        ("国土襄都分局", BodyKind.NATURAL_RESOURCES),
        ("县综合行政执法局", BodyKind.URBAN_MANAGEMENT),
        ("县城管执法局", BodyKind.URBAN_MANAGEMENT),
        ("市综合执法局", BodyKind.URBAN_MANAGEMENT),
        ("区城管局", BodyKind.URBAN_MANAGEMENT),
        ("市林业局", BodyKind.FORESTRY),
        ("富川县水利局", BodyKind.WATER),
        ("湾沚区农业农村局", BodyKind.AGRICULTURE),
        ("某市财政局", BodyKind.FINANCE),
        ("某市人民政府", BodyKind.GOVERNMENT),
        ("区政府", BodyKind.GOVERNMENT),
        ("某镇政府", BodyKind.TOWNSHIP),
        ("某乡镇政府", BodyKind.TOWNSHIP),
        ("相关乡镇政府", BodyKind.TOWNSHIP),
        ("列东街道办事处", BodyKind.TOWNSHIP),
        ("某村委会", BodyKind.VILLAGE),
        ("威海经济技术开发区管理委员会", BodyKind.DEVELOPMENT_ZONE),
        ("某县县委", BodyKind.PARTY_COMMITTEE),
        ("县纪委监委", BodyKind.DISCIPLINE),
        ("县人大常委会", BodyKind.PEOPLES_CONGRESS),
        ("某农业大学", BodyKind.UNIVERSITY),
        ("某置业公司", BodyKind.ENTERPRISE),
        ("相关责任单位", BodyKind.OTHER),
    ],
)
def test_the_kind_of_a_body_is_read_from_its_name(name: str, kind: BodyKind) -> None:
    assert kind_of(name) is kind


def test_one_line_may_name_several_recipients() -> None:
    assert split_names("市林业局；区城管局") == ("市林业局", "区城管局")
    assert split_names("湾沚区农业农村局；各镇政府; 区财政局；") == (
        "湾沚区农业农村局",
        "各镇政府",
        "区财政局",
    )
    assert split_names("省自然资源厅、省法院") == ("省自然资源厅、省法院",)
    assert split_names(" ； ") == ()


# ── another city's file ──

ELSEWHERE = """
[jurisdiction]
code = "350500"
name = "泉州市"
[[place]]
code = "350500"
name = "泉州市"
[place.bodies]
procuratorate = "泉州市人民检察院"
natural_resources = "泉州市自然资源和规划局"
court = "泉州市中级人民法院"
[place.cooperation]
title = "协作意见"
published_on = "2022-03"
mechanisms = ["日常联络", "urging"]
[[place]]
code = "350524"
name = "安溪县"
parent = "350500"
[place.bodies]
procuratorate = "安溪县人民检察院"
natural_resources = "安溪县自然资源局"
court = "安溪县人民法院"
[place.cooperation]
title = "县级意见"
published_on = 2022-05-10
mechanisms = ["urging"]
changed = [{ rule = "coop.reply", amount = 1, unit = "months", basis = "县级意见第三条" }]
[[body]]
code = "350524-hutou"
name = "湖头镇人民政府"
kind = "township"
place = "350524"
superior = "350524-proc"
"""


def test_another_city_replaces_the_file() -> None:
    other = parse(ELSEWHERE, file="quanzhou.toml")
    assert [body.name for body in other.procuratorates()] == ["泉州市人民检察院", "安溪县人民检察院"]
    text = other.cooperation("350524")
    assert text is not None
    assert (text.changed[0].rule, text.changed[0].amount) == ("coop.reply", 1)
    town = other.body("湖头镇政府")
    assert (town.code, town.level, town.place) == ("350524-hutou", Level.TOWNSHIP, "350524")
    changed = other.changed_periods("350524", date(2022, 5, 10))
    # The plan is due with the reply.
    assert [(each.rule, each.amount) for each in changed] == [("coop.reply", 1), ("coop.plan", 1)]
    assert other.changed_periods("350524", date(2022, 5, 9)) == ()
    assert other.changed_periods("350500", date(2022, 5, 10)) == ()
    city = other.cooperation("350500")
    assert city is not None
    assert city.mechanisms == (Mechanism.LIAISON, Mechanism.URGING)
    assert str(city.published_on) == "2022-03"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('code = "350524"\nname', 'code = "35052"\nname', "place[35052].code"),
        ('code = "350524"\nname', 'code = "350500"\nname', "place[350500].code"),
        ('parent = "350500"', 'parent = "350600"', "place[350524].parent"),
        ('parent = "350500"', 'parent = "350524"', "place[350524].parent"),
        ('parent = "350500"', 'parent = "350500"\nmayor = "x"', "place[350524].mayor"),
        ('court = "安溪县人民法院"', "", "place[350524].bodies.court"),
        ('court = "安溪县人民法院"', "court = 3", "place[350524].bodies.court"),
        ('court = "安溪县人民法院"', 'court = ""', "place[350524].bodies.court.name"),
        ('court = "安溪县人民法院"', 'court = "安溪县自然资源局"', "bodies[350524-court].name"),
        ('court = "安溪县人民法院"', 'court = "安溪县人民法院"\nbank = "x"', "place[350524].bodies.bank"),
        ('court = "安溪县人民法院"', "court = { office = 1 }", "place[350524].bodies.court.office"),
        ('mechanisms = ["urging"]', 'mechanisms = ["urge"]', "place[350524].cooperation.mechanisms"),
        ('mechanisms = ["urging"]', "mechanisms = []", "place[350524].cooperation.mechanisms"),
        ("published_on = 2022-05-10", 'published_on = "五月"', "place[350524].cooperation.published_on"),
        ("amount = 1", "amount = 0", "place[350524].cooperation.changed[1].amount"),
        ('unit = "months"', 'unit = "weeks"', "place[350524].cooperation.changed[1].unit"),
        ('rule = "coop.reply"', 'rule = "回复"', "place[350524].cooperation.changed[1].rule"),
        # What national law states, no text of the cooperation can change.
        ('rule = "coop.reply"', 'rule = "jy.reply"', "place[350524].cooperation.changed[1].rule"),
        ('code = "350524-hutou"', 'code = "湖头镇"', "body[湖头镇].code"),
        ('code = "350524-hutou"', 'code = "350524-nr"', "body[350524-nr].code"),
        ('kind = "township"', 'kind = "town"', "body[350524-hutou].kind"),
        ('superior = "350524-proc"', 'superior = "350524-x"', "bodies[350524-hutou].superior"),
        ('[jurisdiction]\ncode = "350500"', '[jurisdiction]\ncode = "350900"', "jurisdiction.code"),
        ('name = "泉州市"\n[[place]]', "name = 5\n[[place]]", "jurisdiction.name"),
    ],
)  # fmt: skip
def test_a_wrong_jurisdiction_file_names_the_field(old: str, new: str, field: str) -> None:
    assert ELSEWHERE.count(old) == 1
    with pytest.raises(InputError) as refused:
        parse(ELSEWHERE.replace(old, new), file="quanzhou.toml")
    assert field in [problem.field for problem in refused.value.problems], str(refused.value)
    assert all(problem.file == "quanzhou.toml" and problem.remedy for problem in refused.value.problems)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = ELSEWHERE.replace('parent = "350500"', 'parent = "350600"').replace("amount = 1", "amount = -1")
    with pytest.raises(InputError) as refused:
        parse(wrong.replace('kind = "township"', 'kind = "town"'))
    assert len(refused.value.problems) == 3


def test_a_file_that_is_no_toml_or_is_missing_is_refused_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"文件 x\.toml，第 2 行：不是合法的 TOML"):
        parse('[jurisdiction]\ncode = 三明\nname = "x"', file="x.toml")
    with pytest.raises(InputError, match="读不了辖区文件"):
        Jurisdiction.load(tmp_path / "none.toml")
    with pytest.raises(InputError, match="缺少这一节"):
        parse("")


def test_no_code_names_the_city() -> None:
    for name in ("bodies.py", "jurisdiction_file.py", "terms.py"):
        text = (FOLDER.parent / name).read_text(encoding="utf-8")
        assert "三明" not in text and "sanming" not in text.lower(), name


def test_a_body_travels_as_json(city: Jurisdiction) -> None:
    adapter = TypeAdapter(Body)
    body = city.body("350481-nr")
    assert adapter.validate_json(adapter.dump_json(body)) == body
    assert body_code("350481", BodyKind.URBAN_MANAGEMENT) == "350481-urban-management"
