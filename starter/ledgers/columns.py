"""The sheets and columns of a ledger (台账): one table, from which the template is drawn and by which a file is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.cases.urging import UrgingFile
from models.terms import (
    CaseKind,
    ClueDirection,
    ClueSource,
    ItemKind,
    LabelledEnum,
    Matter,
    Role,
    ServiceMode,
    Stance,
    Substance,
)

CASES, LETTERS, ITEMS = "案件", "文书", "事项"
NOTES, CHOICES = "说明", "选项"
NUMBER = "本院案号"
REASONS = "有误原因"
"""The column of a file that was written back; it is passed over when that is imported again."""

KINDS = (CaseKind.URGING, CaseKind.CLUE, CaseKind.PUBLIC_INTEREST)
"""The kinds of case that a ledger may hold."""

_ANSWERS = (
    Stance.ADOPTED,
    Stance.PARTLY_ADOPTED,
    Stance.NOT_ADOPTED,
    Stance.DIFFICULTIES,
    Stance.NOT_COMPETENT,
)
_SENT = tuple(each for each in UrgingFile.DOCUMENTS if each.asks_reply)
_DECIDERS = (Role.PROCURATOR, Role.PROCURATOR_ASSISTANT, Role.DEPARTMENT_HEAD, Role.DEPUTY_CHIEF_PROCURATOR,
             Role.CHIEF_PROCURATOR)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what belongs in it, the words to choose from, how wide the template draws it and how much it holds at
    most (in characters; 0: as its field says).
    """

    name: str
    note: str
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    is_date: bool = False
    width: int = 14
    most: int = 0


def _labels(terms: Iterable[LabelledEnum]) -> tuple[str, ...]:
    return tuple(each.label for each in terms)


def _date(name: str, note: str, *, is_needed: bool = False) -> Column:
    return Column(name, note, is_date=True, is_needed=is_needed, width=13)


_LETTER = (
    Column("文书种类", "发出的文书；没有发过文书的，这一列和以下各列都不填", _labels(_SENT), width=16),
    Column("收件单位", "一行一个单位，写全称；同一案件的其他文书写在“文书”表", width=24),
    Column("涉案单位", "收件单位就是涉案单位的写“是”（[建议]3）", ("是", "否"), width=10),
    Column("事由", "文书的事由", width=24),
    Column("批准人", "批准、签发文书的人；台账上没有的不填", width=10, most=60),
    Column("文号", "照原件写，如 永检行建〔2021〕3号", width=22, most=60),
    _date("制发日期", "写到日最好；只知到月、年的照写，此时不再计送达、备案的期限"),
    _date("拒收日期", "留置送达的，写拒收的日期"),
    Column("送达日期", "送达回证上的日期；查不到的可写“以制发日代”", is_date=True, width=13),
    Column("送达方式", "不填即直接送达", _labels(ServiceMode), width=14),
    _date("备案日期", "报上一级检察院备案的日期"),
    _date("回复日期", "寄出的日期：是否按期以它为准"),
    _date("收到日期", "收到回复的日期，须写到日"),
    Column("回复文号", "回复的文号", width=20, most=100),
    Column("回复态度", "回复怎么说", _labels(_ANSWERS), width=12),
    Column("回复内容", "回复的要点", width=30, most=2000),
    Column("评估结果", "查实以后的评估，与是否按期无关", _labels(Substance), width=14),
    _date("评估日期", "评估的日期"),
    _date("督促日期", "书面督促的日期"),
)

CASE_COLUMNS = (
    Column(NUMBER, "本院自编案号。写了它，重复导入也只立一次；“文书”“事项”两表凭它找到案件", width=20),
    Column("种类", "不填即行政执法督促", _labels(KINDS), width=14),
    Column("地方", "案件所在地：县、市、区的名称或行政区划码", is_needed=True, width=10),
    Column("办案检察院", "不填即所在地的检察院", width=18),
    Column("案件名称", "", is_needed=True, width=30),
    Column("事项", "监督的事项", _labels(Matter), is_needed=True, width=18),
    Column("受理理由", "事项为“其他”的必填", width=20),
    Column("线索来源", "不填即“其他”", _labels(ClueSource), width=16),
    _date("发现日期", "发现线索的日期"),
    Column("线索摘要", "", width=24),
    _date("立案日期", "", is_needed=True),
    Column("承办人", "现在的承办人", is_needed=True, width=10),
    Column("承办人身份", "不填即检察官", _labels(_DECIDERS), width=14),
    Column("联络员", "本院联络员；不填即取名册上的", width=10),
    Column("当事人", "几个人用“；”分开", width=20),
    Column("地点", "", width=18),
    Column("面积（平方米）", "只写数字", width=14),
    *_LETTER,
    Column("移送方向", "只用于线索移送", _labels(ClueDirection), width=20),
    Column("移送单位", "只用于线索移送", width=20),
    Column("接收单位", "只用于线索移送", width=20),
    Column("涉案机关", "只用于公益诉讼；几个机关用“；”分开", width=24),
    Column("公益受损情况", "只用于公益诉讼", width=24),
    _date("结案日期", "没有结案的不填"),
    Column("结案方式", "结案的真实结果；“整改到位”须有“采纳并整改”的评估或者已完成的事项", _labels(UrgingFile.OUTCOMES),
           width=18),
    Column("结案理由", "不填即写明台账所载", width=24, most=1000),
    _date("回头看日期", "看过的写看的日期，没看的写定于何日"),
    Column("整改保持", "回头看的结果", ("是", "否"), width=10),
    Column("备注", "原样记入案卷", width=24, most=1000),
)  # fmt: skip

LETTER_COLUMNS = (
    Column(NUMBER, "“案件”表里的本院案号", is_needed=True, width=20),
    *(replace(each, is_needed=each.name in ("文书种类", "收件单位")) for each in _LETTER),
)

ITEM_COLUMNS = (
    Column(NUMBER, "“案件”表里的本院案号", is_needed=True, width=20),
    Column("事项编号", "一个案件里不重复；不填即依次编为事项1、事项2", width=14, most=40),
    Column("内容", "要整改什么", is_needed=True, width=30),
    Column("类别", "不填即“其他”", _labels(ItemKind), width=12),
    Column("面积（平方米）", "只写数字", width=14),
    Column("责任单位", "由谁完成", width=22),
    _date("完成期限", "何日前完成；只写到月的，指月底"),
    Column("进展", "各步骤的日期，如 拆除 2021-07-03；清运 2021年8月", width=30),
    _date("完成日期", "全部完成的日期"),
)

SHEETS: dict[str, tuple[Column, ...]] = {CASES: CASE_COLUMNS, LETTERS: LETTER_COLUMNS, ITEMS: ITEM_COLUMNS}
LETTER_NAMES = tuple(each.name for each in _LETTER)
