"""What `due` and `rules` print. Nothing here reaches a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from models.adoptions import read_adoption
from models.dates import CHINA, day_in_china
from models.publications import Publication
from models.rules import OWNERS, STATED_BY, UNITS, Extension, Rule, RuleVersion
from starter.columns import fold, width
from starter.due import DueAnswer, due_lines
from starter.output import remark, say, say_json
from starter.site_years import edition_in_force, rules_in_force

_SOURCE_OF_LOCAL_AMOUNT = "义务出自协作意见（明检会〔2021〕5号）本身，天数属本地约定"
_SECTIONS = {
    "founding_document": "协作意见（明检会〔2021〕5号）",
    "suggestions": "检察建议",
    "public_interest": "公益诉讼",
    "non_litigation_enforcement": "行政非诉执行",
    "court_supervision": "对法院的监督",
    "cooperation_and_files": "协作与案卷",
    "local": "本地约定",
}


def tell_due(rule_key: str, dates: Sequence[str], edition: str, as_json: bool) -> int:
    """Answer each date in the order given."""
    rules = rules_in_force()
    answers = due_lines(rule_key, list(dates), edition or None, edition_in_force, rules.rule)
    if as_json:
        for answer in answers:
            say_json(answer.to_json())
        return 0
    law = rules.rule(rule_key)
    for line in fold(f"{law.key}　{law.name}（{law.basis}）　日历 {answers[0].edition}", 80):
        say(line)
    for answer in answers:
        say()
        start = f"{answer.started_on} {'倒数' if law.direction == 'before' else '起算'}"
        say(f"{start} → {_due(answer, law)}")
        for sentence in answer.explanation:
            first, *rest = fold(sentence, 74)
            say(f"  · {first}")
            for line in rest:
                say(f"    {line}")
    return 0


def _due(answer: DueAnswer, law: Rule) -> str:
    if answer.due_on:
        text = f"最迟 {answer.due_on}" if law.direction == "before" else f"{answer.due_on} 届满"
    elif answer.due_from and answer.due_to:
        text = f"{answer.due_from} 至 {answer.due_to} 之间届满（起算日不确知）"
    else:
        text = law.length_of(_now(law))
    text += "，暂定" if answer.provisional else ""
    if answer.in_force:
        return text
    return f"{text}，{'部分日期起算时' if answer.ever_in_force else '起算时'}尚无有效的文本"


def tell_rules(key: str, *, as_json: bool) -> int:
    """All rules, or one with its versions."""
    rules = rules_in_force()
    if key:
        law = rules.rule(key)
        if as_json:
            say_json(_as_json(law))
        else:
            _tell_rule(law)
        return 0
    section = ""
    for law in rules.all_rules():
        if as_json:
            say_json(_as_json(law))
            continue
        if law.section != section:
            section = law.section
            say(("\n" if section != "founding_document" else "") + f"【{_SECTIONS.get(section, section)}】")
        length = law.length_of(_now(law))
        gap = " " * max(1, 20 - width(law.key))
        first, *rest = fold(f"{length}　{law.name}", 58)
        say(f"{law.key}{gap}{first}")
        for line in rest:
            say(f"{' ' * 20}{line}")
    for adoption in rules.adoptions:
        if as_json:
            say_json(
                {
                    "adoption": adoption.number,
                    "at": adoption.at.isoformat(timespec="seconds"),
                    "by": adoption.by,
                    "reason": adoption.reason,
                    "file": adoption.file,
                }
            )
        else:
            say()
            for line in fold(adopted(adoption), 80):
                say(line)
    if not as_json:
        remark("\n详情：mingjian rules KEY；计算：mingjian due KEY 日期")
    return 0


def _tell_rule(law: Rule) -> None:
    rows = [
        ("期限", law.length_of(_now(law)) + ("（倒数）" if law.direction == "before" else "")),
        ("约束", OWNERS[law.owner]),
        ("起算", law.starts_words),
        ("届满", law.expiry.words),
        *([("届满次日", law.opens)] if law.opens else []),
        ("及时与否", "以寄出、发出之日为准" if law.judged_by == "sent" else "以完成之日为准"),
        ("依据", law.basis),
        ("来源", _SOURCE_OF_LOCAL_AMOUNT if law.amount_is_local else STATED_BY[law.stated_by]),
    ]
    rows += [
        ("延长" if not place else "再延长", _extension(each)) for place, each in enumerate(law.extensions)
    ]
    if law.suspendable:
        rows.append(("中止", law.suspendable))
    if law.excludable:
        rows.append(("扣除", law.excludable))
    if reminders := law.announced_under(_now(law)):
        days = "、".join(str(each.days_before) for each in reminders)
        dated = "" if law.no_number is None else "有到期日的，"
        rows.append(("提醒", f"{dated}届满前 {days} 日"))
    if law.no_number:
        rows.append(("天数", law.no_number.sentence))
    if law.note:
        rows.append(("说明", law.note))
    say(f"{law.key}　{law.name}")
    for name, text in rows:
        first, *rest = fold(text, 68)
        say(f"  {name}{' ' * (10 - width(name))}{first}")
        for line in rest:
            say(f"{' ' * 12}{line}")
    say("  版本")
    for version in law.versions:
        span = f"{version.effective_from or '……'} 至 {version.effective_to or '今'}"
        here = f"　本站第 {version.adopted} 次采用" if version.adopted else ""
        text = f"{span}　{law.length_of(version)}{here}" + (
            "" if version.in_force else "　其间没有有效的文本"
        )
        for line in fold("　".join(part for part in (text, version.basis, version.note) if part), 74):
            say(f"    {line}")


def adopted(publication: Publication) -> str:
    """When, by whom, why, and which rules."""
    at = publication.at.astimezone(CHINA)
    rules = "、".join(each.rule for each in read_adoption(publication.text, file=publication.file))
    return f"第 {publication.number} 次采用　{at:%Y-%m-%d %H:%M}　{publication.by}　{publication.reason}　{rules}"


def _now(law: Rule) -> RuleVersion:
    """The version in effect today; what was adopted for later stands among the versions."""
    return law.version_on(day_in_china(datetime.now(UTC)))[0]


def _extension(extension: Extension) -> str:
    amount = f"{extension.amount}{UNITS[extension.unit]}" if extension.amount and extension.unit else ""
    return f"{extension.officer}批准{amount}（{extension.basis}）"


def _as_json(law: Rule) -> dict[str, Any]:
    return {
        "rule": law.key,
        "name": law.name,
        "section": law.section,
        "owner": law.owner,
        "starts_on": law.starts_on,
        "starts_words": law.starts_words,
        "met_by": list(law.met_by),
        "judged_by": law.judged_by,
        "expiry": {"code": law.expiry.code, "words": law.expiry.words},
        "basis": law.basis,
        "stated_by": law.stated_by,
        "in_founding_document": law.in_founding_document,
        "direction": law.direction,
        "waiting": law.waiting,
        "opens": law.opens or None,
        "extensions": [asdict(each) for each in law.extensions],
        "suspendable": law.suspendable or None,
        "excludable": law.excludable or None,
        "grace_working_days": law.grace_under(_now(law)),
        "reminders": [asdict(each) for each in law.announced_under(_now(law))],
        "no_number": law.no_number and asdict(law.no_number),
        "note": law.note,
        "versions": [
            {
                "from": version.effective_from and version.effective_from.isoformat(),
                "to": version.effective_to and version.effective_to.isoformat(),
                "amount": version.amount,
                "unit": version.unit,
                "in_force": version.in_force,
                "basis": version.basis,
                "note": version.note,
                "adopted": version.adopted or None,
            }
            for version in law.versions
        ],
    }
