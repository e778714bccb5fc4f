"""The typer application, the options that commands share, and what every command does at its beginning or end.

Imports of the rooms below stand inside functions: `--help` and `due` must answer at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from models.errors import InputError, Problem
from starter import completing, output
from starter.usage import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from models.messages import Taken
    from models.settings import Settings
    from models.wire import Person
    from starter.office import Office

Answer = TypeVar("Answer")

app = typer.Typer(
    cls=ChineseGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "明鉴：检察机关与自然资源主管部门协作配合的案件管理。\n\n"
        "每个命令加 --help 看说明，加 --json 得到便于程序读取的输出。\n\n"
        "退出码：0 完成；1 看懂了但不予办理；2 没看懂（写法、文件、字段、日期）；3 服务器或登记库连不上。\n\n"
        "出错时只说一句话；环境变量 MINGJIAN_LOG_LEVEL=debug 时另附技术细节。"
    ),
)

CASES, ASKING, RUNNING = "办案", "查询", "演练与运行"

Json = Annotated[bool, typer.Option("--json", help="输出 JSON：一个对象，或每件一行")]
Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="案件编号，如 urging-350481-2026-0001", autocompletion=completing.cases
    ),
]
CaseOrKind = Annotated[
    str,
    typer.Argument(metavar="CASE", help="案件编号；用 --template 时可不写", autocompletion=completing.cases),
]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="谁记录、谁决定")]
InRole = Annotated[str, typer.Option("--role", metavar="身份", help="以什么身份，如 书记员、检察官、检察长")]
Keep = Annotated[bool, typer.Option("--keep", help="不符的也存入待整理，不再询问")]
Papers = Annotated[list[str] | None, typer.Option("--paper", metavar="文件", help="所附材料，存入案卷")]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="字段=值", help="各字段，如 on=2021-09-15；几项的，用“；”分开；或者一个 YAML 文件"
    ),
]
Template = Annotated[bool, typer.Option("--template", help="打印一份带说明的样例")]

_HOW = {"applied": "已记入", "noted": "已存查", "unmatched": "已存，待整理", "seen": "已记录过"}


def command(panel: str, text: str, name: str = "") -> Callable[[Any], Any]:
    """Registers a command under a heading of the help page; the first line of its text stands in the list."""
    return app.command(name or None, cls=ChineseCommand, rich_help_panel=panel, help=text)


def settings_in_force() -> Settings:
    """The settings; Refusal when another program has put modules of our names before ours."""
    from models.settings import load_settings
    from starter.doctor import refuse_strangers

    refuse_strangers()
    return load_settings()


def at_office(settings: Settings, work: Callable[[Office], Awaitable[Answer]]) -> Answer:
    """Reach the server and do one piece of work; Unreachable within seconds when it does not answer."""
    import asyncio

    from starter.office import open_office

    async def run() -> Answer:
        async with open_office(settings) as office:
            return await work(office)

    return asyncio.run(run())


def person(name: str, role: str) -> Person | None:
    """Who records or decides; None when nobody was named."""
    from models.terms import Role
    from models.wire import Person
    from starter.strict import choices

    if not name.strip():
        return None
    if len(name.strip()) > 60:
        raise InputError(Problem("姓名过长", "不超过 60 字", field="--by"))
    if not role:
        raise InputError(Problem("没有写明身份", "加 --role 检察官、检察长……", field="--role"))
    try:
        return Person(name=name.strip(), role=Role(role.strip()))
    except ValueError:
        raise InputError(Problem(f"不认识的身份“{role}”", f"可用：{choices(Role)}", field="--role")) from None


def print_template(
    case: str, kind: str, names: Mapping[str, str], models: Mapping[str, Any], what: str
) -> int:
    """A commented example of one kind of message; of a case that is named, with what such a case can be told."""
    from starter import kinds

    case, kind = (case, kind) if kind else ("", case)
    found = kinds.kind_named(kind, names, what, case)
    if found not in models:
        raise InputError(Problem("更正用 mingjian correct", "见 mingjian correct --help", field="KIND"))
    print(kinds.template(models[found], names[found], case), end="")
    return 0


def kind_and_words(
    case: str, kind: str, words: Sequence[str] | None, names: Mapping[str, str], what: str
) -> tuple[str, list[str]]:
    """The kind, of those that such a case takes, and what stands behind it. A file in its place means that every entry
    names its own.
    """
    from starter import kinds

    given = list(words or [])
    if not kind:
        known = kinds.names_for(case, names).values()
        raise InputError(Problem(f"没有写明是哪种{what}", f"可用：{'、'.join(known)}", field="KIND"))
    if not given and kind.lower().endswith((".yaml", ".yml")):
        return "", [kind]
    found = kinds.kind_named(kind, names, what, case)
    if found == "correct":
        raise InputError(Problem("更正用 mingjian correct", "见 mingjian correct --help", field="KIND"))
    return found, given


def tell_taken(case: str, answers: Sequence[Taken], *, as_json: bool) -> int:
    """What the case made of each message."""
    for taken in answers:
        if as_json:
            output.say_json({"case": case, **taken.model_dump(mode="json")})
            continue
        output.say(f"{_HOW[taken.how]}：{taken.what or taken.id}")
        for problem in taken.problems:
            output.say(f"  {problem}")
    return 0
