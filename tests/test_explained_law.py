"""What an explanation says of the law: no number, which version, in force or not, whose general rules on periods."""

from __future__ import annotations

from datetime import date

import pytest

from models.calendar import calendar
from models.deadlines import Corrected, Ledger, Started, reckon
from models.explanations import explain
from models.rules import Rule, all_rules, rule
from tests.test_explanations import on, words

# no number


@pytest.mark.parametrize("entry", [each for each in all_rules() if each.no_number], ids=lambda each: each.key)
def test_where_nothing_is_counted_nothing_is_said_of_counting(entry: Rule) -> None:
    said = words(entry.key, "2022-03-01")
    assert said[0] == f"2022年3月1日{entry.starts_words}。"
    assert entry.no_number and said[1] == f"{entry.no_number.sentence}。"
    assert not any(word in "".join(said) for word in ("起计算", "期限的", "24时", "比照"))
    # A rule that forbids holidays says besides what day it is.
    assert said[3 if entry.on_holidays else 2].startswith(f"依据：{entry.versions[-1].basis}；出自")
    moved = words(entry.key, "2022-03-01", Corrected(on("2022-03-02"), "c"))
    assert moved[1] == "起算日原记为2022年3月1日，更正为2022年3月2日。"


def test_a_rule_without_a_number_to_which_the_letter_gives_one_is_counted() -> None:
    law, held = rule("jy.objection"), calendar()
    ledger: Ledger = (Started(on("2022-03-01"), "f", 10, "days"),)
    said = explain(law, ledger, reckon(law, ledger, held), held)
    assert said[0].endswith("自2022年3月2日起计算（《民法典》第二百零一条）。")
    assert said[1] == "文书载明的期限为10日。"
    half: Ledger = (Started(on("2021-09-15"), "x", 5),)
    reckoning = reckon(rule("coop.reply"), half, held)
    said = explain(rule("coop.reply"), half, reckoning, held)
    assert said[:2] == ["2021年9月15日收到告知函或者检察建议书。", "没有可以计算的期限，不计算到期日。"]


# a start of its own precision, and the text in force


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("2021-08", "起算时该依据尚未施行（2021年9月15日起施行），本结果系比照计算，仅供参考。"),
        ("2021-09-14", "起算时该依据尚未施行（2021年9月15日起施行），本结果系比照计算，仅供参考。"),
        (
            "2021-09-01/2021-09-14",
            "起算时该依据尚未施行（2021年9月15日起施行），本结果系比照计算，仅供参考。",
        ),
        *(
            (
                straddling,
                "该依据2021年9月15日起施行：起算日在该日以前的，当时尚未施行，系比照计算，仅供参考；"
                "在该日及以后的，依据已经施行。",
            )
            for straddling in ("2021-09", "2021", "2021-09-14/2021-09-15")
        ),
        ("2021-09-15", ""),
        ("2021-09-15/2021-09-30", ""),
    ],
)
def test_of_a_start_not_known_to_the_day_only_the_days_before_the_text_are_by_analogy(
    start: str, sentence: str
) -> None:
    assert [each for each in words("coop.reply", start) if "施行" in each] == ([sentence] if sentence else [])


def test_a_range_over_two_versions_names_both() -> None:
    said = words("pil.reply", "2017")
    assert said[-5:-1] == [
        "依据：《人民检察院提起公益诉讼试点工作实施办法》第四十条；"
        "属协作意见以外的法律、司法解释或者规定确定的期限。",
        "试点期间的回复期限是一个月。",
        "在2017年7月1日及以后起算的，依据：比照《最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干"
        "问题的解释》第二十一条。",
        "2017年7月1日至2018年3月1日，试点已经结束而司法解释尚未施行，没有文本规定回复期限，"
        "比照后来的规定按二个月计算。",
    ]
    assert not any("尚未施行（" in each for each in said)
    # Each end is told its own length, and none of them as if it were the only one.
    assert not any(each.startswith("期限为") for each in said)
    assert any(each.startswith("按2017年1月1日起算：期限为1个月（") for each in said)
    assert any(each.startswith("按2017年12月31日起算：期限为2个月（") for each in said)


def test_a_range_over_three_versions_names_the_one_between() -> None:
    said = words("pil.reply", "2017-06/2018-03")
    assert [each[:12] for each in said if "及以后起算的" in each] == [
        "在2017年7月1日及以",
        "在2018年3月2日及以",
    ]


def test_a_version_the_case_keeps_is_the_only_one_named() -> None:
    law, held = rule("pil.reply"), calendar()
    ledger: Ledger = (Started(on("2017"), "f"),)
    kept = reckon(law, ledger, held, date(2018, 3, 2))
    said = explain(law, ledger, kept, held)
    assert not any("及以后起算的" in each for each in said)
    assert "起算时该依据尚未施行（2018年3月2日起施行），本结果系比照计算，仅供参考。" in said


# the general rules on periods


@pytest.mark.parametrize(
    ("key", "start", "basis"),
    [
        (
            "ct.reply",
            "2024-05-01",
            "《民法典》第二百零一条、《民事诉讼法》第八十五条、法释〔2018〕1号第四十八条",
        ),
        (
            "ct.reply",
            "2022-01-01",
            "《民法典》第二百零一条、《民事诉讼法》第八十五条、法释〔2018〕1号第四十八条",
        ),
        ("sup.review", "2021-12-31", "《民法典》第二百零一条、法释〔2018〕1号第四十八条"),
        ("pt.sue", "2018-02-08", "《民法总则》第二百零一条、法释〔2018〕1号第四十八条"),
        ("pt.sue", "2018-02-07", "《民法总则》第二百零一条"),
        ("ct.accept", "2016-05-03", "《民法通则》第一百五十四条"),
        ("coop.reply", "2024-05-01", "《民法典》第二百零一条"),
        ("ag.apply", "2024-05-01", "《民法典》第二百零一条"),
    ],
)
def test_before_a_court_its_own_rules_are_cited_beside_civil_law(key: str, start: str, basis: str) -> None:
    assert words(key, start)[0].endswith(f"起计算（{basis}）。")


def test_the_last_day_before_a_court_rolls_by_its_own_rules_too() -> None:
    (rolled,) = [each for each in words("ct.reply", "2024-03-01") if "顺延" in each]
    assert rolled.endswith(
        "2024年6月3日（《民法典》第二百零三条、《民事诉讼法》第八十五条、法释〔2018〕1号第四十八条）。"
    )
    corresponding = [each for each in words("ct.reply", "2024-03-01") if "对应日" in each]
    assert corresponding == ["按月计算，到期月的对应日为2024年6月1日（《民法典》第二百零二条）。"]


@pytest.mark.parametrize(
    ("start", "texts"),
    [
        ("2021-01-01", ["《民法典》"]),
        ("2020-12-31", ["《民法总则》"]),
        ("2017-10-01", ["《民法总则》"]),
        # The corresponding day only by analogy: 民法通则第一百五十四条 does not know it.
        ("2017-09-30", ["比照《民法总则》", "《民法通则》"]),
    ],
)
def test_the_general_rules_cited_are_those_of_their_time(start: str, texts: list[str]) -> None:
    said = "".join(words("coop.reply", start))
    named = ("《民法典》", "比照《民法总则》", "《民法总则》", "《民法通则》")
    found = [name for name in named if name in said]
    if "比照《民法总则》" in found:
        found.remove("《民法总则》")
    assert found == texts
