"""The figures of a report: of each its key, its name, what it counts in one sentence, and what its value is made of.

A figure is counted from entries: one for each case, letter, period, item or fact that stands behind it (`entries.py`). Rates and
durations have no entries of their own and name whose they are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """What the value of a figure is, out of the entries behind it."""

    COUNT = "count"
    SUM = "sum"
    MEDIAN = "median"
    WORST = "worst"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `behind` is the key of the entries that it is made of, `among` of a rate that of the whole."""

    key: str
    name: str
    definition: str
    unit: str
    section: str
    measure: Measure = Measure.COUNT
    behind: str = ""
    among: str = ""

    @property
    def entries(self) -> str:
        """The key of the entries that make the list behind it: of a rate all that it is a part of."""
        return self.among or self.behind or self.key


CASES, LETTERS, REPLIES, COPIES = "案件", "文书", "回复", "抄送（第四条）"
RIGHT, COURT, CLUES, JOINT = "整改和土地", "法院", "线索移送（第五条）", "专项行动和会议"
LOOKING_BACK, UNKNOWN = "回头看", "日期不确知"

UNDATED, DAYLESS = "undated", "dayless"
DAYS = "days"
"""The entries behind the durations; each has its days."""


@dataclass(frozen=True, slots=True)
class Family:
    """Periods of the same sort that fell due in the report's period, and how they ended: five figures, of which the last four
    make up the first.
    """

    key: str
    section: str
    what: str
    done: str
    rules: str

    @property
    def due(self) -> str:
        return f"{self.key}_due"

    @property
    def on_time(self) -> str:
        return f"{self.key}_on_time"

    @property
    def late(self) -> str:
        return f"{self.key}_late"

    @property
    def uncertain(self) -> str:
        return f"{self.key}_uncertain"

    @property
    def none(self) -> str:
        return f"{self.key}_none"

    def figures(self) -> Iterator[Figure]:
        done, section = self.done, self.section
        whole = f"期内届满的{self.what}"
        yield Figure(
            self.due,
            whole,
            f"{self.rules}在期内届满的，文书撤回的、届满以前因结案等停止计算的不计。",
            "件",
            section,
        )
        yield Figure(self.on_time, f"按期{done}", f"{whole}中，办到之日不晚于届满日的。", "件", section)
        yield Figure(self.late, f"逾期{done}", f"{whole}中，办到之日晚于届满日的。", "件", section)
        yield Figure(
            self.uncertain,
            f"是否按期不明（{done}）",
            f"{whole}中已{done}，日期不足以判断是否按期的。",
            "件",
            section,
        )
        yield Figure(self.none, f"未{done}", f"{whole}中，至统计之时未见{done}的。", "件", section)


REPLY = Family("reply", REPLIES, "回复", "回复", "告知函、检察建议的回复期限（以寄出之日论）")
COPY = Family("copy", COPIES, "申请材料抄送", "抄送", "行政机关申请强制执行之日起五个工作日的抄送期限")
COURT_STEP = Family(
    "court", COURT, "法院期限", "办理", "法院受理、裁定、执行强制执行申请的法定期限（执行中延长的以延长后论）"
)
CLUE_ANSWER = Family(
    "clue_answer", CLUES, "线索反馈", "反馈", "线索处理以后、所立案件办结以后向移送单位反馈的期限"
)
REVISIT = Family("revisit", LOOKING_BACK, "回头看安排", "回头看", "结案时定下的回头看之日")

FAMILIES = (REPLY, COPY, COURT_STEP, CLUE_ANSWER, REVISIT)

