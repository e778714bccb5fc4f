"""What staff wrote in a YAML file: every value as text, with the row it stands in.

Nothing is guessed from how a value looks: `0591` stays a text, and a day that does not exist stays to be
refused by whoever knows that the field is a day. A field left empty counts as not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from models.errors import InputError, Problem

LIMIT = 1_000_000
"""The largest file read, in bytes."""
_DEEPEST = 40

Where = tuple[str | int, ...]
"""The way to a value: names of fields and, in lists, places from 0."""


@dataclass(frozen=True)
class Written:
    """One document: its value (texts, lists, mappings), and in which row of which file each part stands."""

    value: Any
    file: str = ""
    rows: Mapping[Where, int] = field(default_factory=dict)

    def row(self, where: Where) -> int | None:
        """The row of a part, or of the nearest part around it; None when nothing was read from a file."""
        for length in range(len(where), -1, -1):
            if (row := self.rows.get(where[:length])) is not None:
                return row
        return None

    def problem(self, where: Where, what: str, remedy: str = "") -> Problem:
        """A problem with one part, placed by file, row and field."""
        return Problem(what, remedy, field=named(where), row=self.row(where), file=self.file)

    def part(self, where: Where) -> Written:
        """One part, on its own."""
        value = self.value
        for step in where:
            value = value[step]
        below = {way[len(where) :]: row for way, row in self.rows.items() if way[: len(where)] == where}
        return Written(value, self.file, below)


def named(where: Where) -> str:
    """`letters[1].recipients[2]`, counted from 1 as people do."""
    text = ""
    for step in where:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_file(path: Path) -> Written:
    """Read a YAML file; InputError with all that is wrong with its syntax."""
    try:
        if path.is_dir():
            raise _wrong(path, "是文件夹，不是文件", "写出文件名")
        if path.stat().st_size > LIMIT:
            raise _wrong(path, f"文件太大（超过 {LIMIT // 1_000_000} MB）", "核对是否选错文件")
        content = path.read_bytes()
    except FileNotFoundError:
        raise _wrong(path, "找不到文件", "核对路径") from None
    except OSError as error:
        raise _wrong(path, f"文件读不出来（{error.strerror}）", "核对文件的权限") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(path, "文件不是 UTF-8 编码", "在编辑器里另存为 UTF-8") from None
    return read_text(text, file=str(path))


def read_text(text: str, *, file: str = "") -> Written:
    """Read YAML text; InputError with all that is wrong with its syntax."""
    try:
        node = _compose(text, file)
        reader = _Reader(file)
        value = reader.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(_syntax(error, text.splitlines(), mark.line + 1 if mark else None, file)) from None
    except yaml.YAMLError:
        raise InputError(Problem("文件里有不能用的字符", "删去控制字符后再试", file=file)) from None
    if reader.problems:
        raise InputError(reader.problems)
    return Written(value, file, reader.rows)


class _Loader(yaml.SafeLoader):
    """Refuses what nobody writes by hand: aliases, by which a small file can fill the memory, and depths."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        row: int = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]  # of PyYAML
        if self.check_event(yaml.AliasEvent):
            raise InputError(Problem("不能用锚点和别名（& 和 *）", "把内容照样写出来", row=row))
        if self.depth == _DEEPEST:
            raise InputError(Problem("文件的层次太深", "核对缩进和括号", row=row))
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, file: str) -> yaml.Node:
    try:
        node = _Loader(text).get_single_node()
    except InputError as error:
        raise InputError(replace(each, file=file) for each in error.problems) from None
    if node is None:
        raise InputError(Problem("文件是空的", "用 --template 得到一份样例", file=file))
    return node


class _Reader:
    """Makes values of nodes, and notes where they stand."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: dict[Where, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, where: Where) -> Any:
        self.rows[where] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            parts = [each for each in node.value if not _is_empty(each)]
            return [self.value(each, (*where, place)) for place, each in enumerate(parts)]
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            row = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._wrong(where, row, "字段名应为文字", "写作“字段: 值”")
                continue
            key = str(key_node.value)
            if (*where, key) in self.rows:
                self._wrong((*where, key), row, "字段写了两次", "只留一次")
                continue
            self.rows[(*where, key)] = row
            if not _is_empty(value_node):
                found[key] = self.value(value_node, (*where, key))
                self.rows[(*where, key)] = row
        return found

    def _wrong(self, where: Where, row: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(what, remedy, field=named(where), row=row, file=self.file))


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _syntax(error: yaml.MarkedYAMLError, lines: list[str], row: int | None, file: str) -> Problem:
    said = error.problem or ""
    what, remedy = "这里的 YAML 写法读不懂", "核对缩进、引号、冒号和括号"
    for near in (row, row and row - 1):
        # YAML notices a full-width colon only in the next line.
        line = lines[near - 1] if near and near <= len(lines) else ""
        if "：" in line and ": " not in line:
            return Problem(what, "字段名后面用半角冒号加空格“: ”，不用全角“：”", row=near, file=file)
    if "\\t" in said:
        what, remedy = "缩进用了制表符（Tab）", "改用空格"
    elif "mapping values" in said:
        remedy = "值里有“: ”时，整个值加引号；并核对缩进"
    elif "document" in said:
        what, remedy = "一个文件里写了几份内容（---）", "分成几个文件"
    return Problem(what, remedy, row=row, file=file)


def _wrong(path: Path, what: str, remedy: str) -> InputError:
    return InputError(Problem(what, remedy, file=str(path)))
