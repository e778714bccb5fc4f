"""typer speaking Chinese: help pages set for wide characters, and usage errors in words that staff know."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from typer.core import TyperCommand, TyperGroup

from starter.columns import WIDTH, fold, width


class _Chinese:
    """What commands and the group of them have in common."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_page(ctx))


class ChineseCommand(_Chinese, TyperCommand):
    """A command whose help is Chinese."""


class ChineseGroup(_Chinese, TyperGroup):
    """The script itself; knows what was meant by a mistyped command."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.commands, n=2, cutoff=0.5)
            hint = f"是不是 {'、'.join(near)}？" if near else ""
            ctx.fail(f"没有“{args[0]}”这个命令。{hint}")
        return super().resolve_command(ctx, args)


class GroupThatShows(ChineseGroup):
    """A group whose command `show` is meant where none is named: `mingjian calendar 2026`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # A shell that completes is offered the commands.
        if not (ctx.resilient_parsing or args[:1] == ["--help"] or (args and args[0] in self.commands)):
            args = ["show", *args]
        return list(super().parse_args(ctx, args))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The commands, and what `show` would be told of."""
        offered = list(super().shell_complete(ctx, incomplete))
        shown = self.commands["show"].params[0]
        return offered + [each for each in shown.shell_complete(ctx, incomplete) if each.value != "--"]


def help_page(ctx: Any) -> str:
    """What `--help` prints: usage, what the command does, its arguments, options and commands."""
    command = ctx.command
    lines = [usage_line(ctx), ""]
    if command.help:
        for paragraph in command.help.strip().splitlines():
            lines += fold(paragraph.strip(), WIDTH - 2, indent="  ") if paragraph.strip() else [""]
        lines.append("")
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and not each.hidden]
    if isinstance(command, ChineseGroup):
        for title, rows in _panels(command):
            lines += [f"{title}：", *_listed(rows), ""]
    if arguments:
        lines += ["参数：", *_listed([(_shown(each), each.help or "") for each in arguments]), ""]
    rows = [(_flags(each), _explained(each)) for each in options]
    lines += ["选项：", *_listed([*rows, ("--help", "显示这份说明")])]
    return "\n".join(lines) + "\n"


def usage_line(ctx: Any) -> str:
    """用法：mingjian open [选项] KIND [文件…]"""
    pieces = [ctx.command_path, "[选项]"]
    pieces += [_shown(each) for each in ctx.command.params if each.param_type_name == "argument"]
    if isinstance(ctx.command, ChineseGroup):
        pieces.append("命令 …")
    return f"用法：{' '.join(pieces)}"


def said_of(error: Any) -> list[str]:
    """The lines that tell a usage error: what is wrong, how the command goes, where to read more."""
    lines = [f"✗ {_what(error)}"]
    if error.ctx is not None:
        lines += [usage_line(error.ctx), f"说明见：{error.ctx.command_path} --help"]
    return lines


def _what(error: Any) -> str:
    name = type(error).__name__
    option = getattr(error, "option_name", "")
    if name == "NoSuchOption":
        near = "、".join(error.possibilities or ())
        return f"没有“{option}”这个选项。" + (f"是不是 {near}？" if near else "")
    if name == "MissingParameter":
        param = error.param
        if param.param_type_name == "argument":
            return (
                f"缺少参数：{_shown(param)}（{param.help}）" if param.help else f"缺少参数：{_shown(param)}"
            )
        return f"缺少选项：{_flags(param)}（{param.help}）"
    if name == "BadOptionUsage":
        return f"选项 {option} 不带值。" if "not take" in error.message else f"选项 {option} 后面缺少值。"
    if name == "BadParameter" and error.param is not None:
        return f"{_flags(error.param) or _shown(error.param)} 的值不对。"
    if error.message.startswith("Got unexpected extra argument"):
        return f"多余的参数：{error.message.partition('(')[2].rpartition('(')[2].rstrip(')')}"
    return str(error.message) if not error.message.isascii() else "命令的写法不对。"


def _panels(group: TyperGroup) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    panels: dict[str, list[tuple[str, str]]] = {}
    # typer names groups before commands, whatever their order
    for name, command in sorted(group.commands.items(), key=lambda each: isinstance(each[1], ChineseGroup)):
        panel = str(getattr(command, "rich_help_panel", None) or "命令")
        panels.setdefault(panel, []).append((name, (command.help or "").strip().partition("\n")[0]))
    yield from panels.items()


def _shown(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    name = f"{name}…" if argument.nargs == -1 else name
    return str(name if argument.required else f"[{name}]")


def _flags(option: Any) -> str:
    if option.param_type_name != "option":
        return ""
    value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return f"{', '.join(option.opts)}{value}"


def _explained(option: Any) -> str:
    text = option.help or ""
    if option.required:
        text += "（必填）"
    elif option.multiple:
        text += "（可多次）"
    elif option.default not in (None, False, "", ()) and option.show_default:
        text += f"（默认 {option.default}）"
    return text


def _listed(rows: list[tuple[str, str]]) -> Iterator[str]:
    left = min(max((width(name) for name, _ in rows), default=0), 26) + 2
    for name, text in rows:
        lines = fold(text, WIDTH - left - 2) or [""]
        if width(name) + 2 > left:
            yield f"  {name}"
            yield from (" " * (left + 2) + line for line in lines)
            continue
        yield f"  {name}{' ' * (left - width(name))}{lines[0]}".rstrip()
        yield from (" " * (left + 2) + line for line in lines[1:])
