"""The names of bodies in published cases: which mean one body, how surely, and how a line of them is parted."""

from __future__ import annotations

import pytest

from starter.rehearsing.naming import Likeness, is_same_body, likeness
from starter.rehearsing.recipients import chains, recipients_of, renamed_to


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市林业局；区城管局", ("市林业局", "区城管局")),
        ("区分局、区法院", ("区分局", "区法院")),
        ("某镇政府和县农业农村局", ("某镇政府", "县农业农村局")),
        ("交通运输局和住房和城乡建设局", ("交通运输局", "住房和城乡建设局")),
        ("县城市管理和综合执法局", ("县城市管理和综合执法局",)),
        ("土地、林业主管部门", ("土地主管部门", "林业主管部门")),
        ("乡镇政府、街道办事处和县水利局等五家单位", ("乡镇政府", "街道办事处", "县水利局")),
        ("威海市国土资源局→市自然资源和规划局；威海市政府（批准机关）", ("威海市国土资源局", "威海市政府")),
        ("县发展和改革委员会、财政局", ("县发展和改革委员会", "财政局")),
        ("甲镇、乙镇、丙镇人民政府", ("甲镇", "乙镇", "丙镇人民政府")),
        ("甲、乙两镇政府", ("甲镇政府", "乙镇政府")),
        ("国营某农场、县自然资源局和某林场", ("国营某农场", "县自然资源局", "某林场")),
        ("自然资源、农业农村和水利部门", ("自然资源部门", "农业农村部门", "水利部门")),
        ("县、乡两级政府", ("县政府", "乡政府")),
        ("县农业农村和水务局、城乡和住房建设局", ("县农业农村和水务局", "城乡和住房建设局")),
        ("某村和某街道", ("某村", "某街道")),
        ("甲局；甲局", ("甲局",)),
        ("", ()),
    ],
)
def test_a_line_names_its_bodies(text: str, names: tuple[str, ...]) -> None:
    assert recipients_of(text) == names


RENAMED = chains("威海市国土资源局→市自然资源和规划局；威海市政府（批准机关）")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("威海市国土资源局", "市自然资源和规划局", True),
        ("原某县国土局", "县国土局", True),
        ("县自规局", "某县自然资源和规划局", True),
        ("县城管执法局", "安溪县城市管理和综合执法局", True),
        ("木果镇人民政府", "木果镇政府", True),
        ("区分局（市局名义）", "区分局", True),
        ("甲镇政府", "乙镇政府", False),
        ("市林业局", "区林业局", False),
        ("市林业局", "市城管局", False),
        ("某街道办事处", "街道办", True),
        ("街道办事处", "某街道", True),
        ("市生态环境局某县分局", "县生态环境分局", True),
        ("市自然资源局某区分局", "区自然资源分局", True),
        ("国土襄都分局", "市自然资源和规划局襄都区分局", True),
        ("县发改委", "县发展和改革委员会", True),
        ("县应急局", "县应急管理局", True),
        ("县人社局", "县人力资源和社会保障局", True),
        ("甲镇", "甲镇人民政府", True),
        ("县自然资源局", "县自然资源局执法大队", True),
        ("自然资源部门", "县自然资源局", True),
        ("县自然资源局", "市自然资源局", False),
        ("某市自然资源局", "某市自然资源局某区分局", False),
        ("区应急分局", "区自然资源分局", False),
        ("某县法院", "某市中级法院", False),
        ("县自然资源局", "县土地储备中心", False),
        ("县城管局", "县农业综合行政执法大队", False),
        ("县公安局交通警察大队", "县交通运输局", False),
        ("县住房保障和房产管理局", "县住建局", False),
        ("县农业农村局", "县农业农村和水务局", False),
        ("县委", "县自然资源局", False),
        ("县法院", "市中级法院", False),
        ("", "县法院", False),
    ],
)
def test_one_body_under_two_names(one: str, other: str, same: bool) -> None:
    assert is_same_body(one, other, RENAMED) is same
    assert is_same_body(other, one, RENAMED) is same


def test_the_new_name_of_a_reorganised_body() -> None:
    assert renamed_to("更名为自然资源和规划局", RENAMED) == "市自然资源和规划局"
    assert renamed_to("成立综合行政执法局承接职权", ()) == "综合行政执法局"
    assert renamed_to("机构改革", RENAMED) == ""


def test_the_surer_likeness_stands_above_the_less_sure() -> None:
    names = (
        "某县自然资源局",
        "县自然资源局",
        "自然资源局",
        "县自规局",
        "县自然资源局执法大队",
        "县局",
        "市局",
    )
    assert [likeness("某县自然资源局", name) for name in names] == [
        Likeness.EXACT,
        Likeness.ALIKE,
        Likeness.NAME,
        Likeness.KIND,
        Likeness.PART,
        Likeness.VAGUE,
        Likeness.NONE,
    ]
    renamed = chains("某县林业局→某县自然资源局")
    assert likeness("某县林业局", "县自然资源局", renamed) is Likeness.RENAMED
