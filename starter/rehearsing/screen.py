"""A rehearsal on the screen: the table that lives while it runs, and the report at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich import box
from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from models.dates import EventDate, day_in_china
from models.terms import CaseKind
from starter.rehearsing import words
from starter.rehearsing.mapping import Script
from starter.rehearsing.report import EventTaken, LetterDeadline, Rehearsed

_HOW = {"applied": ("生效", "green"), "noted": ("记入", "dim"), "unmatched": ("待整理", "yellow")}
_BAR = 12
_WIDTH_OF_FILES = 150


def console(*, stderr: bool = False) -> Console:
    """A console; wide enough for the tables where it is no terminal."""
    shown = Console(stderr=stderr, highlight=False)
    return shown if shown.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDTH_OF_FILES)


def kind_label(kind: str) -> str:
    """What staff call a kind of case; an unknown word as it stands."""
    return CaseKind(kind).label if kind in set(CaseKind) else kind


class Progress:
    """How far each case has come: a living table on a terminal, a line for each finished case elsewhere."""

    def __init__(self, scripts: Sequence[Script], shown: Console) -> None:
        self._scripts = scripts
        self._shown = shown
        self._done: dict[str, tuple[int, datetime]] = {}
        self._live = (
            Live(console=shown, get_renderable=self._table, refresh_per_second=4)
            if shown.is_terminal
            else None
        )

    def __enter__(self) -> Progress:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, script: Script, done: int, moment: datetime) -> None:
        """Take note of one more event played."""
        self._done[script.case.id] = done, moment
        if self._live is None and done == len(script.case.events):
            self._shown.print(f"已演练　{script.case.id}　{done} 个事件，至 {day_in_china(moment)}")

    def _table(self) -> Table:
        table = Table(box=box.SIMPLE, header_style="bold", padding=(0, 1))
        for name in ("案例", "类别", "进度", "案件时间", "刚刚发生"):
            table.add_column(name, no_wrap=True, overflow="ellipsis")
        for script in self._scripts:
            done, moment = self._done.get(script.case.id, (0, None))
            total = len(script.case.events)
            filled = _BAR * done // total
            bar = Text("━" * filled, "green" if done == total else "cyan") + Text(
                "━" * (_BAR - filled), "dim"
            )
            event = script.steps[done - 1].event if done else None
            table.add_row(
                script.case.id,
                kind_label(script.case.kind),
                bar + Text(f" {done}/{total}"),
                str(day_in_china(moment)) if moment else "",
                words.label(event.word) if event else "",
            )
        return table


def print_report(rehearsed: Sequence[Rehearsed], shown: Console) -> None:
    """Each case with how its events were taken, then all deadlines, then all cases in a line each."""
    for each in rehearsed:
        _print_case(each, shown)
    if any(each.deadlines for each in rehearsed):
        shown.print(_deadlines(rehearsed))
    shown.print(_cases(rehearsed))


def _print_case(case: Rehearsed, shown: Console) -> None:
    shown.print()
    shown.print(Text(case.title, "bold"), Text(f"　{case.case}", "dim"), sep="")
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", max_width=34)
    table.add_column(overflow="fold")
    for taken in case.events:
        name, style = _HOW[taken.how]
        table.add_row(str(taken.event.on), Text(name, style), _who(taken), _what(taken))
    shown.print(Padding(table, (0, 0, 0, 2)))
    if case.undated_steps:
        shown.print(Padding(Text(f"来源未写日期：{'；'.join(case.undated_steps)}", "dim"), (0, 0, 0, 2)))
    if case.unfinished:
        shown.print(Padding(Text(case.unfinished, "red"), (0, 0, 0, 2)))


def _who(taken: EventTaken) -> Text:
    event = taken.event
    to = f"→{event.target}" if event.target else ""
    return Text(f"{words.label(event.word)}　{event.actor}{to}")


def _what(taken: EventTaken) -> Text:
    text = (
        Text(taken.event.note, "dim")
        if taken.how == "noted"
        else Text("；".join(taken.what) or taken.event.note)
    )
    if taken.why:
        word = "未对应" if taken.how == "unmatched" else "未采"
        text += Text(f"　{word}：{'；'.join(taken.why)}", "yellow")
    return text


def _deadlines(rehearsed: Sequence[Rehearsed]) -> Table:
    table = Table(title="回复期限", box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for name in ("案例", "收件单位"):
        table.add_column(name, overflow="fold", min_width=12)
    for name in ("规则", "起算", "届满", "回复"):
        table.add_column(name, no_wrap=True)
    table.add_column("迟早", overflow="fold")
    marked = guessed = False
    for case in rehearsed:
        for each in case.deadlines:
            marked, guessed = marked or each.presumed, guessed or each.guessed
            table.add_row(
                case.case,
                each.recipient + ("†" if each.guessed else ""),
                each.rule,
                each.started_on + ("*" if each.presumed else ""),
                _due(each),
                each.met_on or "—",
                _lateness(each),
            )
    notes = ["* 来源未写送达日，以发出日代"] if marked else []
    notes += ["† 来源未写收件单位，据回复人或者案例的单位推定"] if guessed else []
    table.caption, table.caption_justify = "；".join(notes), "left"
    return table


def _due(deadline: LetterDeadline) -> str:
    due = deadline.due_on or f"{deadline.due_from}～{deadline.due_to}"
    return f"{due}（暂定）" if deadline.provisional else due


def _lateness(deadline: LetterDeadline) -> Text:
    days = deadline.days_late
    if days is None:
        return _imprecise_lateness(deadline)
    if days > 0:
        return Text(f"迟{days}天", "red")
    return Text(f"早{-days}天" if days else "届满当日", "green")


def _imprecise_lateness(deadline: LetterDeadline) -> Text:
    if not deadline.met_on:
        return Text("未见回复", "dim")
    met = EventDate.parse(deadline.met_on)
    if met.latest <= date.fromisoformat(deadline.due_on or deadline.due_from):
        return Text("未迟", "green")
    if met.earliest > date.fromisoformat(deadline.due_on or deadline.due_to):
        return Text("已迟", "red")
    return Text("日期不足以判断", "dim")


def _cases(rehearsed: Sequence[Rehearsed]) -> Table:
    table = Table(title="案件", box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("案例", overflow="fold", min_width=12)
    table.add_column("类别", overflow="fold")
    table.add_column("案件编号", no_wrap=True)
    for name in ("事件", "生效", "记入", "待整理"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("止于", overflow="fold")
    table.add_column("历史", justify="right", no_wrap=True)
    for case in rehearsed:
        table.add_row(
            case.case,
            kind_label(case.kind),
            case.workflow,
            str(len(case.events)),
            *(str(case.count(how)) for how in ("applied", "noted", "unmatched")),
            case.outcome.label if case.outcome else f"{case.stage.label}（未结）",
            str(case.history_events),
        )
    return table
