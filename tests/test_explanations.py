"""The words beside a count: each step, holiday and move, the text it rests on, what may still change."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import calendar
from models.dates import EventDate
from models.deadlines import (
    Corrected,
    Entry,
    Excluded,
    Expired,
    Extended,
    Ledger,
    Met,
    Resumed,
    Started,
    Suspended,
    reckon,
)
from models.explanations import event_in_chinese, explain, in_chinese
from models.rules import Rule, all_rules, rule
from tests.test_core_properties import ledgers


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(text: str) -> EventDate:
    return EventDate.parse(text)


def words(key: str, start: str, *entries: Entry, edition: str | None = None) -> list[str]:
    law, held = rule(key), calendar(edition)
    ledger: Ledger = (Started(on(start), "f"), *entries)
    return explain(law, ledger, reckon(law, ledger, held), held)


def test_article_3_in_full() -> None:
    assert words("coop.reply", "2021-08-01") == [
        "2021年8月1日收到告知函或者检察建议书，开始的当日不计入，自2021年8月2日起计算（《民法典》第二百零一条）。",
        "期限为2个月（明检会〔2021〕5号第三条）。",
        "按月计算，到期月的对应日为2021年10月1日（《民法典》第二百零二条）。",
        "2021年10月1日不是工作日（10月1日至7日国庆节），顺延至其后第一个工作日2021年10月8日（《民法典》第二百零三条）。",
        "期限于2021年10月8日24时（北京时间）届满。",
        "依据：明检会〔2021〕5号第三条；出自协作意见（明检会〔2021〕5号）本身。",
        "说明：意见未写明起算日，参照《人民检察院检察建议工作规定》第十九条自收到之日起算；整改方案不延长回复期限。",
        "起算时该依据尚未施行（2021年9月15日起施行），本结果系比照计算，仅供参考。",
        "日历版本：2026（2021年依国办发明电〔2020〕27号）。",
    ]


def test_article_4_in_full() -> None:
    assert words("coop.copy", "2021-09-15") == [
        "2021年9月15日向人民法院提交强制执行申请，开始的当日不计入，自2021年9月16日起计算（《民法典》第二百零一条）。",
        "期限为5个工作日（明检会〔2021〕5号第四条）。",
        "按工作日计算（休息日不计，调休上班日计入），第5个工作日为2021年9月23日。",
        "其间不计：9月19日至21日中秋节。",
        "其间计入：9月18日调休上班。",
        "期限于2021年9月23日24时（北京时间）届满。",
        "依据：明检会〔2021〕5号第四条；属协作意见（明检会〔2021〕5号）本身规定的期限。",
        "日历版本：2026（2021年依国办发明电〔2020〕27号）。",
    ]


@pytest.mark.parametrize(
    ("key", "start", "piece"),
    [
        ("coop.reply", "2021-12-31", "2022年2月没有31日，以月末日2022年2月28日为届满日"),
        ("coop.reply", "2021-07-18", "2021年9月18日（星期六）调休上班，是工作日，不顺延"),
        ("coop.plan", "2021-10-08", "本地约定按2个月掌握"),
        ("coop.plan", "2021-10-08", "出自协作意见（明检会〔2021〕5号）本身，天数属本地约定"),
        ("jy.reply", "2021-10-08", "属协作意见以外的法律、司法解释或者规定确定的期限"),
        ("local.service", "2021-10-08", "属本地约定的期限"),
        ("pil.serve", "2021-09-28", "按日历日计算，第3日为2021年10月1日"),
        ("sup.hearing", "2021-10-08", "期限自该日向前计算，该日不计入"),
        ("sup.hearing", "2021-10-08", "按日历日向前计算，第3日为2021年10月5日"),
        ("sup.hearing", "2021-10-08", "10月1日至5日国庆节），向前提至2021年9月30日"),
        ("sup.hearing", "2021-10-08", "最迟应于2021年9月30日24时（北京时间）以前完成"),
        ("ag.demand", "2025-01-20", "其间不计：1月25日星期六、1月28日至2月4日春节"),
        ("ag.demand", "2025-01-20", "其间计入：1月26日调休上班、2月8日调休上班"),
        ("ag.demand", "2025-01-20", "自2025年2月9日起，当事人仍未履行的，行政机关方可申请人民法院强制执行"),
        ("ct.execute_ext", "2022-03-01", "延长三个月，合计六个月，自执行立案之日起一并计算"),
        (
            "pil.reply",
            "2017-10-12",
            "2017年7月1日至2018年3月1日，试点已经结束而司法解释尚未施行，没有文本规定回复期限",
        ),
        ("pil.reply", "2016-10-12", "期限为1个月（《人民检察院提起公益诉讼试点工作实施办法》第四十条）"),
        ("pt.pay", "2024-03-01", "自2024年3月19日起，仍未缴纳的，可以每日按罚款数额的百分之三加处罚款"),
        ("jy.urge", "2022-10-12", "第二十四条没有规定天数，不计算到期日"),
        ("jy.objection", "2022-10-12", "检察建议书载明异议期限，本身没有规定天数"),
        ("asst.term", "2022-10-12", "聘期由聘任文件载明，协作意见第六条没有规定"),
        ("archive.keep", "2022-10-12", "分为永久、长期（六十年）和短期（二十至三十年），逐案确定"),
        ("ex.hours", "2022-10-12", "《行政强制法》第四十三条规定的不是期限"),
        ("ex.hours", "2024-10-01", "2024年10月1日放假（国庆节），不得实施行政强制执行，情况紧急的除外"),
        ("ex.hours", "2024-10-12", "2024年10月12日不是法定节假日"),
        ("ex.hours", "2027-02-06", "2027年2月6日是否放假尚不确定"),
        ("ex.suspend", "2022-10-12", "期限为3年（《行政强制法》第三十九条）"),
        # The general principles of 1986 say nothing of the corresponding day.
        (
            "pil.reply",
            "2016-01-30",
            "没有30日，以月末日2016年2月29日为届满日（比照《民法总则》第二百零二条）",
        ),
        (
            "pil.reply",
            "2017-09-03",
            "依据：比照《最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释》第二十一条；出自",
        ),
        ("pil.reply", "2017-09-03", "本结果系比照计算，仅供参考"),
        ("ct.accept", "2015-03-02", "依据：《行政强制法》第五十六条；第六十九条（五日为工作日）；"),
        ("jy.reply", "2019-03-01", "依据：《人民检察院检察建议工作规定》第十九条；属"),
        ("coop.track", "2021-08-01", "起算时该依据尚未施行（2021年9月15日起施行），本结果仅供参考"),
        ("coop.reply", "1986-12-31", "自1987年1月1日起计算（比照《民法通则》第一百五十四条）"),
        ("coop.reply", "1987-01-01", "自1987年1月2日起计算（《民法通则》第一百五十四条）"),
        ("ct.execute", "2021-09", "开始的当日不计入（《民法典》第二百零一条、法释〔2018〕1号第四十八条）"),
        (
            "coop.reply",
            "2020-12/2021-01",
            "开始的当日不计入（《民法总则》第二百零一条；《民法典》第二百零一条）",
        ),
        (
            "coop.reply",
            "2021",
            "日历版本：2026（2021年依国办发明电〔2020〕27号、2022年依国办发明电〔2021〕11号）",
        ),
        # The last day lies in 2022, but days of 2021 were counted as well.
        (
            "ag.demand",
            "2021-12-24",
            "日历版本：2026（2021年依国办发明电〔2020〕27号、2022年依国办发明电〔2021〕11号）",
        ),
        # Of months only the end matters, and the days over which it rolls.
        ("coop.reply", "2021-11-02", "日历版本：2026（2022年依国办发明电〔2021〕11号）"),
        (
            "sup.hearing",
            "2022-01-04",
            "日历版本：2026（2021年依国办发明电〔2020〕27号、2022年依国办发明电〔2021〕11号）",
        ),
        ("coop.reply", "2021-09", "起算日只知道是2021年9月，不推定为某一日"),
        ("coop.reply", "2021-09", "按2021年9月30日起算：按月计算，到期月的对应日为2021年11月30日"),
        ("pt.sue", "2015", "按2015年12月31日起算：期限为6个月（《行政诉讼法》第四十六条）"),
        ("coop.reply", "2021-11-10", "日历版本：2026（2022年依国办发明电〔2021〕11号）"),
    ],
)
def test_what_is_said(key: str, start: str, piece: str) -> None:
    said = words(key, start)
    assert any(piece in sentence for sentence in said), said


@pytest.mark.parametrize(
    ("key", "start", "reason"),
    [
        ("coop.reply", "2026-11-23", "本日期为暂定：2027年的放假安排尚未公布，暂按周一至周五上班、1月1日"),
        ("coop.reply", "2026-10-28", "2027年的放假通知尚未公布，可能调整2026年12月25日至31日的上班安排"),
        ("coop.copy", "2026-12-28", "本日期为暂定：2027年的放假安排尚未公布"),
        ("coop.reply", "2003-10-28", "本日期为暂定：日历未收录2003年的放假安排"),
        ("coop.reply", "2026-10/2026-11", "本日期为暂定：2027年的放假安排尚未公布"),
    ],
)
def test_why_a_date_is_provisional(key: str, start: str, reason: str) -> None:
    assert reason in words(key, start)[-1]


def test_a_date_that_is_certain_claims_no_doubt() -> None:
    assert not any("暂定" in sentence for sentence in words("coop.reply", "2026-10-20"))


def test_extension_and_exclusion() -> None:
    said = words(
        "pil.prosecute",
        "2024-06-03",
        Extended(1, "months", "d", "检察长"),
        Excluded(day("2024-06-14"), day("2024-08-03"), "e", "土壤鉴定"),
        Met(on("2024-09-19"), "s"),
    )
    assert said[2:11] == [
        "经检察长批准延长1个月（《人民检察院公益诉讼办案规则》第四十七条）。",
        "延长的期限与原期限合并为2个月，自起算日一并计算，不从原到期日续算。",
        "按月计算，到期月的对应日为2024年8月3日（《民法典》第二百零二条）。",
        "2024年6月14日的次日起至2024年8月3日止不计入期限（土壤鉴定），共50日。",
        "扣除后的届满日为2024年9月22日。",
        "2024年9月22日不是工作日（9月22日星期日），顺延至其后第一个工作日2024年9月23日（《民法典》第二百零三条）。",
        "期限于2024年9月23日24时（北京时间）届满。",
        "2024年9月19日完成（以完成之日为准），提前4日。",
        "依据：《人民检察院公益诉讼办案规则》第四十七条；属协作意见以外的法律、司法解释或者规定确定的期限。",
    ]


@pytest.mark.parametrize(
    ("entries", "piece"),
    [
        ((Corrected(on("2022-03-02"), "c"),), "起算日原记为2022年3月1日，更正为2022年3月2日，期限重新计算"),
        ((Suspended(day("2022-04-01"), "s"),), "期限自2022年4月1日中止，尚未恢复，暂无到期日"),
        (
            (Suspended(day("2022-04-01"), "s"), Resumed(day("2022-04-20"), "r")),
            "止不计入期限（中止），共19日",
        ),
        ((Excluded(day("2022-04-01"), day("2022-04-20"), "e"),), "止不计入期限（扣除期间），共19日"),
        ((Extended(1, "months", "x"),), "经检察长批准延长1个月（"),
        ((Extended(10, "days", "x"),), "合并为3个月又10日"),
        ((Extended(10, "days", "x"),), "依次按月、日计算，届满日为2022年6月11日"),
        ((Extended(2, "working_days", "x"),), "其间不计："),
        ((Met(on("2022-05-20"), "m"),), "2022年5月20日完成（以完成之日为准），提前12日"),
        ((Met(on("2022-06-01"), "m"),), "恰在最后一日，没有逾期"),
        ((Met(on("2022-06-03"), "m"),), "逾期2日"),
        ((Met(on("2022-07"), "m"),), "2022年7月完成（以完成之日为准），已逾期"),
        ((Met(on("2022-05"), "m"),), "，未逾期"),
        ((Met(on("2022"), "m"),), "2022年完成（以完成之日为准），是否逾期无法确定到日"),
        ((Met(on("2022-05-30/2022-06-02"), "m"),), "2022年5月30日至2022年6月2日完成"),
        ((Expired(day("2022-06-02")),), "期满未见完成"),
    ],
)
def test_what_happened_is_said(entries: tuple[Entry, ...], piece: str) -> None:
    said = words("sup.review", "2022-03-01", *entries)
    assert any(piece in sentence for sentence in said), said


@pytest.mark.parametrize("first", ["2022-04-01", "2022-04-02", "2022-06-05"])
def test_what_excludes_no_day_is_not_mentioned(first: str) -> None:
    said = words("sup.review", "2022-03-01", Excluded(day(first), day("2022-04-01"), "e"))
    assert not any("不计入期限" in sentence for sentence in said)


def test_working_days_excluded_are_told_in_working_days() -> None:
    law, held = rule("sup.review"), calendar()
    ledger: Ledger = (
        Started(on("2022-03-01"), "f", 20, "working_days"),
        Excluded(day("2022-03-11"), day("2022-03-15"), "e", "调卷"),
    )
    said = explain(law, ledger, reckon(law, ledger, held), held)
    assert "2022年3月11日的次日起至2022年3月15日止不计入期限（调卷），共2个工作日。" in said
    assert "文书载明的期限为20个工作日。" in said


def test_working_days_that_were_excluded_are_not_counted_first() -> None:
    """What does not count is told before the count, and none of its days is listed as worked or passed over."""
    said = words("ct.rule", "2021-09-15", Excluded(day("2021-09-17"), day("2021-09-30"), "e", "调卷"))
    assert said[2:6] == [
        "2021年9月17日的次日起至2021年9月30日止不计入期限（调卷），共9个工作日。",
        "按工作日计算（休息日不计，调休上班日计入），第7个工作日为2021年10月13日。",
        "其间不计：10月1日至7日国庆节、10月10日星期日。",
        "其间计入：10月9日调休上班。",
    ]


def test_each_range_has_its_own_reasons() -> None:
    """A range is given the reasons that cover some of its days, and no other's."""
    one = Excluded(day("2022-04-01"), day("2022-04-20"), "e", "调卷")
    other = Excluded(day("2022-04-20"), day("2022-04-25"), "g", "评估")
    said = words("sup.review", "2022-03-01", one, other)
    assert "2022年4月1日的次日起至2022年4月20日止不计入期限（调卷），共19日。" in said
    assert "2022年4月20日的次日起至2022年4月25日止不计入期限（评估），共5日。" in said
    stop = Suspended(day("2022-04-10"), "s"), Resumed(day("2022-05-05"), "r")
    said = words("sup.review", "2022-03-01", one, *stop)
    assert "2022年4月20日的次日起至2022年5月5日止不计入期限（中止），共15日。" in said


