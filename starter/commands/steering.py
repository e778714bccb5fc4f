"""The commands that open and steer cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import InputError, Problem
from starter import completing, output
from starter.commands.app import (
    CASES,
    By,
    Case,
    CaseOrKind,
    InRole,
    Json,
    Keep,
    Papers,
    Template,
    Words,
    at_office,
    command,
    kind_and_words,
    person,
    print_template,
    settings_in_force,
    tell_taken,
)


@command(CASES, "立案：读取案件文件，全部无误才立案。\n\n同一文件或同一自编案号只立一次。", "open")
def open_(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="案件种类，如 urging（行政执法督促）",
            autocompletion=completing.kinds_of_case,
        ),
    ],
    files: Annotated[list[str] | None, typer.Argument(metavar="文件", help="案件文件（YAML）")] = None,
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter.case_files import kind_of_case, read_cases
    from starter.case_files import template as template_of

    wanted = kind_of_case(kind)
    if template:
        print(template_of(wanted), end="")
        return 0
    if not files:
        raise InputError(
            Problem("没有给出案件文件", f"样例：mingjian open {wanted.value} --template > 案件.yaml")
        )
    settings = settings_in_force()
    from activities.site_jurisdiction import site_jurisdiction

    cases = read_cases(wanted, [Path(file) for file in files], site_jurisdiction(settings))
    from starter.opening import Open, open_cases

    for told in dict.fromkeys(remark for case in cases for remark in case.remarks):
        output.remark(f"请注意：{told}")
    for opened in at_office(settings, lambda office: open_cases(office, Open(cases=cases))):
        if as_json:
            output.say_json(
                {"case": opened.case, "kind": opened.kind, "title": opened.title, "file": opened.file}
            )
        else:
            output.say(f"已立案：{opened.case}　{opened.title}")
    return 0


@command(CASES, "记录回复：收到的回复及其材料。\n\n是否按期以寄出日（--sent）为准。")
def reply(
    case: Case,
    sent: Annotated[str, typer.Option("--sent", metavar="日期", help="寄出日")],
    received: Annotated[str, typer.Option("--received", metavar="日期", help="收到日")] = "",
    letter: Annotated[
        str,
        typer.Option(
            "--letter", metavar="文书", help="回复的是哪份文书：L1、收件单位或文号；只有一份时可不写"
        ),
    ] = "",
    stance: Annotated[
        str, typer.Option("--stance", metavar="态度", help="采纳、部分采纳、不采纳、说明困难、无权处理")
    ] = "",
    summary: Annotated[str, typer.Option("--summary", metavar="摘要", help="回复的要点")] = "",
    number: Annotated[str, typer.Option("--number", metavar="文号", help="回复的文号")] = "",
    id: Annotated[str, typer.Option("--id", metavar="编号", help="自编编号，如收文号；重复的只收一次")] = "",
    paper: Papers = None,
    by: By = "",
    role: InRole = "书记员",
    keep: Keep = False,
    as_json: Json = False,
) -> int:
    given = {"on": sent, "received_on": received, "letter": letter, "stance": stance, "summary": summary}
    given |= {"official_no": number, "id": id}
    words = [f"{name}={value}" for name, value in given.items() if value]
    return record_given(case, "reply_received", words, paper, by, role, keep=keep, as_json=as_json)


@command(
    CASES,
    "记录事实：送达、回复、异议、事项进展……\n\nKIND 可写代码或中文；字段直接写，或给一个 YAML 文件（一件或一列）。",
)
def record(
    case: CaseOrKind,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="事实的种类，如 letter_served（送达）", autocompletion=completing.facts
        ),
    ] = "",
    words: Words = None,
    paper: Papers = None,
    by: By = "",
    role: InRole = "书记员",
    keep: Keep = False,
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter import kinds

    if template:
        return print_template(case, kind, kinds.FACT_NAMES, kinds.fact_kinds(), "事实")
    kind, given = kind_and_words(case, kind, words, kinds.FACT_NAMES, "事实")
    return record_given(case, kind, given, paper, by, role, keep=keep, as_json=as_json)


@command(
    CASES,
    "作出决定：审批、制发、评估、督促、提级、结案……\n\n写法与 record 相同；不合时宜的当场说明理由，不予记入。",
)
def decide(
    case: CaseOrKind,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="决定的种类，如 issue_letter（制发）", autocompletion=completing.decisions
        ),
    ] = "",
    words: Words = None,
    by: By = "",
    role: InRole = "",
    template: Template = False,
    as_json: Json = False,
) -> int:
    from starter import kinds

    if template:
        return print_template(case, kind, kinds.DECISION_NAMES, kinds.decision_kinds(), "决定")
    kind, given = kind_and_words(case, kind, words, kinds.DECISION_NAMES, "决定")
    from activities.site_jurisdiction import site_jurisdiction
    from starter.message_files import given_as, read_decisions
    from starter.office import case_id

    settings = settings_in_force()
    decisions = read_decisions(
        kind,
        given_as(given),
        by=person(by, role),
        jurisdiction=site_jurisdiction(settings),
        case=case,
    )
    case_id(case)
    from starter import steering

    taken = at_office(
        settings, lambda office: steering.decide(office, steering.Decide(case=case, decisions=decisions))
    )
    return tell_taken(case, taken, as_json=as_json)


@command(CASES, "更正事实：改正几个字段，或整个撤销。\n\n原记录保留，由它计算的期限全部重新计算。")
def correct(
    case: Case,
    fact: Annotated[str, typer.Argument(metavar="FACT", help="事实的编号，show --timeline 可以查到")],
    words: Words = None,
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为何更正")] = "",
    strike: Annotated[bool, typer.Option("--strike", help="撤销整件事实")] = False,
    paper: Papers = None,
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    from starter.message_files import given_as
    from starter.office import case_id
    from starter.papers import check_paper

    who = person(by, role)
    problems = [problem for each in paper or () for problem in check_paper(Path(each))]
    if who is None:
        problems.append(Problem("没有写明谁更正", "加 --by 姓名", field="--by"))
    if not reason:
        problems.append(Problem("没有写明为何更正", "加 --reason 理由", field="--reason"))
    if strike and words:
        problems.append(Problem("撤销与改正只能选一样", "去掉 --strike，或去掉各字段", field="--strike"))
    if problems or who is None:
        raise InputError(problems)
    changes = given_as(words) if words else given_as([])
    settings = settings_in_force()
    case_id(case)
    from starter import steering

    command = steering.Correct(
        case=case,
        fact=fact,
        by=who,
        reason=reason,
        changes=changes,
        strike=strike,
        papers=tuple(map(Path, paper or ())),
    )
    return tell_taken(
        case, [at_office(settings, lambda office: steering.correct(office, command))], as_json=as_json
    )


@command(
    CASES,
    "收件匣：写给已归档案件的材料。\n\n不写编号即列出；整理一件：转入在办案件（--into），或者存查（--aside）。",
)
def tray(
    id: Annotated[str, typer.Argument(metavar="ID", help="收件的编号；不写即列出全部")] = "",
    into: Annotated[str, typer.Option("--into", metavar="CASE", help="转入哪个案件")] = "",
    aside: Annotated[str, typer.Option("--aside", metavar="理由", help="存查，写明理由")] = "",
    by: By = "",
    role: InRole = "书记员",
    as_json: Json = False,
) -> int:
    settings = settings_in_force()
    from starter import tray as intake

    if not id:
        if into or aside:
            raise InputError(Problem("没有写明整理哪一件", "写上收件的编号；不写编号即列出", field="ID"))
        return intake.tell_waiting(settings, as_json=as_json)
    who = person(by, role)
    if who is None:
        raise InputError(Problem("没有写明谁整理", "加 --by 姓名", field="--by"))
    sorting = intake.Sort(stray=id, by=who, into=into, aside=aside)
    taken = at_office(settings, lambda office: intake.sort(office, sorting))
    return tell_taken(into or id, [taken], as_json=as_json)


def record_given(
    case: str,
    kind: str,
    words: list[str],
    papers: list[str] | None,
    by: str,
    role: str,
    *,
    keep: bool,
    as_json: bool,
) -> int:
    """Record one or more facts; what does not fit is asked about at a terminal, and kept only when that is wanted."""
    from activities.site_jurisdiction import site_jurisdiction
    from starter.message_files import given_as, read_facts
    from starter.office import case_id

    settings = settings_in_force()
    facts = read_facts(
        kind,
        given_as(words),
        by=person(by, role),
        jurisdiction=site_jurisdiction(settings),
        papers=[Path(paper) for paper in papers or ()],
        case=case,
    )
    case_id(case)
    from starter import steering

    def send(*, kept: bool) -> int:
        asked = steering.Record(case=case, facts=facts, keep=kept)
        taken = at_office(settings, lambda office: steering.record(office, asked))
        return tell_taken(case, taken, as_json=as_json)

    try:
        return send(kept=keep)
    except steering.DoesNotFit as misfit:
        output.say_problems(misfit)
        if not output.is_asked():
            output.remark("没有记入。更正后再记，或加 --keep 存入待整理。")
            return 1
        if not output.ask("与案件现状不符。仍要存入待整理吗？"):
            output.remark("没有记入。")
            return 1
        return send(kept=True)
