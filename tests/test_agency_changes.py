"""Changes of agencies: what is wrong with a file is told by entry and field; laying them over a city is no matter of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.agency_changes import AgencyChange, read_change, same_as, standing
from models.bodies import Jurisdiction
from models.changed_jurisdiction import check_change
from models.errors import InputError
from models.roll import missing_offices, offices
from models.terms import BodyKind

CITY = Jurisdiction.load()
BASIS = 'basis = "机构改革方案"\n'
NEW = date(2027, 1, 1)
RENAMED = """
[[renamed]]
body = "永安市自然资源局"
name = "永安市自然资源和规划局"
from = 2027-01-01
"""
MERGED = """
[[merged]]
bodies = ["三明市林业局", "350400-water"]
into = { name = "三明市林业和水利局", kind = "forestry", place = "350400" }
from = 2027-01-01
across = true
"""
ABOLISHED = """
[[abolished]]
body = "三明市城市管理局"
successor = "无"
from = 2027-03-01
"""
COUNTY = """
[[place_merged]]
places = ["明溪县"]
into = { code = "350406", name = "明溪区" }
from = 2027-01-01
"""


def heirs(place: str, new: str) -> str:
    """What becomes of the bodies of a county that becomes a district."""
    kinds = {
        "procuratorate": "检察院",
        "natural_resources": "自然资源局",
        "court": "法院",
        "government": "政府",
    }
    bodies = {kind: CITY.of(place, BodyKind(kind)) for kind in kinds}
    return "".join(
        f'\n[[merged]]\nbodies = ["{body.code}"]\nfrom = 2027-01-01\n'
        f'into = {{ name = "明溪区{kinds[kind]}", kind = "{kind}", place = "{new}" }}\n'
        for kind, body in bodies.items()
        if body is not None
    )


def change(text: str, number: int = 1, basis: str = BASIS) -> AgencyChange:
    return AgencyChange(
        number, f"{number}.toml", basis + text, "王五", "市委文件", datetime(2026, 11, 1, tzinfo=UTC)
    )


def wrong(text: str, *held: AgencyChange, city: Jurisdiction = CITY) -> list[str]:
    """What is wrong with a change: read by itself, then as things stand."""
    new = change(text, len(held) + 1)
    try:
        assert new.content
    except InputError as error:
        return list(map(str, error.problems))
    return list(map(str, check_change(city, held, new)))


def test_a_body_is_found_by_what_it_was_and_is_another_from_its_day_on() -> None:
    changes = [change(RENAMED + MERGED + ABOLISHED)]
    assert wrong(RENAMED + MERGED + ABOLISHED) == []
    assert CITY.as_changed(changes, NEW - timedelta(days=1)) == CITY
    new = CITY.as_changed(changes, NEW)
    bureau = new.body("永安市国土资源局")
    assert (bureau.code, bureau.name) == ("350481-nr", "永安市自然资源和规划局")
    assert bureau.former_names == ("永安市国土资源局", "永安市自然资源局") and new.is_bound(bureau)
    heir = new.body("三明市水利局")
    assert heir == new.body("350400-forestry") == new.body("350400-water")
    assert (heir.code, heir.place) == ("350400-forestry-20270101", "350400")
    assert heir.former_names == ("三明市林业局", "三明市水利局")
    assert heir == new.of("350400", BodyKind.FORESTRY) and new.of("350400", BodyKind.WATER) is None
    became = new.what_became("三明市林业局")
    assert became is not None and "由三明市林业和水利局承继（机构改革方案）" in became.in_words(heir)
    assert new.what_became("三明市林业和水利局") is None
    assert new.find("三明市城市管理局") is not None, "not before its day"
    last = CITY.as_changed(changes, date(2027, 3, 1))
    with pytest.raises(InputError, match="三明市城市管理局自2027-03-01起撤销，没有承继单位"):
        last.body("三明市城市管理局")
    with pytest.raises(InputError, match="没有承继单位"):
        last.recipient("三明市城市管理局")
    assert last.recipient("三明市林业局") == heir


def test_a_county_that_becomes_a_district_takes_its_bodies_along() -> None:
    assert wrong(COUNTY + heirs("350421", "350406")) == []
    new = CITY.as_changed([change(COUNTY + heirs("350421", "350406"))], NEW)
    assert new.place("350421") == new.place("明溪县") == new.place("350406")
    assert new.contains("350421") and "350421" not in new.places
    assert (new.filed_under("350421"), new.filed_under("明溪县")) == ("350421", "350406"), (
        "as cases of then have it"
    )
    court = new.of("350421", BodyKind.COURT)
    assert court is not None and court.name == "明溪区法院" == new.body("明溪县人民法院").name
    assert court.superior == "350400-court", "as the body of that kind above it"
    assert new.cooperation("350406") == CITY.cooperation("350400")
    # An office that is gone is asked for no liaison; its heir is.
    assert len(offices(new)) == len(offices(CITY))
    asked = {each.name for each in missing_offices(new, [], NEW)}
    assert "明溪区自然资源局" in asked and "明溪县自然资源局" not in asked


def test_who_stood_below_a_body_stands_below_its_heir() -> None:
    above = '[[merged]]\nbodies = ["福建省自然资源厅"]\nfrom = 2027-01-01\n'
    above += 'into = { name = "福建省自然资源和林业厅", kind = "natural_resources", place = "350000" }\n'
    new = CITY.as_changed([change(above)], NEW)
    # A department that is sent copies is one of the heir.
    assert CITY.copies[-1] == "福建省自然资源厅" and new.copies == (
        *CITY.copies[:-1],
        "福建省自然资源和林业厅",
    )
    superior = new.superior(new.bodies["350400-nr"])
    assert superior is not None and superior.name == "福建省自然资源和林业厅"


ENTRY = 'bodies = ["三明市林业局"]\nfrom = 2027-01-01\n'
WRONG = {
    "nothing ordered": ("", "没有写明任何变动"),
    "a day that does not exist": (RENAMED.replace("01-01", "02-30"), "第 6 行：没有这一天"),
    "a day in quotes": (RENAMED.replace("2027-01-01", '"2027-01-01"'), "字段 renamed[1].from：应为日期"),
    "a day long ago": (RENAMED.replace("2027", "1900"), "字段 renamed[1].from：1900-01-01 不在"),
    "no day": (RENAMED.replace("from = 2027-01-01", ""), "字段 renamed[1].from：缺少这一项"),
    "an unknown field": (RENAMED + 'to = "x"\n', "字段 renamed[1].to：不认识的字段"),
    "an unknown body": (
        RENAMED.replace("永安市自然资源局", "永安市自然局"),
        "字段 renamed[1].body：三明市的辖区",
    ),
    "its own name": (RENAMED.replace("和规划局", "局"), "字段 renamed[1].name：350481-nr 本来就叫"),
    "another's name": (
        RENAMED.replace("永安市自然资源和规划局", "三明市财政局"),
        "已是 350400-finance 的名称",
    ),
    "an heir that is not said": (ABOLISHED.replace('successor = "无"\n', ""), "没有写明由谁继续行使其职权"),
    "an unknown heir": (f'[[merged]]\n{ENTRY}into = "三明市某局"\n', "字段 merged[1].into：三明市的辖区"),
    "into itself": (f'[[merged]]\n{ENTRY}into = "350400-forestry"\n', "三明市林业局并入自身"),
    "one of several into itself": (
        '[[merged]]\nbodies = ["三明市水利局", "三明市林业局"]\ninto = "三明市林业局"\nfrom = 2027-01-01\nacross = true\n',
        "三明市林业局并入自身",
    ),
    "in a circle": (
        f'[[merged]]\n{ENTRY}into = "三明市水利局"\nacross = true\n'
        '[[merged]]\nbodies = ["三明市水利局"]\ninto = "三明市林业局"\nfrom = 2027-02-01\nacross = true\n',
        "字段 merged[2].into：三明市林业局在 2027-01-01 已经撤并（第 1 号，merged[1]）",
    ),
    "twice in one list": (
        MERGED.replace("350400-water", "350400-forestry"),
        "字段 merged[1].bodies：三明市林业局写了两次",
    ),
    "abolished twice": (
        ABOLISHED + ABOLISHED,
        "字段 abolished[2].body：三明市城市管理局在 2027-03-01 已经撤并（第 1 号，abolished[1]）",
    ),
    "an heir of another kind": (
        f'[[merged]]\n{ENTRY}into = "三明市水利局"\n',
        "三明市水利局是水利部门，三明市林业局是林业部门（核对承继单位；确系跨类别、跨地方承继的，写 across = true）",
    ),
    "an heir of another place": (
        '[[merged]]\nbodies = ["永安市自然资源局"]\ninto = "三明市自然资源局"\nfrom = 2027-01-01\n',
        "三明市自然资源局在 350400，永安市自然资源局在 350481",
    ),
    "a court's heir": (
        '[[merged]]\nbodies = ["永安市人民法院"]\ninto = "永安市人民政府"\nfrom = 2027-01-01\nacross = true\n',
        "不能承继永安市人民法院",
    ),
    "no bodies": ('[[merged]]\ninto = "三明市水利局"\nfrom = 2027-01-01\n', "没有写明合并哪些单位"),
    "a new body of no kind": (
        MERGED.replace(', kind = "forestry"', ""),
        "字段 merged[1].into.kind：缺少这一项",
    ),
    "a new body nowhere": (MERGED.replace('"350400" }', '"350499" }'), "没有 350499 这个地方"),
    "a new body by an old code": (
        MERGED.replace('place = "350400" }', 'place = "350400", code = "350400-finance" }'),
        "350400-finance 是或者曾是另一单位的代码",
    ),
    "a new body by a name that is taken": (
        MERGED.replace("三明市林业和水利局", "三明市财政局"),
        "字段 merged[1].into.name：“三明市财政局”已是",
    ),
    "a place with bodies left in it": (COUNTY, "没有写明明溪县这些单位的去向：明溪县人民检察院、"),
    "an unknown place": (COUNTY.replace("明溪县", "明西县"), "没有“明西县”这个地方"),
    "the city itself": (
        '[[place_merged]]\nplaces = ["三明市"]\ninto = { code = "350500", name = "某市" }\nfrom = 2027-01-01\n',
        "三明市之下还有地方",
    ),
    "a place into another level": (
        '[[place_merged]]\nplaces = ["明溪县"]\ninto = "三明市"\nfrom = 2027-01-01\n',
        "不是同一级",
    ),
    "a place's name that is taken": (
        '[[place_renamed]]\nplace = "明溪县"\nname = "清流县"\nfrom = 2027-01-01\n',
        "已是 350423 的名称",
    ),
    "a change that is not there": ("replaces = 3\n" + RENAMED, "字段 replaces：没有第 3 号变动"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_by_file_entry_and_field(name: str) -> None:
    text, told = WRONG[name]
    found = wrong(text)
    assert any(told in each for each in found), found
    assert all(each.startswith("文件 1.toml") for each in found)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = RENAMED.replace("永安市自然资源局", "甲局") + MERGED.replace("350400-water", "乙局") + COUNTY
    assert [each.split("：")[0].split("，")[1] for each in wrong(text)] == [
        "字段 renamed[1].body",
        "字段 merged[1].bodies",
        "字段 place_merged[1].places",
    ]


def test_nothing_is_dated_before_what_a_body_went_through_already() -> None:
    first = change(RENAMED)
    earlier = RENAMED.replace("2027", "2026").replace("和规划局", "和林业局")
    assert any("在 2027-01-01 已有变动（第 1 号）" in each for each in wrong(earlier, first))
    # Nor may it pull away an heir that an earlier change counts on.
    merged = change(
        '[[merged]]\nbodies = ["三明市林业局"]\ninto = "三明市水利局"\nfrom = 2027-05-01\nacross = true\n'
    )
    gone = (
        '[[abolished]]\nbody = "三明市水利局"\nsuccessor = "三明市财政局"\nfrom = 2027-04-01\nacross = true\n'
    )
    assert wrong(gone, merged) and wrong(gone.replace("2027-04-01", "2027-05-02"), merged) == []


def test_a_change_can_be_written_anew_in_place_of_another() -> None:
    first = change(RENAMED)
    second = change("replaces = 1\n" + RENAMED.replace("和规划局", "和林业局"), 2)
    assert check_change(CITY, [first], second) == []
    assert standing([second, first]) == (second,)
    assert CITY.as_changed([first, second], NEW).body("350481-nr").name == "永安市自然资源和林业局"
    assert wrong("replaces = 1\n" + ABOLISHED, first, second) == [
        "文件 3.toml，字段 replaces：没有第 1 号变动，或者它已被取代（现行的变动见 mingjian agencies）"
    ]
    assert CITY.as_changed([first, second, change("replaces = 2\n", 3)], NEW) == CITY
    assert same_as(change(RENAMED, 9), [first]) == first and same_as(first, [first, second]) is None


def test_what_the_file_says_otherwise_since_is_left_out_and_noted() -> None:
    """The file may be written anew after a change was adopted: cases go on."""
    bodies = {code: body for code, body in CITY.bodies.items() if code != "350400-water"}
    other = replace(CITY, bodies=bodies, _names={})
    new = other.as_changed([change(MERGED + RENAMED)], NEW)
    assert new.body("350481-nr").name == "永安市自然资源和规划局" and "350400-forestry" in new.bodies
    assert [each.field for each in new.unfit] == ["merged[1].bodies"]


# ── any changes, in any order ───────────────────────────────────────────────────────────────────────────────

DEPARTMENTS = ("finance", "agriculture", "forestry", "water", "ecology", "urban-management")


@st.composite
def histories(draw: st.DrawFn) -> list[AgencyChange]:
    """Changes of the departments of one city, each right as things stood when it was adopted."""
    changes: list[AgencyChange] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        now = CITY.as_changed(changes, None)
        alive = sorted(
            each for each in now.bodies if each.startswith("350400-") and each.split("-")[1] in DEPARTMENTS
        )
        day = f"2027-{draw(st.integers(1, 12)):02d}-01"
        if not alive:
            break
        one = draw(st.sampled_from(alive))
        others = [each for each in alive if each != one]
        heir = draw(st.sampled_from([*others, "无", "new"]))
        new = f'{{ name = "新局{number}", kind = "finance", place = "350400", code = "350400-finance-n{number}" }}'
        if draw(st.booleans()):
            name = draw(st.sampled_from(["三明市林业局", "三明市水利局", "三明市第一局", "三明市第二局"]))
            text = f'[[renamed]]\nbody = "{one}"\nname = "{name}"\nfrom = {day}\n'
        elif heir == "无":
            text = f'[[abolished]]\nbody = "{one}"\nsuccessor = "无"\nfrom = {day}\n'
        else:
            into = new if heir == "new" else f'"{heir}"'
            text = f'[[merged]]\nbodies = ["{one}"]\ninto = {into}\nfrom = {day}\nacross = true\n'
        made = change(text, number)
        if not check_change(CITY, changes, made):
            changes.append(made)
    return changes


def known(city: Jurisdiction) -> list[str]:
    """Every code and name that any body of the city ever had."""
    bodies = [*city.bodies.values(), *(each.body for each in city.passed)]
    return sorted({name for body in bodies for name in (body.code, body.name, *body.former_names)})


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_changes_are_given_does_not_matter(
    changes: list[AgencyChange], rnd: Sequence[object]
) -> None:
    shuffled = list(changes)
    rnd.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    for on in (None, date(2027, 6, 15)):
        assert CITY.as_changed(shuffled, on) == CITY.as_changed(changes, on)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_name_and_code_of_before_means_one_living_body_or_none_by_a_change(
    changes: list[AgencyChange],
) -> None:
    city = CITY.as_changed(changes, None)
    assert city.unfit == ()
    for name in known(city):
        found = city.find(name)
        if found is not None:
            assert city.bodies[found.code] == found
            continue
        became = city.what_became(name)
        assert became is not None and became.heir not in city.bodies, name
        with pytest.raises(InputError, match="没有承继单位"):
            city.body(name)
    for body in city.bodies.values():
        assert body.name not in body.former_names and (not body.superior or body.superior in city.bodies)
    # What has passed is followed step by step to whom it means now.
    for each in city.passed:
        heir = city.find(each.heir) if each.heir else None
        assert city.find(each.body.code) == heir


@settings(max_examples=30, deadline=None)
@given(histories())
def test_a_jurisdiction_of_a_day_is_that_of_its_last_change(changes: list[AgencyChange]) -> None:
    days = sorted({entry.on for each in changes for entry in each.content.entries})
    for before, after in pairwise([date(2026, 12, 31), *days]):
        assert CITY.as_changed(changes, after - timedelta(days=1)) == CITY.as_changed(changes, before)


def test_a_file_is_read_once_as_it_is_written() -> None:
    content = read_change(BASIS + RENAMED + MERGED, file="x.toml")
    assert [each.where for each in content.entries] == ["renamed[1]", "merged[1]"]
    assert content.basis == "机构改革方案" and content.entries[0].on == NEW
