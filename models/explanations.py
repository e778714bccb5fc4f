"""Why this date: a count in Chinese sentences that staff can print into the file (期限计算说明).

The sentences follow the count step by step and are made of the same parts, so that they cannot say anything
else than it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from models.calendar import MADE_UP, WEEKEND, Calendar
from models.dates import EventDate
from models.deadlines import (
    STANDING_STILL,
    Account,
    Ledger,
    Length,
    Reckoning,
    Span,
    account_of,
    count,
    length_of,
    open_since,
    suspensions,
    versions_for,
)
from models.rules import STATED_BY, UNITS, Rule, RuleVersion

# The general rules on periods, by the day from which each text was in force; the articles kept their numbers
# in 2021.
_CIVIL_CODE = date(2021, 1, 1)
_GENERAL_PROVISIONS = date(2017, 10, 1)
_GENERAL_PRINCIPLES = date(1987, 1, 1)
# What the courts are bound by beside it; the article of 民事诉讼法 had another number before 2022.
_COURT_TEXTS = (
    (date(2022, 1, 1), "《民事诉讼法》第八十五条"),
    (date(2018, 2, 8), "法释〔2018〕1号第四十八条"),
)
_ARTICLES = {201: "第二百零一条", 202: "第二百零二条", 203: "第二百零三条"}

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_ASSUMED = "暂按周一至周五上班、1月1日、5月1日至2日、10月1日至3日休息计算"
# What a rule without a number rests on is not called a period.
_FROM = {
    "founding": "出自协作意见（明检会〔2021〕5号）本身",
    "law": "出自协作意见以外的法律、司法解释或者规定",
    "local": "出自本地约定",
}
_JUDGED = {"sent": "以发出之日为准", "done": "以完成之日为准"}


def explain(rule: Rule, ledger: Ledger, reckoning: Reckoning, calendar: Calendar) -> list[str]:
    """The sentences for what `reckon` made of that ledger under that calendar, in the order of the count."""
    account = account_of(ledger)
    on = account.on
    if account.start is None or on is None:
        return [f"尚无起算事实（{rule.starts_words}），期限未起算。"]
    first, last, _ = versions_for(rule, on, reckoning.version)
    length = length_of(account, first)
    counted = length is not None and length.fixed_on is None
    sentences = [*_start(rule, ledger, on, counted)]
    spans: list[Span] = []
    if length is None:
        why = rule.no_number.sentence if rule.no_number else "没有可以计算的期限，不计算到期日"
        sentences.append(f"{why}。")
        if rule.on_holidays and on.is_day:
            sentences.append(_holiday(rule, on.earliest, calendar))
    else:
        exact = on.is_day or length.fixed_on is not None
        alike = exact or first is last
        if alike:
            sentences += _length(rule, account, length, first)
        ends = ((on.earliest, first),) if exact else ((on.earliest, first), (on.latest, last))
        if not exact:
            sentences.append(
                f"起算日只知道是{event_in_chinese(on)}，不推定为某一日，按最早和最晚的一日分别计算。"
            )
        for day, version in ends:
            span = count(rule, account, day, version, calendar)
            each = length_of(account, version)
            if span is None or each is None:
                continue
            steps = list(_steps(rule, ledger, each, span, day, calendar))
            if not alike:
                steps = [*_length(rule, account, each, version), *steps]
            sentences += steps if exact else [f"按{in_chinese(day)}起算：{''.join(steps)}"]
            spans.append(span)
    sentences += _outcome(rule, reckoning)
    versions = (
        (first,)
        if first is last
        else rule.versions[rule.versions.index(first) : rule.versions.index(last) + 1]
    )
    is_decided = account.version == first.name
    sentences += _footing(rule, on, versions, length, account.start.basis, is_decided=is_decided)
    sentences.append(_edition(spans, calendar))
    if reckoning.provisional:
        sentences += _doubts(spans, calendar)
    return sentences


def _holiday(rule: Rule, day: date, calendar: Calendar) -> str:
    """Whether a rule that forbids holidays forbids the day, as far as its year is known."""
    name = calendar.name_of(day)
    if name not in ("", WEEKEND, MADE_UP):
        return f"{in_chinese(day)}放假（{name}），{rule.on_holidays}。"
    if calendar.doubts(day, day):
        return f"{in_chinese(day)}是否放假尚不确定：该年的放假安排未收录，应对照当年通知核对。"
    return f"{in_chinese(day)}不是法定节假日。"


def in_chinese(day: date) -> str:
    """`2021年9月15日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def event_in_chinese(on: EventDate) -> str:
    """A day, a month, a year or a range in words."""
    if on.is_day:
        return in_chinese(on.earliest)
    text = str(on)
    if "/" in text:
        return f"{in_chinese(on.earliest)}至{in_chinese(on.latest)}"
    return f"{on.earliest.year}年{on.earliest.month}月" if "-" in text else f"{on.earliest.year}年"


def _civil_code(start: date, article: int) -> str:
    if start >= _CIVIL_CODE:
        return f"《民法典》{_ARTICLES[article]}"
    if start >= _GENERAL_PROVISIONS:
        return f"《民法总则》{_ARTICLES[article]}"
    if article == 202:
        # 民法通则第一百五十四条 says nothing of the corresponding day.
        return f"比照《民法总则》{_ARTICLES[article]}"
    return f"{'' if start >= _GENERAL_PRINCIPLES else '比照'}《民法通则》第一百五十四条"


def _general_rules(rule: Rule, start: date, article: int) -> str:
    """The texts on the first and the last day of a period: civil law, and beside it what binds the courts."""
    civil = _civil_code(start, article)
    if rule.period_law == "civil":
        return civil
    return "、".join((civil, *(text for since, text in _COURT_TEXTS if start >= since)))


def _start(rule: Rule, ledger: Ledger, on: EventDate, counted: bool) -> Iterator[str]:
    if not counted:
        yield f"{event_in_chinese(on)}{rule.starts_words}。"
    elif rule.direction == "before":
        yield f"{event_in_chinese(on)}{rule.starts_words}，期限自该日向前计算，该日不计入。"
    elif on.is_day:
        yield (
            f"{in_chinese(on.earliest)}{rule.starts_words}，开始的当日不计入，"
            f"自{in_chinese(on.earliest + _DAY)}起计算（{_general_rules(rule, on.earliest, 201)}）。"
        )
    else:
        bases = dict.fromkeys(_general_rules(rule, day, 201) for day in (on.earliest, on.latest))
        yield f"{event_in_chinese(on)}{rule.starts_words}，开始的当日不计入（{'；'.join(bases)}）。"
    recorded: EventDate | None = None
    for entry in ledger:
        if entry.kind == "corrected" and recorded is not None and recorded != entry.on:
            was, now = event_in_chinese(recorded), event_in_chinese(entry.on)
            again = "，期限重新计算" if counted else ""
            yield f"起算日原记为{was}，更正为{now}{again}。"
        if entry.kind in ("started", "corrected"):
            recorded = entry.on


def _length(rule: Rule, account: Account, length: Length, version: RuleVersion) -> Iterator[str]:
    start = account.start
    if length.fixed_on is not None:
        yield f"文书载明的最后一日为{in_chinese(length.fixed_on)}。"
    elif start is not None and start.amount and start.unit:
        length_set = f"期限为{start.amount}{UNITS[start.unit]}"
        yield f"{length_set}（{start.basis}）。" if start.basis else f"文书载明的{length_set}。"
    elif version.amount and version.unit:
        amount = rule.length_of(version)
        yield f"本地约定按{amount}掌握。" if rule.amount_is_local else f"期限为{amount}（{version.basis}）。"
    if account.extensions:
        for granted, extension in enumerate(account.extensions):
            law = rule.extension_after(granted)
            officer = extension.officer or (law.officer if law else "有权机关")
            basis = f"（{law.basis}）" if law else ""
            yield f"经{officer}批准延长{extension.amount}{UNITS[extension.unit]}{basis}。"
        yield f"延长的期限与原期限合并为{_in_all(length)}，自起算日一并计算，不从原到期日续算。"


def _in_all(length: Length) -> str:
    amounts = {"months": length.months, "days": length.days, "working_days": length.working_days}
    parts = [f"{amount}{UNITS[unit]}" for unit, amount in amounts.items() if amount]
    if length.fixed_on is not None:
        parts.insert(0, f"至{in_chinese(length.fixed_on)}")
    return "又".join(parts)


def _steps(
    rule: Rule, ledger: Ledger, length: Length, span: Span, day: date, calendar: Calendar
) -> Iterator[str]:
    """From one start day to the last day."""
    if span is STANDING_STILL:
        since = open_since(account_of(ledger)) or day
        yield f"期限自{in_chinese(since)}中止，尚未恢复，暂无到期日。"
        return
    if length.by_working_days and span.pauses:
        yield from _pauses(ledger, length, span, calendar)
        yield from _plain_end(rule, length, day, span.unrolled)
    else:
        yield from _plain_end(rule, length, day, span.plain)
    if length.working_days:
        first, last = min(day + _DAY, span.due), max(day - _DAY, span.due)
        yield from _days_between(first, last, calendar, span.pauses)
    if span.pauses and not length.by_working_days:
        yield from _pauses(ledger, length, span, calendar)
        still = sum((last - first).days for first, last in span.pauses)
        if span.unrolled > span.plain + timedelta(still):
            yield f"顺延期间又不计入的，至不计入的最后一日{in_chinese(span.unrolled)}为止不届满。"
        else:
            yield f"扣除后的届满日为{in_chinese(span.unrolled)}。"
    for first in _too_late(ledger, span):
        yield f"{in_chinese(first)}以后不计入的期间在期满以后，不影响期限。"
    yield from _roll(rule, day, span.unrolled, span.due, calendar)
    if rule.direction == "before":
        yield f"最迟应于{in_chinese(span.due)}24时（北京时间）以前完成。"
    else:
        yield f"期限于{in_chinese(span.due)}24时（北京时间）届满。"
    if rule.waiting:
        yield f"自{in_chinese(span.due + _DAY)}起，{rule.opens}。"


def _pauses(ledger: Ledger, length: Length, span: Span, calendar: Calendar) -> Iterator[str]:
    """The days that do not count, and why."""
    for first, last in span.pauses:
        added = (
            f"{calendar.working_days_between(first, last)}个工作日"
            if length.by_working_days
            else f"{(last - first).days}日"
        )
        reasons = "、".join(_reasons(ledger, first, last))
        yield f"{in_chinese(first)}的次日起至{in_chinese(last)}止不计入期限（{reasons}），共{added}。"


def _stops(ledger: Ledger) -> list[tuple[date, date]]:
    return suspensions(entry for entry in ledger if entry.kind == "suspended" or entry.kind == "resumed")


def _reasons(ledger: Ledger, first: date, last: date) -> Iterator[str]:
    """Why the days after `first` up to `last` do not count: every range that covers some of them."""
    named = [
        entry for entry in ledger if entry.kind == "excluded" and entry.first < last and entry.last > first
    ]
    yield from dict.fromkeys(entry.why or "扣除期间" for entry in named)
    if any(since < last and until > first for since, until in _stops(ledger)):
        yield "中止"


def _too_late(ledger: Ledger, span: Span) -> list[date]:
    """Where a range begins that lies behind the end, and so moved nothing."""
    excluded = [(entry.first, entry.last) for entry in ledger if entry.kind == "excluded"]
    return sorted(
        first
        for first, last in dict.fromkeys((*excluded, *_stops(ledger)))
        if first > span.due and last > first
    )


def _plain_end(rule: Rule, length: Length, day: date, end: date) -> Iterator[str]:
    if length.months and not (length.days or length.working_days or length.fixed_on):
        if end.day == day.day:
            yield f"按月计算，到期月的对应日为{in_chinese(end)}（{_civil_code(day, 202)}）。"
        else:
            yield (
                f"按月计算，{end.year}年{end.month}月没有{day.day}日，"
                f"以月末日{in_chinese(end)}为届满日（{_civil_code(day, 202)}）。"
            )
    elif length.days and not (length.months or length.working_days or length.fixed_on):
        way = "向前" if rule.direction == "before" else ""
        yield f"按日历日{way}计算，第{length.days}日为{in_chinese(end)}。"
    elif length.working_days and not (length.months or length.days or length.fixed_on):
        yield (
            f"按工作日计算（休息日不计，调休上班日计入），"
            f"第{length.working_days}个工作日为{in_chinese(end)}。"
        )
    elif end != length.fixed_on:
        units = (("月", length.months), ("日", length.days), ("工作日", length.working_days))
        counted = "、".join(unit for unit, amount in units if amount)
        yield f"依次按{counted}计算，届满日为{in_chinese(end)}。"


def _days_between(
    first: date, last: date, calendar: Calendar, left_out: Sequence[tuple[date, date]] = ()
) -> Iterator[str]:
    """The holidays passed over and the made-up days counted, but for those in ranges told of already."""
    worked, passed = [], []
    for begin, end, name in _runs(first, last, calendar, left_out):
        if name == MADE_UP:
            worked.append(f"{_run(begin, end)}调休上班")
        elif name:
            passed.append(_named((begin, end, name)))
    if passed:
        yield f"其间不计：{'、'.join(passed)}。"
    if worked:
        yield f"其间计入：{'、'.join(worked)}。"


def _roll(rule: Rule, day: date, end: date, due: date, calendar: Calendar) -> Iterator[str]:
    name = calendar.name_of(end)
    if due > end:
        rest = "、".join(map(_named, _runs(end, due - _DAY, calendar)))
        yield (
            f"{in_chinese(end)}不是工作日（{rest}），"
            f"顺延至其后第一个工作日{in_chinese(due)}（{_general_rules(rule, day, 203)}）。"
        )
    elif due < end:
        rest = "、".join(map(_named, _runs(due + _DAY, end, calendar)))
        yield f"{in_chinese(end)}不是工作日（{rest}），向前提至{in_chinese(due)}。"
    elif name == MADE_UP:
        yield f"{in_chinese(end)}（星期{_WEEKDAYS[end.weekday()]}）调休上班，是工作日，不顺延。"
    elif name:
        yield f"{in_chinese(end)}为{name}，但系文书载明的日期，不顺延。"


def _runs(
    first: date, last: date, calendar: Calendar, left_out: Sequence[tuple[date, date]] = ()
) -> list[tuple[date, date, str]]:
    """Neighbouring days of one name, plain working days left out."""
    runs: list[tuple[date, date, str]] = []
    day = first
    while day <= last:
        name = calendar.name_of(day)
        if name and not any(since < day <= until for since, until in left_out):
            if runs and runs[-1][2] == name and runs[-1][1] == day - _DAY:
                runs[-1] = (runs[-1][0], day, name)
            else:
                runs.append((day, day, name))
        day += _DAY
    return runs


def _named(run: tuple[date, date, str]) -> str:
    """`9月22日星期日`, `10月5日至6日周末`, `10月1日至7日国庆节`."""
    first, last, name = run
    if name == WEEKEND and first == last:
        name = f"星期{_WEEKDAYS[first.weekday()]}"
    return f"{_run(first, last)}{name}"


def _run(first: date, last: date) -> str:
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.month == last.month:
        return f"{first.month}月{first.day}日至{last.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def _outcome(rule: Rule, reckoning: Reckoning) -> Iterator[str]:
    met_on = reckoning.met_on
    if met_on is None:
        if reckoning.state == "expired":
            yield "期满未见完成。"
        return
    done = f"{event_in_chinese(met_on)}完成（{_JUDGED[rule.judged_by]}）"
    if reckoning.days_late is None:
        unknown = "，是否逾期无法确定到日" if reckoning.last_day else ""
        verdict = {True: "，已逾期", False: "，未逾期", None: unknown}[reckoning.late]
        yield f"{done}{verdict}。"
    elif reckoning.days_late > 0:
        yield f"{done}，逾期{reckoning.days_late}日。"
    elif reckoning.days_late < 0:
        yield f"{done}，提前{-reckoning.days_late}日。"
    else:
        yield f"{done}，恰在最后一日，没有逾期。"


def _footing(
    rule: Rule,
    on: EventDate,
    versions: Sequence[RuleVersion],
    length: Length | None,
    local_basis: str,
    *,
    is_decided: bool,
) -> Iterator[str]:
    """The texts it rests on, and whether they were in force on the day, or the days, it may have started, or it was decided to
    count by them.
    """
    if local_basis:
        yield f"依据：{local_basis}；属{STATED_BY['local']}。"
        return
    first, *later = versions
    since = first.effective_from
    if length is None or not first.in_force or (since is not None and on.latest < since):
        yield f"依据：{first.basis}；{_FROM[rule.stated_by]}。"
    elif rule.amount_is_local:
        yield f"依据：{first.basis}；{_FROM[rule.stated_by]}，天数属本地约定。"
    else:
        yield f"依据：{first.basis}；属{STATED_BY[rule.stated_by]}。"
    if first.note:
        yield f"{first.note}。"
    for version in later:
        begun = version.effective_from
        yield f"在{in_chinese(begun) if begun else ''}及以后起算的，依据：{version.basis}。"
        if version.note:
            yield f"{version.note}。"
    if rule.note:
        yield f"说明：{rule.note}。"
    if not first.in_force:
        yield "本结果系比照计算，仅供参考。"
    if is_decided and since is not None and on.earliest < since:
        yield f"该依据{in_chinese(since)}起施行；本期限经决定改按该依据计算。"
    elif first.in_force and since is not None and on.earliest < since:
        result = "系比照计算，仅供参考" if length is not None and length.fixed_on is None else "仅供参考"
        if on.latest < since:
            yield f"起算时该依据尚未施行（{in_chinese(since)}起施行），本结果{result}。"
        else:
            yield (
                f"该依据{in_chinese(since)}起施行：起算日在该日以前的，当时尚未施行，{result}；"
                "在该日及以后的，依据已经施行。"
            )


def _edition(spans: Iterable[Span], calendar: Calendar) -> str:
    """The calendar, with the notices of the years whose days decided the count."""
    years = {
        year
        for span in spans
        if span.consulted is not None
        for year in range(span.consulted[0].year, span.consulted[1].year + 1)
    }
    notices = "、".join(
        f"{year}年依{notice}" for year in sorted(years) if (notice := calendar.notice_of(year))
    )
    return f"日历版本：{calendar.name}（{notices}）。" if notices else f"日历版本：{calendar.name}。"


def _doubts(spans: Iterable[Span], calendar: Calendar) -> Iterator[str]:
    """What is not yet published, or not kept, and so makes the date provisional."""
    touched = [span.consulted for span in spans if span.consulted is not None]
    last = max(last for _, last in touched)
    for year in sorted({year for first, last in touched for year in calendar.doubts(first, last)}):
        if year > last.year:
            yield (
                f"本日期为暂定：{year}年的放假通知尚未公布，"
                f"可能调整{year - 1}年12月25日至31日的上班安排，公布后重新计算。"
            )
        elif any(year < file.year for file in calendar.years):
            yield f"本日期为暂定：日历未收录{year}年的放假安排，{_ASSUMED}，应对照当年通知核对。"
        else:
            yield f"本日期为暂定：{year}年的放假安排尚未公布，{_ASSUMED}，公布后重新计算。"
