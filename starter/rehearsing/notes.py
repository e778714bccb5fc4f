"""What the words of a note say: whether things are right, done in part, urgent; what a reply says of the letter.

Read by whole phrases: 未 stands in 未批先建 and 未再发现取土 as well as in 未拆, and 采纳 in 未采纳.
"""

from __future__ import annotations

import re
from datetime import date

from models.terms import ServiceMode, Stance
from models.wire import Promise
from starter.rehearsing.published import PublishedEvent

# What is to be done, and how it may be said that it was not.
_DEED = (
    "整改|改正|纠正|拆|复耕|复垦|复绿|恢复|修复|治理|清运|清理|清除|清退|回填|覆土|补植|补种|种植|成活|腾退|退还|退缴|退出|收回|"
    "缴|付清|追回|入库|到位|完成|履行|履职|落实|通过|达标|合格|销号|验收|执行|移交|处置|处理|查处|处罚|解决|消除|动工|启动|采取|"
    "反馈|回复"
)
_ADVERBS = "(?:能|曾|予|得到|按期|按时|按要求|如期|全面|完全|全部|彻底|依法|及时|实际|真正|有效|充分|主动|再|见|继续){0,3}"
_FAILED = re.compile(
    rf"(?:未|没有?){_ADVERBS}(?:{_DEED})|(?:尚|仍|均|一直|始终|至今)未|仍(?:旧|然)?(?:有|存|没|是|处于|被|在)|"
    r"(?:未|没有?)(?:发现|见|看到)[^，；。]{0,4}(?:整改|成效|好转|改善|行动|动静)|不(?:实|到位|合格|达标|彻底|符)|虚假|造假|零治理|又现|反弹|复发|回潮|死灰复燃|抛荒|撂荒|打回|退回|"
    r"(?:只|仅)[^，；。]{0,4}部分|(?:只|仅)(?:拆|缴|清|覆|完成|恢复|复耕)|(?:再次|继续)(?:倾倒|占|破坏|违|排|取土)"
)
# What sounds alike and says the contrary: nothing found, something kept from happening, a fault that was mended.
_INNOCENT = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:未|没有?|无)(?:再次?|再度)?(?:发现|出现|发生|见|新增|产生)(?![^，；。]{0,4}(?:整改|成效|好转|改善|行动|动静))[^，；。]*",
        r"(?:没有|无)(?:任何)?(?:新的?|反弹|复发|问题|异常|遗留)[^，；。]*",
        r"(?:防止|避免|杜绝|严防|防范|预防)[^，；。]*",
        r"(?:不|未|没有?)再[^，；。]{0,4}(?:反弹|复发|回潮|出现|发生|发现|存在|倾倒|占|取土|盗|采|排|违|抛荒|撂荒)[^，；。]*",
        r"仍(?:旧|然)?(?:保持|在(?:耕|种)|种|耕)[^，；。]*",
        r"(?:未|不|虚假)(?:(?!其余|其他)[^，；。])*?已(?:经|全部|全面|依法|予以)*(?:整改|纠正|改正|拆|清|补|复耕|复垦|恢复|修复|解决|消除|完成|到位)[^，；。]*",
    )
)
_RIGHT = re.compile(
    r"整改(?:到位|完毕|完成|落实|合格)|(?:已|均|全部|全面|彻底)(?:[^，；。部分]{0,6})(?:整改|拆除|清运|复耕|复垦|恢复|修复|履职|履行职责|缴清|追回)|"
    r"恢复(?:原状|耕种|耕地)|依法(?:全面)?(?:履职|履行)|验收(?:合格|通过)"
)
_FALSE = re.compile(r"不实|虚假|造假|零治理")
_PARTLY = re.compile(r"部分")

# Of each item the words that say its deed.
_DEEDS_OF = {
    "demolition": "拆",
    "payment": "缴|付|追回|入库|退回",
    "confiscation": "没收|移交|接收",
    "land": "退|收回|腾|移交",
    "legalisation": "办|登记|批准",
    "restoration": "恢复|复耕|复垦|复绿|修复|治理|清|覆|回填|种|成活",
    "putting_right": _DEED,
}
_WHOLE = re.compile(r"(?:缴|付|结|还)清|全部|全额|足额")
_STOPPED = re.compile(r"停付|停缴|停工|停止缴|(?:首|第一)(?:笔|期)|余款[^，；。]{0,4}(?:未|欠)|尚欠")

_FIFTEEN = r"(?:15|十五)个?[日天]"
_ANSWER = "(?:回复|函复|复函|答复|反馈)"
_URGENT = re.compile(
    rf"{_FIFTEEN}[^；。]{{0,24}}?{_ANSWER}|{_ANSWER}的?期限?[^，；。]{{0,3}}{_FIFTEEN}|"
    r"(?:情况|情形|事态)紧急|紧急(?:情况|情形|状况|检察建议)|损害(?:正在)?继续扩大"
)
_NOT_URGENT = re.compile(
    r"(?:非|不|无)(?:属于?|是|具有|存在)?(?:情况|情形)?紧急|(?:两|二|2)个月|六十日|60[日天]"
)

