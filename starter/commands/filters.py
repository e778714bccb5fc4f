"""The options that choose cases: the same for a list of them and for their export, each defined once, in `Wanted`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, get_type_hints

import typer

from models.case_marks import Asked, CaseMarks

County = Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")]
Kind = Annotated[str, typer.Option("--kind", metavar="种类", help="案件种类")]
Handler = Annotated[str, typer.Option("--handler", metavar="姓名", help="承办人")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(CaseMarks):
    """Which cases, in the words of the command line: a flag as such, the rest as it was typed, empty where it was not."""

    expired: Annotated[bool, typer.Option("--expired", help="有期限已经届满、尚未办的")] = False
    due_within: Annotated[str, typer.Option("--due-within", metavar="天数", help="几天之内有期限届满的")] = ""
    due_within_working: Annotated[
        str, typer.Option("--due-within-working", metavar="工作日", help="几个工作日之内有期限届满的")
    ] = ""
    look_back: Annotated[
        bool, typer.Option("--lookback", help="回头看到期的；与 --due-within 同用，即届时到期的")
    ] = False
    county: County = ""
    agency: Annotated[str, typer.Option("--agency", metavar="单位", help="有文书致该单位的；名称或代码")] = ""
    kind: Kind = ""
    stage: Annotated[str, typer.Option("--stage", metavar="阶段", help="所处阶段")] = ""
    handler: Handler = ""
    campaign: Annotated[str, typer.Option("--campaign", metavar="CASE", help="挂接在该专项行动的")] = ""


def choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Gives a command all of these options in the place of its parameter `wanted`."""
    hints = get_type_hints(Wanted, include_extras=True)
    options = [
        Parameter(
            each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=_option(hints[each.name])
        )
        for each in fields(Wanted)
    ]
    own = signature(command, eval_str=True)

    @wraps(command)
    def chosen(**given: Any) -> int:
        wanted = Wanted(**{each.name: given.pop(each.name) for each in options})
        return command(wanted=wanted, **given)

    others = [each for name, each in own.parameters.items() if name != "wanted"]
    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in others]
    chosen.__signature__ = own.replace(parameters=[*options, *parameters])  # type: ignore[attr-defined]  # typer reads it
    return chosen


def _option(hint: Any) -> Any:
    """The annotation that typer reads: a mark has words, but knows nothing of typer."""
    [said] = hint.__metadata__
    return Annotated[bool, typer.Option(said.option, help=said.words)] if isinstance(said, Asked) else hint
