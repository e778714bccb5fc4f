"""The names of bodies in published cases: which mean one body, how surely, and how a line of them is parted."""

from __future__ import annotations

import pytest

from starter.rehearsing.naming import chains, is_same_body, recipients_of, renamed_to


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市林业局；区城管局", ("市林业局", "区城管局")),
        ("区分局、区法院", ("区分局", "区法院")),
        ("某镇政府和县农业农村局", ("某镇政府", "县农业农村局")),
        ("交通运输局和住房和城乡建设局", ("交通运输局", "住房和城乡建设局")),
        ("县城市管理和综合执法局", ("县城市管理和综合执法局",)),
        ("土地、林业主管部门", ("土地、林业主管部门",)),
        ("乡镇政府、街道办事处和县水利局等五家单位", ("乡镇政府", "街道办事处", "县水利局")),
        ("威海市国土资源局→市自然资源和规划局；威海市政府（批准机关）", ("威海市国土资源局", "威海市政府")),
        ("县发展和改革委员会、财政局", ("县发展和改革委员会", "财政局")),
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
