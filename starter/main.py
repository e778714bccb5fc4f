"""`mingjian`, the admin script: reads a command, does it, and says how it ended.

Exit codes: 0 done; 1 understood but refused; 2 not understood; 3 server or registry out of reach. Staff never
see a traceback, unless they ask for it with `MINGJIAN_LOG_LEVEL=debug`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from models.errors import MingjianError
from starter.completing import COMPLETE_VAR
from starter.ending import end
from starter.output import prepare_streams, remark, say_problems

COMMAND_ROOMS = (
    "steering",
    "papers",
    "handover",
    "applications",
    "liaisons",
    "exchanges",
    "inbox",
    "ledger",
    "registers",
    "mails",
    "asking",
    "calendars",
    "rules",
    "reports",
    "patterns",
    "running",
)
"""The rooms of the commands, in the order of the help page."""


def main() -> NoReturn:
    """The console script."""
    end(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; answers the exit code and raises nothing."""
    prepare_streams()
    try:
        code = _do(arguments)
        sys.stdout.flush()
    except MingjianError as error:
        say_problems(error)
        code = error.exit_code
    except BrokenPipeError:
        # Whoever read the answer has seen enough; what is left must not fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except KeyboardInterrupt:
        remark("已中断。")
        code = 130
    except Exception as error:  # the last resort: staff get a sentence, never a traceback
        remark(f"✗ 程序出错（{type(error).__name__}），请把所用的命令告知运维人员。")
        if os.environ.get("MINGJIAN_LOG_LEVEL", "").lower() == "debug":
            traceback.print_exc()
        else:
            remark("  技术细节：设 MINGJIAN_LOG_LEVEL=debug 再运行一次。")
        code = 1
    return code


def _do(arguments: Sequence[str]) -> int:
    if COMPLETE_VAR not in os.environ and (asked := _plain_due(arguments)) is not None:
        from starter.law import tell_due

        return tell_due(*asked)
    import typer
    from typer.exceptions import TyperException

    from starter.commands.app import app
    from starter.usage import said_of

    for room in COMMAND_ROOMS:
        import_module(f"starter.commands.{room}")
    group = typer.main.get_command(app)
    if COMPLETE_VAR in os.environ:
        return _offer(group)
    if not arguments:
        arguments = ["--help"]
    try:
        answer = group.main(args=list(arguments), prog_name="mingjian", standalone_mode=False)
    except TyperException as error:
        for line in said_of(error):
            remark(line)
        return 2
    except typer.Abort:
        return 1
    except SystemExit:  # typer's way with a closed pipe
        raise BrokenPipeError from None
    return answer if isinstance(answer, int) else 0


def _offer(group: Any) -> int:
    """Answer the shell, which asks by the environment."""
    from typer.completion import completion_init  # type: ignore[attr-defined]  # re-exported without saying so

    completion_init()
    try:
        group.main(args=[], prog_name="mingjian", complete_var=COMPLETE_VAR, standalone_mode=False)
    except SystemExit as done:
        return int(done.code or 0)
    return 1


def _plain_due(arguments: Sequence[str]) -> tuple[str, list[str], str, bool] | None:
    """`due RULE DATE… [--edition E] [--json]` (rule, dates, edition, as JSON), which a clerk asks many times a day.

    None for everything else, `due --help` and its mistakes too: typer takes more time than the whole answer.
    """
    if not arguments or arguments[0] != "due":
        return None
    words: list[str] = []
    edition, as_json = "", False
    rest = iter(arguments[1:])
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--edition":
            edition = next(rest, "")
            if not edition:
                return None
        elif word.startswith("--edition="):
            edition = word.partition("=")[2]
        elif word.startswith("-"):
            return None
        else:
            words.append(word)
    return (words[0], words[1:], edition, as_json) if len(words) > 1 else None


if __name__ == "__main__":
    main()
