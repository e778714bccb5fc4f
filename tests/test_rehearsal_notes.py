"""What the words of a note are taken to say; 未, 采纳 and 紧急 stand in sentences that say the contrary too."""

from __future__ import annotations

import pytest

from models.terms import Stance
from starter.rehearsing import notes

RIGHT = """
出苗，长势良好，未再发现取土
未利用地上垃圾已全部清运，未批先建厂房已拆除
没有新的违法占地
全部整改到位，防止问题反弹
不再反弹
未见反弹
无新增违建
仍保持耕种状态
原未拆部分已拆除
此前不到位的已全部整改
虚假回复问题已纠正
未出现复耕后抛荒
遗留问题已全部解决
未经批准的建筑已拆除
"""
WRONG = """
现场勘查仍未拆，启动监督
复查仍未入库
跟进核查，仍有2亩未复耕
整改未到位
未按期整改
未发现整改行动
复耕验收未通过，退回重做
未复耕2亩其余已复耕
只拆除部分
仅完成一半
没有履行
仍在倾倒
回复不实
西侧又现垃圾堆
同地点反弹
"""


@pytest.mark.parametrize("note", RIGHT.split())
def test_a_note_that_says_things_are_right(note: str) -> None:
    assert not notes.tells_failure(note)


@pytest.mark.parametrize("note", WRONG.split())
def test_a_note_that_says_things_are_wrong(note: str) -> None:
    assert notes.tells_failure(note)
    assert not notes.tells_put_right(note)


@pytest.mark.parametrize(
    ("note", "right"),
    [
        ("整改到位，结案", True),
        ("已依法全面履职，终结案件", True),
        ("违法建筑全部拆除", True),
        ("决定结案", False),
        ("部分整改到位", False),
        ("终结对县局的审查", False),
    ],
)
def test_whether_a_closing_says_that_things_were_put_right(note: str, right: bool) -> None:
    assert notes.tells_put_right(note) is right


@pytest.mark.parametrize(
    ("item", "note", "part"),
    [
        ("payment", "只缴第一笔500万元，其后停付", True),
        ("payment", "缴纳罚款2万元，余款未缴", True),
        ("payment", "未全部缴清", True),
        ("payment", "余款全部缴清", False),
        ("payment", "缴清罚款，其余未履行", False),
        ("payment", "缴纳罚款，未腾退", False),
        ("demolition", "只拆除部分，主体未拆", True),
        ("demolition", "部分拆除", True),
        ("demolition", "自行拆除，未复耕", False),
        ("demolition", "未批先建的厂房拆除", False),
    ],
)
def test_whether_of_a_deed_only_a_part_was_done(item: str, note: str, part: bool) -> None:
    assert notes.is_part_only(item, note) is part


@pytest.mark.parametrize(
    ("note", "urgent"),
    [
        ("要求15日内整改并书面回复", True),
        ("限15日内依法全面履行职责并书面回复", True),
        ("回复期限为15日", True),
        ("请于十五天内函复", True),
        ("情况紧急，建议立即停止", True),
        ("建议采取紧急措施消除隐患，两个月内书面回复", False),
        ("采取紧急措施", False),
        ("非紧急情形", False),
        ("责令15日内拆除", False),
        ("十五个工作日内回复", False),
    ],
)
def test_whether_a_letter_is_urgent(note: str, urgent: bool) -> None:
    assert notes.is_urgent(note) is urgent


@pytest.mark.parametrize(
    ("note", "stance"),
    [
        ("经审委会讨论，未采纳", Stance.NOT_ADOPTED),
        ("不予采纳", Stance.NOT_ADOPTED),
        ("部分采纳", Stance.PARTLY_ADOPTED),
        ("予以采纳", Stance.ADOPTED),
        ("否认是责任主体", Stance.NOT_COMPETENT),
        ("不属于其职责", Stance.NOT_COMPETENT),
        ("承认问题，但没有流程、没有标准", Stance.DIFFICULTIES),
        ("拒绝整改", None),
        ("已整改", None),
    ],
)
def test_what_a_reply_says_of_the_letter(note: str, stance: Stance | None) -> None:
    assert notes.stance(note) is stance