# What the registry has of a court's or a party's act is its day; what it said is told in the case.
FACTS: dict[str, tuple[str, str, str]] = {
    "application_filed": ("申请强制执行", "行政机关向法院提交强制执行申请", COURT),
    "application_accepted": ("法院受理", "法院受理强制执行申请", COURT),
    "application_not_accepted": ("法院不予受理", "法院不予受理强制执行申请", COURT),
    "ruling_made": ("法院裁定", "法院作出是否准予执行的裁定", COURT),
    "reconsideration_ruled": ("复议裁定", "上一级法院作出复议裁定", COURT),
    "execution_opened": ("执行立案", "法院对准予执行的裁定执行立案", COURT),
    "execution_stayed": ("中止执行", "法院或者行政机关中止执行", COURT),
    "execution_terminated": ("终结执行", "法院终结执行（含终结本次执行程序）", COURT),
    "penalty_fulfilled": ("履行处罚", "处罚决定的分项由当事人、法院或者行政机关履行", COURT),
    "suit_filed": ("提起公益诉讼", "检察院向法院提起公益诉讼", COURT),
    "judgment_given": ("公益诉讼判决", "法院对公益诉讼作出判决", COURT),
    "suit_ended": ("公益诉讼终结", "公益诉讼未经判决而终结", COURT),
    "clue_transferred": ("移送来的线索", "其他单位向检察院移送线索", CLUES),
    "clue_received": ("签收线索", "检察院签收移送来的线索", CLUES),
    "feedback_received": ("收到反馈", "检察院移送的线索，接收单位反馈办理情况", CLUES),
    "campaign_started": ("启动专项行动", "联合专项行动启动", JOINT),
    "campaign_reported": ("总结专项行动", "联合专项行动形成总结报告", JOINT),
    "looked_back": ("开展回头看", "结案以后到现场回头看", LOOKING_BACK),
}
"""By the kind of fact: the name of the figure, what happened, its section. The key of the figure is that of the kind."""


