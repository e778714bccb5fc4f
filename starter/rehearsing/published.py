"""Reading published cases: a YAML file a case, with the events of its source on a dated line each.

    id: 39-anxi-rubble-soil            title: one line                    kind: urging, public_interest …
    legal_nature: 行政公益诉讼诉前程序    procuratorate, agency, court: as the source names them, or null
    events:
    - date: '2024-04-01'               a day, a month (2024-04) or a year; `date_end` ends a range
      precision: day                   day, month, year: what `date` is known to
      event: suggestion_issued         one word of English; any word is taken
      role: procuratorate              whose act it is
      actor: 安溪县检察院                who; `target`: to whom; `note`: what the source says of it

The other fields (`facts`, `outcome`, `subject`, `features` …) describe the source. An unknown field, a field twice, a missing or
contradictory date is refused, with all problems of all files at once; an unknown event word or role is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from models.calendar import LATEST_START
from models.dates import EventDate
from models.errors import InputError, Problem
from models.terms import CaseKind, Side

# A published case's own word for its kind, where it is not the house's.
KINDS = {
    "enforcement_supervision": CaseKind.ENFORCEMENT.value,
    "dispute_resolution": CaseKind.DISPUTE.value,
    "assistance": CaseKind.ASSISTANT.value,
}

_CASE_FIELDS = (
    "id",
    "title",
    "source_url",
    "source_title",
    "published",
    "kind",
    "legal_nature",
    "procuratorate",
    "agency",
    "court",
    "subject",
    "facts",
    "events",
    "undated_steps",
    "deadlines_in_source",
    "outcome",
    "features",
    "derived_by_us",
    "caveat",
)
_TEXT_FIELDS = ("legal_nature", "procuratorate", "agency", "court", "facts", "outcome")
_EVENT_FIELDS = (
    "date",
    "date_end",
    "precision",
    "event",
    "role",
    "actor",
    "target",
    "note",
    "year_from_context",
)
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_EARLIEST_YEAR = 1949
_LONGEST_NAME = 100
_LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """One line of a case's course. `number` counts from 1 in the order of the file; `row` is the line of its date.

    Texts are "" where absent.
    """

    number: int
    on: EventDate
    word: str
    side: Side
    actor: str
    target: str
    note: str
    year_from_context: bool = False
    row: int | None = None


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """One published case as its file has it. `kind` is the house's word for it, or the file's own unknown one."""

    id: str
    title: str
    kind: str
    legal_nature: str
    procuratorate: str
    agency: str
    court: str
    facts: str
    outcome: str
    place: str
    undated_steps: tuple[str, ...]
    events: tuple[PublishedEvent, ...]
    file: str = ""


def read_all(paths: Sequence[Path]) -> list[PublishedCase]:
    """Read files, and the files of folders, in the order given; InputError lists what is wrong in any of them."""
    cases, problems = read_each(paths)
    if problems:
        raise InputError(problems)
    return cases


def read_each(paths: Sequence[Path]) -> tuple[list[PublishedCase], list[Problem]]:
    """The cases that could be read, and what is wrong with the others."""
    cases: list[PublishedCase] = []
    problems: list[Problem] = []
    for path in _files(paths, problems):
        try:
            cases.append(read_published(path))
        except InputError as error:
            problems += error.problems
    seen: dict[str, str] = {}
    for case in cases:
        if case.id in seen:
            problems.append(
                Problem(f"案例 {case.id} 与 {seen[case.id]} 重复", "每个案例只给一次", "id", file=case.file)
            )
        seen[case.id] = case.file
    return cases, problems


def read_published(path: Path) -> PublishedCase:
    """Read one file. InputError names file, line and field of everything wrong in it."""
    try:
        if not path.is_file():
            # Reading a pipe or a device would wait for ever.
            what = "是文件夹，不是案例文件" if path.is_dir() else "不是普通文件（管道、设备、断开的链接等）"
            raise InputError(Problem(what, "给出案例的 YAML 文件", file=str(path)))
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError(Problem("文件过大，不像案例文件", "一个文件一个案例", file=str(path)))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = "不是 UTF-8 文本" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise InputError(Problem(f"读不了：{why}", "请核对路径和文件", file=str(path))) from None
    return parse_published(text, str(path))


def parse_published(text: str, file: str) -> PublishedCase:
    """The case that a text describes; `file` names it in errors."""
    reader = _Reader(file)
    case = reader.case(text)
    if reader.problems or case is None:
        raise InputError(reader.problems)
    return case


def _files(paths: Sequence[Path], problems: list[Problem]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except OSError as error:
            problems.append(
                Problem(f"读不了：{error.strerror}", "请核对路径", file=str(path)[:_LONGEST_NAME])
            )
            continue
        if is_folder:
            inside = [each for each in sorted(path.iterdir()) if each.suffix in (".yaml", ".yml")]
            inside = [each for each in inside if not is_expected_table(each)]
            if not inside:
                problems.append(
                    Problem("文件夹里没有案例文件（*.yaml、*.yml）", "请核对路径", file=str(path))
                )
            found += inside
        elif exists:
            found += [] if is_expected_table(path) else [path]
        else:
            problems.append(Problem("没有这个文件", "请核对路径", file=str(path)))
    problems += [
        Problem("只有期望表，没有案例", "给出案例文件或所在文件夹", file=str(path))
        for path in paths
        if not found and is_expected_table(path)
    ]
    if not found and not problems:
        problems.append(Problem("没有给出案例文件", "写作 mingjian rehearse 案例.yaml …"))
    return found


def is_expected_table(path: Path) -> bool:
    """Whether it is the table that lies beside the shipped cases, which `*.yaml` names along with them."""
    if path.name != "expected.yaml" or not path.is_file():
        return False
    try:
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return False
    return bool(re.search(r"^(?:rows|without_rows):", text, re.MULTILINE))


class _Reader:
    """Reads one file, and gathers what is wrong with it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def wrong(self, what: str, remedy: str, field: str = "", row: int | None = None) -> None:
        self.problems.append(Problem(what, remedy, field, row, self._file))

    def case(self, text: str) -> PublishedCase | None:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.composer.ComposerError as error:
            if "single document" in str(error):
                self.wrong(
                    "一个文件里有几份 YAML（以 --- 分隔）", "一个文件一个案例", row=_place(error, text)
                )
            else:
                self.wrong("YAML 语法错误", "请核对锚点与别名（& 与 *）", row=_place(error, text))
            return None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.wrong("YAML 语法错误", "请核对缩进、引号和冒号，不用特殊字符", row=_place(error, text))
            return None
        if not isinstance(root, yaml.MappingNode):
            self.wrong("不是案例文件：应为一组“字段: 值”", "写法见 docs/how-to/rehearse.md")
            return None
        fields = self._fields(root, _CASE_FIELDS, "案例")
        texts = {name: self._text(fields, name) for name in ("id", "title", "kind", *_TEXT_FIELDS)}
        for name in ("id", "title", "kind"):
            if name not in fields or (not texts[name] and fields[name].tag.endswith(":null")):
                self.wrong(f"缺少 {name}", f"填写 {name}", name, _row(fields.get(name, root)))
        if len(texts["id"]) > _LONGEST_NAME:
            self.wrong("id 过长", f"不超过 {_LONGEST_NAME} 字", "id", _row(fields["id"]))
        events = self._events(fields.get("events"), root)
        subject = self._plain(fields.get("subject"))
        steps = self._plain(fields.get("undated_steps"))
        if not isinstance(steps, list | None):
            where = _row(fields["undated_steps"])
            self.wrong("undated_steps 应为列表", "一步一行，以“- ”开头", "undated_steps", where)
        return PublishedCase(
            **{name: texts[name] for name in ("id", "title", *_TEXT_FIELDS)},
            kind=KINDS.get(texts["kind"], texts["kind"]),
            place=str(subject.get("place") or "") if isinstance(subject, dict) else "",
            undated_steps=tuple(str(step) for step in steps) if isinstance(steps, list) else (),
            events=tuple(events),
            file=self._file,
        )

    def _events(self, node: yaml.Node | None, root: yaml.Node) -> list[PublishedEvent]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.wrong("没有事件，无从演练", "events 写成列表，至少一件", "events", _row(node or root))
            return []
        read = [self._event(number, each) for number, each in enumerate(node.value, 1)]
        return [event for event in read if event is not None]

    def _event(self, number: int, node: yaml.Node) -> PublishedEvent | None:
        where = f"第 {number} 个事件"
        if not isinstance(node, yaml.MappingNode):
            self.wrong("事件应为一组“字段: 值”", "写法见 docs/how-to/rehearse.md", where, _row(node))
            return None
        before = len(self.problems)
        fields = self._fields(node, _EVENT_FIELDS, where)
        word = self._text(fields, "event", where)
        if not word:
            self.wrong("缺少 event", "写一个词，如 suggestion_issued", f"{where} event", _row(node))
        on = self._date(fields, node, where)
        actor, target = self._text(fields, "actor", where), self._text(fields, "target", where)
        role, note = self._text(fields, "role", where), self._text(fields, "note", where)
        for name, value in (("event", word), ("actor", actor), ("target", target)):
            if len(value) > _LONGEST_NAME:
                self.wrong(
                    f"{name} 过长", f"不超过 {_LONGEST_NAME} 字，其余写入 note", f"{where} {name}", _row(node)
                )
        if on is None or len(self.problems) > before:
            return None
        side = Side(role) if role in {*Side, *(each.label for each in Side)} else Side.OTHER
        guessed = "year_from_context" in fields and self._plain(fields["year_from_context"]) is True
        return PublishedEvent(number, on, word, side, actor, target, note, guessed, _row(fields["date"]))

    def _date(self, fields: dict[str, yaml.Node], node: yaml.Node, where: str) -> EventDate | None:
        begin = self._text(fields, "date", where)
        if not begin:
            self.wrong(
                "缺少 date",
                "写作 2024-04-01、2024-04 或 2024；没有日期的写入 undated_steps",
                f"{where} date",
                _row(node),
            )
            return None
        end = self._text(fields, "date_end", where)
        row = _row(fields["date"])
        for name, text in (("date", begin), ("date_end", end)):
            if "/" in text:
                self.wrong(f"“{text}”写成了区间", "区间写作 date 与 date_end", f"{where} {name}", row)
                return None
        try:
            on = EventDate.parse(begin, field=f"{where} date")
            last = EventDate.parse(end, field=f"{where} date_end") if end else on
        except InputError as error:
            self.problems += [replace(each, row=row, file=self._file) for each in error.problems]
            return None
        if last.latest < on.earliest:
            self.wrong(
                f"日期区间颠倒：{end} 早于 {begin}",
                "date_end 应不早于 date",
                f"{where} date_end",
                _row(fields["date_end"]),
            )
            return None
        on = EventDate(on.earliest, last.latest)
        if on.earliest.year < _EARLIEST_YEAR or on.latest > LATEST_START:
            self.wrong(
                f"“{on}”不在 {_EARLIEST_YEAR} 年至 {LATEST_START} 之间", "请核对年份", f"{where} date", row
            )
            return None
        known = self._text(fields, "precision", where)
        fits = _PRECISIONS[len(begin)]
        if known and known != fits and not (known == "range" and end):
            self.wrong(
                f"precision 写 {known}，而日期“{begin}”的精度是 {fits}",
                "二者改为一致（day、month、year）",
                f"{where} precision",
                _row(fields["precision"]),
            )
            return None
        return on

    def _fields(self, node: yaml.MappingNode, allowed: Sequence[str], where: str) -> dict[str, yaml.Node]:
        fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "（不是文字的字段名）"
            place = name if where == "案例" else f"{where} {name}"
            if name not in allowed:
                self.wrong(f"不认识的字段“{name}”", f"可用的有：{'、'.join(allowed)}", place, _row(key))
            elif name in fields:
                self.wrong(f"字段“{name}”写了两次", "留下一个", place, _row(key))
            else:
                fields[name] = value
        return fields

    def _text(self, fields: dict[str, yaml.Node], name: str, where: str = "") -> str:
        """The text of a field as written (a bare year or date is text too); "" when it is absent or null."""
        node = fields.get(name)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(f"{name} 应为文字", "写成一行文字", f"{where} {name}".strip(), _row(node))
            return ""
        return str(node.value).strip()

    def _plain(self, node: yaml.Node | None) -> Any:
        if node is None:
            return None
        try:
            return yaml.SafeLoader("").construct_document(node)
        except (yaml.YAMLError, ValueError, RecursionError):
            self.wrong("这一段读不懂", "请核对写法", row=_row(node))
            return None


def _place(error: Exception, text: str) -> int | None:
    """The line of a syntax error, where the parser tells it."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None


def _row(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