_STANCES = (
    (re.compile(r"(?:不予?|未予?|没有|拒绝)采纳"), Stance.NOT_ADOPTED),
    (re.compile(r"部分采纳"), Stance.PARTLY_ADOPTED),
    (re.compile(r"采纳"), Stance.ADOPTED),
    (
        re.compile(
            r"无权|没有[^，；。]{0,6}权|(?:不是|并非|否认)[^，；。]{0,8}主体|不属[^，；。]{0,6}(?:职责|职权|管辖|范围)|"
            r"(?:无|没有)[^，；。]{0,6}(?:职责|职权)"
        ),
        Stance.NOT_COMPETENT,
    ),
    (
        re.compile(r"困难|联系不上|客观原因|历史原因|没有(?:相应|相关|明确)?的?(?:流程|标准|依据|经费)"),
        Stance.DIFFICULTIES,
    ),
)
_PROMISE = re.compile(r"承诺[^，；。\d]{0,12}(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日前([^，；。]{0,40})")

_MODES = (
    (re.compile(r"公开宣告|公开送达|宣告送达"), ServiceMode.PUBLIC),
    (re.compile(r"留置"), ServiceMode.LEFT),
    (re.compile(r"邮寄|邮政|快递"), ServiceMode.POST),
    (re.compile(r"电子"), ServiceMode.ELECTRONIC),
)
_HANDED_OVER = re.compile(r"公开宣告|公开送达|宣告送达|(?:当场|当面|当日|直接|留置|并)送达")
_INQUIRY = re.compile(r"立案|启动监督|依职权监督")


def tells_failure(note: str) -> bool:
    """Whether things are said not to be, or no longer to be, right."""
    return bool(_FAILED.search(_without_innocent(note)))


def tells_put_right(note: str) -> bool:
    """Whether things are said to be right, and not in part only."""
    return bool(_RIGHT.search(note)) and not _PARTLY.search(note) and not tells_failure(note)


def tells_falsehood(note: str) -> bool:
    """Whether a reply is said to be false."""
    return bool(_FALSE.search(note))


def tells_part(note: str) -> bool:
    """Whether only a part is said to be done."""
    return bool(_PARTLY.search(note))


def is_part_only(item: str, note: str) -> bool:
    """Whether of the deed that an item asks for only a part was done, or nothing: 只缴第一笔, 只拆除部分, 余款未缴.

    What else stays undone is another item's matter: 缴清罚款，其余未履行 leaves nothing of the payment.
    """
    told, deed = _without_innocent(note), _DEEDS_OF[item]
    if re.search(rf"(?:未|没有?){_ADVERBS}(?:{deed})", told) or _STOPPED.search(told):
        return True
    if _WHOLE.search(told):
        return False
    return bool(
        re.search(
            rf"(?:只|仅)[^，；。]{{0,4}}(?:{deed})|(?:{deed})[^，；。]{{0,4}}(?:部分|一半)|部分[^，；。]{{0,4}}(?:{deed})",
            told,
        )
    )


def is_urgent(note: str) -> bool:
    """Whether a letter asks for its answer in the fifteen days of urgent cases ([公释]21); 紧急措施 says nothing of it."""
    return bool(_URGENT.search(note)) and not _NOT_URGENT.search(note)


def opens_inquiry(note: str) -> bool:
    """Whether supervision is said to begin."""
    return bool(_INQUIRY.search(note))


def is_served_at_once(note: str) -> bool:
    """Whether a letter was handed over as it was issued (公开宣告送达)."""
    return bool(_HANDED_OVER.search(note))


def service_mode(note: str) -> ServiceMode:
    """How a letter was served; directly, where nothing is said."""
    return next((mode for pattern, mode in _MODES if pattern.search(note)), ServiceMode.DIRECT)


def stance(note: str) -> Stance | None:
    """What a reply says of the letter; None where the source does not tell."""
    return next((stance for pattern, stance in _STANCES if pattern.search(note)), None)


def promises(event: PublishedEvent) -> tuple[Promise, ...]:
    """What a reply undertakes to do by a day; a day without a year is the next one."""
    match = _PROMISE.search(event.note)
    if match is None:
        return ()
    try:
        by = date(int(match[1] or event.on.latest.year), int(match[2]), int(match[3]))
    except ValueError:
        return ()
    if by < event.on.latest and not match[1]:
        by = _next_year(by)
    return (Promise(what=match[4].strip() or "履行承诺", by=by),)


def _without_innocent(note: str) -> str:
    for pattern in _INNOCENT:
        note = pattern.sub("", note)
    return note


def _next_year(day: date) -> date:
    """The same day a year later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