def test_a_range_behind_the_end_says_that_it_moved_nothing() -> None:
    said = words("sup.review", "2022-03-01", Excluded(day("2022-06-10"), day("2022-06-20"), "e", "调卷"))
    assert "2022年6月10日以后不计入的期间在期满以后，不影响期限。" in said
    assert "期限于2022年6月1日24时（北京时间）届满。" in said


def test_a_day_named_by_the_document() -> None:
    law, held = rule("jy.reply_urgent"), calendar()
    ledger: Ledger = (Started(on("2021-09-15"), "f", fixed_on=day("2021-10-02")),)
    said = explain(law, ledger, reckon(law, ledger, held), held)
    assert said[1:4] == [
        "文书载明的最后一日为2021年10月2日。",
        "2021年10月2日为国庆节，但系文书载明的日期，不顺延。",
        "期限于2021年10月2日24时（北京时间）届满。",
    ]
    vague: Ledger = (Started(on("2021-09"), "f", fixed_on=day("2021-10-02")),)
    assert explain(law, vague, reckon(law, vague, held), held)[1:4] == said[1:4]
    moved: Ledger = (*ledger, Extended(3, "days", "x"))
    said = explain(law, moved, reckon(law, moved, held), held)
    assert "经有权机关批准延长3日。" in said
    assert "延长的期限与原期限合并为至2021年10月2日又3日，自起算日一并计算，不从原到期日续算。" in said


