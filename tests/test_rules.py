"""The rule table, beside the law it comes from: each key with its number, unit, clock and text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from models import terms
from models.decisions import Decision
from models.errors import InputError
from models.facts import Fact
from models.kinds import FILES
from models.messages import FellDue
from models.rule_files import read_rules
from models.rules import OWNERS, UNITS, all_rules, rule


class Row(NamedTuple):
    """What the law says, written down by hand."""

    key: str
    amount: int | None
    unit: str | None
    owner: str
    founding: bool
    article: str


W, D, M = "working_days", "days", "months"
# [意见] is 明检会〔2021〕5号; the other short names are those of the texts cited.
LAW = [
    # the founding document
    Row("coop.reply", 2, M, "agency", True, "明检会〔2021〕5号第三条"),
    Row("coop.plan", 2, M, "agency", True, "明检会〔2021〕5号第三条"),
    Row("coop.copy", 5, W, "agency", True, "明检会〔2021〕5号第四条"),
    Row("coop.track", None, None, "procuratorate", True, "第四条"),
    Row("coop.clue", None, None, "agency", True, "第五条"),
    Row("coop.liaison", None, None, "procuratorate", True, "第二条"),
    # 人民检察院检察建议工作规定
    Row("jy.investigate", 2, M, "procuratorate", False, "第十五条"),
    Row("jy.reply", 2, M, "agency", False, "第十九条"),
    Row("jy.reply_urgent", None, None, "agency", False, "第十九条"),
    Row("jy.objection", None, None, "agency", False, "第十六条第五项、第二十三条"),
    Row("jy.file_up", 5, D, "procuratorate", False, "第二十一条"),
    Row("jy.urge", None, None, "procuratorate", False, "第二十四条"),
    Row("jy.escalate", None, None, "procuratorate", False, "第二十五条"),
    Row("jy.copy", None, None, "procuratorate", False, "第二十条"),
    Row("jy.withdraw", None, None, "procuratorate", False, "第二十二条"),
    # 公益诉讼办案规则、检察公益诉讼解释
    Row("pil.assess", None, None, "procuratorate", False, "第二十五条至第三十条"),
    Row("pil.open_notice", 7, D, "procuratorate", False, "第七十条"),
    Row("pil.consult", None, None, "procuratorate", False, "第七十条"),
    Row("pil.delegated", 30, D, "procuratorate", False, "第四十三条"),
    Row("pil.serve", 3, D, "procuratorate", False, "第七十六条"),
    Row("pil.file_up", 5, D, "procuratorate", False, "第七十五条"),
    Row("pil.reply", 2, M, "agency", False, "第二十一条"),
    Row("pil.reply_urgent", 15, D, "agency", False, "第二十一条"),
    Row("pil.rectify", 2, M, "agency", False, "第二十一条"),
    Row("pil.suspend", None, None, "procuratorate", False, "第七十八条"),
    Row("pil.prosecute", 1, M, "procuratorate", False, "第四十七条"),
    Row("pil.sue_file_up", 5, D, "procuratorate", False, "第四十六条"),
    Row("pil.civil_notice", 30, D, "party", False, "第九十一条"),
    Row("pil.civil_prosecute", 3, M, "procuratorate", False, "第四十七条"),
    Row("pil.appeal", 15, D, "procuratorate", False, "《行政诉讼法》第八十五条"),
    Row("pil.judgment_report", 3, D, "procuratorate", False, "第五十八条"),
    Row("pil.appearance", 3, D, "procuratorate", False, "第四十九条"),
    Row("pil.recusal", 3, D, "procuratorate", False, "第二十三条"),
    # 行政非诉执行: 行政强制法第六十九条 and 行政处罚法第八十五条 make the short ones working days
    Row("ag.decide", 90, D, "agency", False, "《行政处罚法》第六十条"),
    Row("ag.serve", 7, W, "agency", False, "第六十一条；第八十五条"),
    Row("pt.sue_demolish", 15, D, "party", False, "《土地管理法》第八十三条"),
    Row("pt.sue", 6, M, "party", False, "《行政诉讼法》第四十六条"),
    Row("pt.review", 60, D, "party", False, "《行政复议法》第二十条"),
    Row("pt.sue_after_review", 15, D, "party", False, "《行政诉讼法》第四十五条"),
    Row("pt.pay", 15, D, "party", False, "《行政处罚法》第六十七条"),
    Row("ag.demand", 10, W, "party", False, "第五十四条；第六十九条"),
    Row("ag.apply", 3, M, "agency", False, "第五十三条"),
    Row("ct.accept", 5, W, "court", False, "第五十六条；第六十九条"),
    Row("ag.review_nonaccept", 15, D, "agency", False, "第五十六条"),
    Row("ag.review_nonaccept_up", 15, D, "court", False, "第五十六条"),
    Row("ct.rule", 7, W, "court", False, "第五十七条；第六十九条"),
    Row("ct.rule_hearing", 30, D, "court", False, "第五十八条"),
    Row("ct.serve_refusal", 5, W, "court", False, "第五十八条；第六十九条"),
    Row("ag.review_refusal", 15, D, "agency", False, "第五十八条"),
    Row("ag.review_refusal_up", 30, D, "court", False, "第五十八条"),
    Row("ct.execute", 3, M, "court", False, "法释〔2000〕29号第五条"),
    Row("ct.execute_ext", 6, M, "court", False, "法释〔2000〕29号第五条"),
    Row("ct.urgent", 5, W, "court", False, "第五十九条；第六十九条"),
    Row("ag.confiscated", 90, D, "agency", False, "第五十八条"),
    Row("ho.apply", 6, M, "party", False, "第一百五十八条"),
    Row("ex.suspend", 36, M, "agency", False, "第三十九条"),
    Row("ex.hours", None, None, "agency", False, "第四十三条"),
    # 人民检察院行政诉讼监督规则
    Row("sup.window", 6, M, "party", False, "第二十条"),
    Row("sup.decide", 7, D, "procuratorate", False, "第三十一条"),
    Row("sup.notify", 3, D, "procuratorate", False, "规则》第三十二条"),
    Row("sup.transfer", 3, D, "procuratorate", False, "第三十三条、第三十八条"),
    Row("sup.other_party", 15, D, "party", False, "第三十二条"),
    Row("sup.review", 3, M, "procuratorate", False, "第五十六条"),
    Row("sup.explain", 15, D, "court", False, "第一百一十二条"),
    Row("sup.delegated", 15, D, "procuratorate", False, "第六十六条"),
    Row("sup.hearing", 3, D, "procuratorate", False, "第七十条"),
    Row("sup.send", 15, D, "procuratorate", False, "第一百零六条、第一百一十三条"),
    Row("ct.reply", 3, M, "court", False, "法发〔2016〕30号第十三条"),
    Row("ct.retrial", 3, M, "court", False, "第一百二十六条"),
    Row("ct.protest", 30, D, "court", False, "第一百二十四条"),
    Row("sup.retrial_send", 15, D, "procuratorate", False, "第九十二条"),
    Row("sup.retrial_file", 5, D, "procuratorate", False, "第九十二条"),
    Row("sup.nosupport", 15, D, "procuratorate", False, "第九十六条"),
    Row("sup.court_query", 1, M, "procuratorate", False, "第一百二十二条"),
    Row("sup.flow", 10, D, "procuratorate", False, "第一百一十八条"),
    Row("sup.recusal", 3, D, "procuratorate", False, "第十七条"),
    # articles 6 to 10, files, post
    Row("asst.term", None, None, "procuratorate", False, "第六条"),
    Row("file.access", None, None, "agency", True, "第六条"),
    Row("campaign", None, None, "procuratorate", True, "第七条"),
    Row("roundtable", None, None, "procuratorate", True, "第七条"),
    Row("dispute", None, None, "procuratorate", True, "第八条"),
    Row("research", None, None, "procuratorate", True, "第九条"),
    Row("training", None, None, "procuratorate", True, "第十条"),
    Row("archive.due", None, None, "procuratorate", False, "第一百零六条"),
    Row("archive.keep", None, None, "procuratorate", False, "第11号"),
    Row("post.attempts", 5, W, "procuratorate", False, "第六条"),
]


@pytest.mark.parametrize("row", LAW, ids=lambda row: row.key)
def test_a_rule_says_what_the_law_says(row: Row) -> None:
    entry = rule(row.key)
    version, in_force = entry.version_on(date(2026, 6, 1))
    assert (version.amount, version.unit, entry.owner, in_force) == (row.amount, row.unit, row.owner, True)
    assert entry.in_founding_document is row.founding
    assert row.article in version.basis


def test_the_table_holds_these_rules_and_beside_them_only_our_own_watches() -> None:
    assert [entry.key for entry in all_rules() if entry.section != "local"] == [row.key for row in LAW]
    for entry in all_rules():
        assert entry.key.startswith("local.") == (entry.section == "local"), entry.key
        if entry.section == "local":
            assert entry.stated_by == "local", entry.key


def test_only_two_numbers_are_in_the_founding_document() -> None:
    numbered = [
        (entry.key, entry.versions[-1].amount)
        for entry in all_rules()
        if entry.in_founding_document and entry.versions[-1].amount and not entry.amount_is_local
    ]
    assert numbered == [("coop.reply", 2), ("coop.copy", 5)]
    assert [entry.key for entry in all_rules() if entry.amount_is_local] == ["coop.plan"]


def test_only_these_may_be_extended_and_by_whom() -> None:
    extendable = {
        entry.key: [(each.officer, each.amount, each.unit) for each in entry.extensions]
        for entry in all_rules()
        if entry.extensions
    }
    assert extendable == {
        # 第四十七条: one month by the chief procurator; whatever is beyond it, by the procuratorate above.
        "pil.prosecute": [("检察长", 1, M), ("上一级人民检察院", None, None)],
        "sup.review": [("检察长", None, None)],
        "pil.civil_prosecute": [("检察长", 1, M), ("上一级人民检察院", None, None)],
        # 法释〔2000〕29号第五条: three months by its president; what is beyond them is filed with the High Court.
        "ct.execute": [("本院院长", 3, M), ("本院院长（还需延长的，层报高级人民法院备案）", None, None)],
        "ct.reply": [("本院院长", 1, M)],
    }
    assert rule("ct.reply").extension_after(1) is None
    assert rule("coop.reply").extension_after(0) is None
    assert [rule("pil.prosecute").extension_after(n).officer for n in range(4)] == [  # type: ignore[union-attr] # all are there
        "检察长",
        *["上一级人民检察院"] * 3,
    ]


def test_only_these_may_stand_still() -> None:
    assert [entry.key for entry in all_rules() if entry.suspendable] == [
        "pil.prosecute",
        "ct.execute",
        "ct.execute_ext",
        "sup.review",
    ]


def test_in_these_some_days_do_not_count() -> None:
    assert [entry.key for entry in all_rules() if entry.excludable] == [
        "pil.prosecute",
        "pil.civil_prosecute",
        "sup.review",
    ]


def test_waiting_periods_and_the_one_counted_back() -> None:
    assert [entry.key for entry in all_rules() if entry.waiting] == [
        "pt.sue_demolish",
        "pt.sue",
        "pt.review",
        "pt.sue_after_review",
        "pt.pay",
        "ag.demand",
    ]
    assert [entry.key for entry in all_rules() if entry.direction == "before"] == ["sup.hearing"]


def test_what_is_judged_by_its_day_of_sending_leaves_the_mail_three_working_days() -> None:
    for entry in all_rules():
        assert entry.grace_working_days == (3 if entry.judged_by == "sent" else 0)
    for key in ("coop.reply", "coop.copy", "jy.reply", "pil.reply", "ct.reply"):
        assert rule(key).judged_by == "sent"


def test_what_a_waiting_period_opens_is_said_in_its_own_words() -> None:
    opens = {entry.key: entry.opens for entry in all_rules() if entry.opens}
    assert opens.keys() == {entry.key for entry in all_rules() if entry.waiting}
    assert opens["pt.pay"] == "仍未缴纳的，可以每日按罚款数额的百分之三加处罚款"
    assert opens["ag.demand"] == "当事人仍未履行的，行政机关方可申请人民法院强制执行"
    # Of the three readings of the window nobody is told that it is the right one.
    assert all("仅作预警" in opens[key] for key in ("pt.sue", "pt.sue_demolish", "pt.review"))


def test_the_courts_rules_on_periods_bind_the_court_and_those_who_supervise_it() -> None:
    for entry in all_rules():
        court = entry.owner == "court" or entry.key.startswith(("sup.", "pt.sue"))
        assert (entry.period_law == "court") is court, entry.key


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("jy.objection", "由文书载明"),
        ("jy.reply_urgent", "由文书载明"),
        ("asst.term", "由聘任文件载明"),
        ("archive.keep", "逐案确定"),
        ("ex.hours", "不是期限"),
    ],
)
def test_a_rule_without_a_number_says_why(key: str, short: str) -> None:
    entry = rule(key)
    assert entry.no_number and entry.length_of(entry.versions[-1]) == entry.no_number.short == short


def test_only_rules_without_a_number_explain_it() -> None:
    for entry in all_rules():
        assert (entry.no_number is not None) is (entry.versions[-1].amount is None), entry.key
    told = rule("archive.keep").no_number
    assert told and "六十年" in told.sentence and "二十至三十年" in told.sentence
    assert rule("coop.copy").length_of(rule("coop.copy").versions[0]) == "5个工作日"


def test_nobody_is_reminded_of_a_right_that_lapses() -> None:
    silent = [entry.key for entry in all_rules() if entry.reminders and not entry.announced]
    assert silent == ["jy.objection", "ag.review_nonaccept", "ag.review_refusal", "ho.apply"]
    assert rule("coop.reply").announced == rule("coop.reply").reminders


def test_the_post_has_had_its_three_attempts_since_2015() -> None:
    (version,) = rule("post.attempts").versions
    assert version.effective_from == date(2015, 1, 1)
    assert "日期未核实到日" in rule("post.attempts").note


def test_reminders_are_a_fortnight_and_three_days_ahead_at_nine() -> None:
    reminders = rule("coop.reply").reminders
    assert [(each.days_before, each.hour) for each in reminders] == [(14, 9), (3, 9)]
    assert {each.to for each in reminders} == {("handler", "own_liaison")}


def test_every_rule_is_told_in_full() -> None:
    for entry in all_rules():
        assert entry.name and entry.starts_on and entry.starts_words and entry.met_by and entry.basis, (
            entry.key
        )
        assert entry.expiry.code and entry.expiry.words, entry.key
        assert entry.starts_on.isascii() and all(kind.isascii() for kind in entry.met_by), entry.key
        assert all(version.unit in UNITS or version.unit is None for version in entry.versions)
        assert OWNERS[entry.owner]


# versions


@pytest.mark.parametrize(
    ("key", "start", "amount", "in_force"),
    [
        ("pil.reply", "2015-12-23", 1, False),  # before the pilot: its earliest version
        ("pil.reply", "2015-12-24", 1, True),
        ("pil.reply", "2017-06-30", 1, True),
        ("pil.reply", "2017-07-01", 2, False),  # no text in force
        ("pil.reply", "2018-03-01", 2, False),
        ("pil.reply", "2018-03-02", 2, True),
        ("pt.sue", "1990-09-30", 3, False),
        ("pt.sue", "2015-04-30", 3, True),
        ("pt.sue", "2015-05-01", 6, True),
        ("coop.reply", "2021-09-14", 2, False),
        ("coop.reply", "2021-09-15", 2, True),
        ("pt.review", "2023-12-31", 60, True),
        ("ag.demand", "2011-12-31", 10, False),
        ("archive.keep", "1995-01-01", None, True),  # the day it took effect is not known
    ],
)
def test_the_version_in_force_on_the_start_day_counts(
    key: str, start: str, amount: int | None, in_force: bool
) -> None:
    version, answered = rule(key).version_on(date.fromisoformat(start))
    assert (version.amount, answered) == (amount, in_force)


def test_every_later_day_has_exactly_one_version() -> None:
    for entry in all_rules():
        day = date(1990, 1, 1)
        while day < date(2027, 1, 1):
            covering = [version for version in entry.versions if version.covers(day)]
            earliest = entry.versions[0].effective_from
            assert len(covering) == (0 if earliest and day < earliest else 1), (entry.key, day)
            if covering:
                assert entry.version_on(day)[0] is covering[0]
            day += timedelta(days=37)


def test_a_version_by_the_day_it_took_effect() -> None:
    assert rule("pt.sue").version_from(date(2015, 5, 1)).amount == 6
    with pytest.raises(InputError, match="没有自 2016-01-01 起施行的版本"):
        rule("pt.sue").version_from(date(2016, 1, 1))


# asking and reading


@pytest.mark.parametrize(
    ("key", "alike"),
    [
        ("coop.repy", "coop.reply"),
        ("ct.exec", "ct.execute"),
        ("pil.zzzzzzz", "pil.assess"),
        ("", "mingjian rules"),
        ("完全不同", "mingjian rules"),
        ('coop.reply"\nname = "整改并书面回复', "coop.reply"),
    ],
)
def test_an_unknown_rule_names_those_that_look_alike(key: str, alike: str) -> None:
    with pytest.raises(InputError, match="没有名为") as caught:
        rule(key)
    assert alike in str(caught.value)


GOOD = """
[[rule]]
key = "x.y"
name = "名称"
owner = "agency"
starts_on = { fact = "letter_served", words = "收到" }
met_by = ["reply_received"]
expiry = { code = "overdue", words = "逾期" }
basis = "某规定第一条"
stated_by = "local"
versions = [{ from = 2020-01-01, amount = 2, unit = "months" }]
"""


def test_a_rule_file_is_read() -> None:
    (entry,) = read_rules(
        GOOD + 'reminders = [{ days_before = 7, hour = 8, to = ["handler"] }]\ngrace_working_days = 0\n'
        'judged_by = "sent"\nextendable = { officer = "院长", basis = "乙", amount = 1, unit = "days" }\n',
        section="x",
    )
    assert [(each.days_before, each.hour, each.to) for each in entry.reminders] == [(7, 8, ("handler",))]
    assert entry.grace_working_days == 0 and [each.amount for each in entry.extensions] == [1]
    assert entry.section == "x" and entry.note == "" and entry.suspendable == ""
    assert (entry.opens, entry.period_law, entry.no_number) == ("", "civil", None)


def test_a_rule_file_names_the_law_of_its_periods_and_a_rule_its_own() -> None:
    own = GOOD.replace("x.y", "x.z").replace("[[rule]]", '[[rule]]\nperiod_law = "civil"')
    entries = read_rules('period_law = "court"\n' + GOOD + own, section="x")
    assert [entry.period_law for entry in entries] == ["court", "civil"]


def test_a_waiting_rule_and_one_without_a_number_are_read() -> None:
    words = 'waiting = true\nopens = "可以"\nno_number = { short = "无", sentence = "没有天数" }\n'
    (entry,) = read_rules(GOOD.replace(', amount = 2, unit = "months"', "") + words, section="x")
    assert entry.opens == "可以" and entry.no_number and entry.no_number.sentence == "没有天数"
    assert entry.length_of(entry.versions[0]) == "无"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "名称"\n', "", "x.y.name：缺少字段"),
        ('name = "名称"', 'name = "名称"\nnam = 1', "x.y.nam：不认识的字段"),
        ('owner = "agency"', 'owner = "we"', "x.y.owner：“we”不在可选之列"),
        ('stated_by = "local"', 'stated_by = "S"', "x.y.stated_by"),
        ('fact = "letter_served", ', "", "x.y.starts_on：应恰有 fact、words"),
        ('code = "overdue"', 'code = ""', "x.y.expiry"),
        ('["reply_received"]', "[]", "x.y.met_by"),
        ("amount = 2", "amount = 0", "期限“0 months”不对"),
        ("amount = 2", "amount = true", "不对"),
        ('unit = "months"', 'unit = "weeks"', "期限“2 weeks”不对"),
        (', unit = "months"', "", "amount 和 unit 要么都写"),
        ("from = 2020-01-01", 'from = "2020-01-01"', "from、to 应为日期"),
        ("from = 2020-01-01", "from = 2020-01-01, to = 2020-12-31", "最后一个版本不应有 to"),
        ("from = 2020-01-01", "since = 2020-01-01", "不认识的字段 since"),
        ("versions = [", "versions = [{ from = 2019-01-01, to = 2019-12-30 }, ", "前后版本不衔接"),
        ("versions = [", "versions = [{ from = 2020-02-01, to = 2019-12-31 }, ", "起止颠倒"),
        ("versions = [", "versions = 3 # ", "至少要有一个版本"),
        ('basis = "某', 'reminders = [{ hour = 8 }]\nbasis = "某', "x.y.reminders"),
        ('basis = "某', 'reminders = [{ days_before = 3, hour = 24 }]\nbasis = "某', "x.y.reminders"),
        ('basis = "某', 'grace_working_days = -1\nbasis = "某', "x.y.grace_working_days"),
        ('basis = "某', 'extendable = { officer = "检察长" }\nbasis = "某', "x.y.extendable"),
        (
            'basis = "某',
            'extendable = { officer = "a", basis = "b", amount = 1 }\nbasis = "某',
            "x.y.extendable",
        ),
        ('basis = "某', 'direction = "back"\nbasis = "某', "x.y.direction"),
        ('basis = "某', 'judged_by = "arrival"\nbasis = "某', "x.y.judged_by"),
        ('basis = "某', 'opens = "可以"\nbasis = "某', "x.y.opens"),
        ('basis = "某', 'waiting = true\nbasis = "某', "x.y.opens"),
        ('basis = "某', 'waiting = true\nopens = 1\nbasis = "某', "x.y.opens"),
        ('basis = "某', 'no_number = { short = "无", sentence = "没有" }\nbasis = "某', "x.y.no_number"),
        (', amount = 2, unit = "months"', "", "x.y.no_number：没有天数的规则应说明为何没有"),
        ('basis = "某', 'period_law = "criminal"\nbasis = "某', "x.y.period_law"),
        ("[[rule]]", 'period_law = "criminal"\n[[rule]]', "x.y.period_law"),
        ("[[rule]]", "[[rule]", "不是有效的 TOML"),
    ],
)
def test_a_fault_in_a_rule_file_is_told(old: str, new: str, told: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    with pytest.raises(InputError) as caught:
        read_rules(text, section="x", file="x.toml")
    assert all(problem.file == "x.toml" for problem in caught.value.problems)
    assert told in str(caught.value)


def test_a_rule_written_twice_and_all_problems_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_rules(GOOD + GOOD.replace('owner = "agency"', 'owner = "we"'), section="x")
    assert [problem.what for problem in caught.value.problems] == ["“we”不在可选之列", "规则重复"]


def test_the_rules_that_cases_run_name_the_messages_that_start_and_meet_them() -> None:
    """The table is what a lawyer reads: it may not call a message otherwise than the program does."""
    messages = {
        member.model_fields["kind"].default for union in (Fact, Decision) for member in _members(union)
    }
    messages |= {FellDue.model_fields["kind"].default, "opening"}
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(terms.__file__).parent.rglob("*.py"))
    keys = {entry.key for entry in all_rules()}
    run = sorted(
        keys
        & {
            *re.findall(r'"([a-z]+\.[a-z_]+)"', sources),
            *(key for kind in FILES.values() for key in kind.RULES),
        }
    )
    assert {"coop.reply", "coop.plan", "jy.reply", "pil.prosecute", "ct.reply", "local.look_back"} <= set(run)
    named = {key: (rule(key).starts_on, *rule(key).met_by) for key in run}
    assert {key: [kind for kind in kinds if kind not in messages] for key, kinds in named.items()} == {
        key: [] for key in run
    }


def _members(union: Any) -> tuple[Any, ...]:
    return get_args(get_args(union)[0])
