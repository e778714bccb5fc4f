"""Within what time, counted from what and by which law a letter wants its answer, as that is written into it.

What binds a body is cited in full, as that body must find it: the short titles of the rule table are for us.
"""

from __future__ import annotations

from models.casefile import CaseFile
from models.document_types import DocumentType
from models.letters import Letter
from models.messages import AdoptedPeriod, LocalPeriod
from models.paper_parts import Period as WrittenPeriod
from models.wire import Period

_UNITS = {"working_days": "个工作日", "days": "日", "months": "个月"}
_MECHANISM = "《关于建立协作配合机制的若干意见》第三条"
_ADVICE = "《人民检察院检察建议工作规定》第十九条"
_PUBLIC_INTEREST = "《最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释》第二十一条"
_BY_RULE = {
    "coop.reply": ("2个月", _MECHANISM),
    "ct.reply": (
        "3个月",
        "《最高人民法院、最高人民检察院关于民事执行活动法律监督若干问题的规定》（法发〔2016〕30号）第十三条",
    ),
    "ct.retrial": (
        "3个月",
        "《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》（法释〔2018〕1号）第一百二十六条",
    ),
    "pil.reply": ("2个月", _PUBLIC_INTEREST),
    "pil.reply_urgent": ("15日", _PUBLIC_INTEREST),
}


def reply_period(case: CaseFile, letter: Letter) -> WrittenPeriod:
    """The period of a letter whose answer the law sets a time for: the mechanism's own, where it departs from the law's."""
    since = from_receipt(letter.type)
    local = next((each for each in case.opening.local_periods if each.rule == letter.reply_rule), None)
    if local is not None:
        return WrittenPeriod(length=written(local), counted_from=since, basis=local.basis)
    if (adopted := _adopted(case, letter, letter.reply_rule)) is not None and not letter.reply_within:
        return WrittenPeriod(length=written(adopted), counted_from=since, basis=adopted.basis)
    length, basis = _BY_RULE.get(letter.reply_rule, ("2个月", _ADVICE))
    if letter.reply_rule not in _BY_RULE and (letter.issued_to or letter.recipient).is_bound:
        basis += f"、{_MECHANISM}"
    if letter.reply_rule == "jy.reply_urgent" and letter.reply_within:
        length = written(letter.reply_within)
    return WrittenPeriod(length=length, counted_from=since, basis=basis)


def rectification_period(case: CaseFile, letter: Letter) -> WrittenPeriod:
    """Within what time a pre-suit letter wants the body to act ([公释]21): urgency hastens its reply alone."""
    replied = reply_period(case, letter)
    if (adopted := _adopted(case, letter, "pil.rectify")) is not None:
        return replied.model_copy(update={"length": written(adopted), "basis": adopted.basis})
    return (
        replied.model_copy(update={"length": "2个月"}) if letter.reply_rule == "pil.reply_urgent" else replied
    )


def _adopted(case: CaseFile, letter: Letter, rule: str) -> AdoptedPeriod | None:
    """What the site had adopted for that rule when the letter was issued, or by now; a paper made again says the same."""
    known = [
        each
        for each in case.adopted
        if each.rule == rule and (letter.issued_on is None or each.since <= letter.issued_on)
    ]
    return known[-1] if known else None


def written(period: Period | LocalPeriod | AdoptedPeriod) -> str:
    """2个月, 15日, 5个工作日."""
    return f"{period.amount}{_UNITS[period.unit]}"


def from_receipt(document: DocumentType) -> str:
    """From when such a letter's period runs, in its own words: 收到本建议书之日起."""
    itself = next((word for word in ("建议书", "通知书", "函") if document.printed.endswith(word)), "文书")
    return f"收到本{itself}之日起"