def test_nothing_has_started() -> None:
    law, held = rule("coop.reply"), calendar()
    assert explain(law, (), reckon(law, (), held), held) == [
        "尚无起算事实（收到告知函或者检察建议书），期限未起算。"
    ]


# days excluded at the very end


def test_days_excluded_while_the_last_day_rolls_are_told_as_they_count() -> None:
    said = words("sup.review", "2022-03-04", Excluded(day("2022-06-05"), day("2022-06-08"), "e"))
    assert "2022年6月5日的次日起至2022年6月8日止不计入期限（扣除期间），共3日。" in said
    assert "顺延期间又不计入的，至不计入的最后一日2022年6月8日为止不届满。" in said
    assert not any("扣除后的届满日" in each for each in said)


def test_days_excluded_that_cost_no_working_day_say_so() -> None:
    said = words("ct.accept", "2021-07-31", Excluded(day("2021-08-06"), day("2021-08-07"), "e"))
    assert "2021年8月6日的次日起至2021年8月7日止不计入期限（扣除期间），共0个工作日。" in said
    assert "按工作日计算（休息日不计，调休上班日计入），第5个工作日为2021年8月6日。" in said
    assert not any("期满以后" in each for each in said)


def test_a_rule_without_a_number_that_was_done() -> None:
    assert "2022年3月2日完成（以完成之日为准）。" in words(
        "jy.urge", "2022-03-01", Met(on("2022-03-02"), "m")
    )