def _figures() -> Iterator[Figure]:
    yield Figure("opened", "新收案件", "立案之日在期内的案件，按案件种类分。", "件", CASES)
    yield Figure("closed", "办结案件", "结案之日在期内的案件，按案件种类、结果分。", "件", CASES)
    yield Figure("pending", "期末未结案件", "期末或以前立案、期末尚未结案的案件，按案件种类分。", "件", CASES)

    yield Figure(
        "letters", "制发文书", "制发之日在期内的文书，每个收件单位一份，按文书种类分。", "份", LETTERS
    )

    yield from REPLY.figures()
    yield Figure(
        "put_right",
        "整改到位",
        "期内届满的回复中，经评估采纳并整改的；按期回复不等于整改到位。",
        "件",
        REPLIES,
    )
    yield Figure(
        "reply_substance",
        "回复的实质",
        "期内届满、已经回复的，按最后一次评估分；未评估的列为待评估。",
        "件",
        REPLIES,
    )
    yield Figure(
        "hollow", "按期回复而未整改到位", "按期回复的文书中，经评估不是采纳并整改的。", "件", REPLIES
    )
    yield Figure(
        "overdue",
        "期末逾期未复案件",
        "期末或以前届满、期末尚未寄出回复的案件（统计时未见回复而仍在邮寄宽限内的、已经结案或者被取代的不计），一案计一件。",
        "件",
        REPLIES,
    )
    yield Figure("suggestions", "应回复的检察建议", "期内届满的回复中，文书为检察建议的。", "件", REPLIES)
    yield Figure(
        "adopted", "检察建议采纳", "应回复的检察建议中，经评估采纳并整改或者部分整改的。", "件", REPLIES
    )
    yield Figure(
        "adoption_rate",
        "采纳率",
        "检察建议采纳数与应回复的检察建议数之比。",
        "%",
        REPLIES,
        Measure.RATE,
        "adopted",
        "suggestions",
    )

    yield from COPY.figures()
    yield Figure("copied", "已抄送", "期内届满的申请材料抄送中，已经抄送的，不论早晚。", "件", COPIES)
    yield Figure(
        "copy_rate",
        "抄送率",
        "已抄送数与期内届满的申请材料抄送数之比。",
        "%",
        COPIES,
        Measure.RATE,
        "copied",
        COPY.due,
    )
    yield Figure(
        "timely_rate",
        "及时率",
        "按期抄送数与期内届满的申请材料抄送数之比。",
        "%",
        COPIES,
        Measure.RATE,
        COPY.on_time,
        COPY.due,
    )

    yield Figure(
        "rectified",
        "整改完毕案件",
        ("督促、非诉执行监督、公益诉讼案件，全部整改事项完成（或不再要求），且最后一次进展之日在期内的。"),
        "件",
        RIGHT,
    )
    yield Figure(
        "days_median",
        "整改用时（中位）",
        ("整改完毕案件自最早一份告知函或检察建议制发至整改完毕的日数，取中位数；两日均知到日的才计。"),
        "日",
        RIGHT,
        Measure.MEDIAN,
        DAYS,
    )
    yield Figure(
        "days_worst",
        "整改用时（最长）",
        "整改完毕案件自最早一份告知函或检察建议制发至整改完毕的日数，取最长的。",
        "日",
        RIGHT,
        Measure.WORST,
        DAYS,
    )
    yield Figure("items", "完成整改事项", "整改完毕案件中完成的整改事项，按事项种类分。", "项", RIGHT)
    yield Figure(
        "land",
        "整改土地面积",
        "完成整改事项的面积，按事项种类分；未记面积的不计。",
        "平方米",
        RIGHT,
        Measure.SUM,
    )
    yield Figure(
        "land_returned",
        "退还、收回土地",
        "种类为退还或收回土地的完成事项的面积。",
        "平方米",
        RIGHT,
        Measure.SUM,
    )
    yield Figure(
        "land_demolished", "拆除", "种类为拆除、拆除复耕的完成事项的面积。", "平方米", RIGHT, Measure.SUM
    )
    yield Figure(
        "land_recultivated",
        "复耕",
        "种类为拆除复耕的完成事项的面积，与“拆除”有重合，不相加。",
        "平方米",
        RIGHT,
        Measure.SUM,
    )

    for kind, (name, what, section) in FACTS.items():
        if section == COURT:
            yield Figure(kind, name, f"{what}之日在期内的，一次计一次。", "次", section)
    yield from COURT_STEP.figures()

    yield Figure("clue_sent", "移送出的线索", "检察院制发移送案件线索通知书之日在期内的。", "份", CLUES)
    for kind, (name, what, section) in FACTS.items():
        if section == CLUES:
            yield Figure(kind, name, f"{what}之日在期内的，一次计一次。", "次", section)
    yield Figure(
        "clue_answered", "答复移送单位", "制发线索办理情况反馈函、线索退回说明之日在期内的。", "份", CLUES
    )
    yield from CLUE_ANSWER.figures()

    yield Figure("campaigns", "期末在办专项行动", "期末或以前立项、期末尚未结案的联合专项行动。", "件", JOINT)
    for kind, (name, what, section) in FACTS.items():
        if section == JOINT:
            yield Figure(kind, name, f"{what}之日在期内的，一次计一次。", "次", section)
    yield Figure("meetings", "召开会议", "召开之日在期内的会议，按形式分。", "次", JOINT)

    for kind, (name, what, section) in FACTS.items():
        if section == LOOKING_BACK:
            yield Figure(kind, name, f"{what}之日在期内的，一次计一次。", "次", section)
    yield from REVISIT.figures()

    yield Figure(
        UNDATED,
        "跨越期间的日期",
        ("日期只知到月、年或者区间，有一部分在期内、一部分在期外的，不计入各项，列在这里。"),
        "项",
        UNKNOWN,
    )
    yield Figure(
        DAYLESS,
        "没有日期的",
        (
            "至期末已立案的案件中，登记库没有其日期的（制发日不知到日的文书、"
            "尚未整改完毕的案件中已完成的事项），不计入各项。"
        ),
        "项",
        UNKNOWN,
    )


FIGURES: dict[str, Figure] = {each.key: each for each in _figures()}
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(each.section for each in FIGURES.values()))