def test_the_edition_is_named() -> None:
    assert "日历版本：2020-01（2020年依国办发明电〔2020〕1号）。" in words(
        "coop.reply", "2020-03-02", edition="2020-01"
    )
    assert "日历版本：2026。" in words("pil.reply", "2017-10-12")


def test_dates_in_words() -> None:
    assert in_chinese(day("2021-09-05")) == "2021年9月5日"
    assert [
        event_in_chinese(on(text)) for text in ("2021-09-05", "2021-09", "2021", "2021-07-09/2021-07-11")
    ] == [
        "2021年9月5日",
        "2021年9月",
        "2021年",
        "2021年7月9日至2021年7月11日",
    ]


def test_every_rule_explains_itself() -> None:
    for entry in all_rules():
        said = words(entry.key, "2024-03-01")
        assert all(sentence.endswith("。") and "None" not in sentence for sentence in said), said
        assert any(entry.versions[-1].basis in sentence for sentence in said)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(all_rules()), ledgers())
def test_any_ledger_is_explained_and_its_due_day_is_named(law: Rule, ledger: Ledger) -> None:
    held = calendar()
    answer = reckon(law, ledger, held)
    said = explain(law, ledger, answer, held)
    text = "".join(said)
    assert all(sentence.endswith("。") and "None" not in sentence for sentence in said)
    for due in (answer.due_on, answer.due_from, answer.due_to):
        assert due is None or in_chinese(due) in text
    assert ("本日期为暂定" in text) is answer.provisional
    if answer.state == "suspended" and law.versions[-1].amount:
        assert "尚未恢复，暂无到期日" in text
