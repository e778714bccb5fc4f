"""`mingjian draft`: a paper of a case as a file to be edited in Word or WPS, and as PDF if it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from temporalio.service import RPCError

from models.case_papers import case_timeline, file_contents, flow_sheet
from models.casefile import CaseFile
from models.dates import day_in_china
from models.documents import Paper, missing
from models.errors import InputError, Problem, Refusal
from models.journal import CaseState
from models.kinds import restored
from models.orders import PaperOrder, called_for, letter_paper
from models.reckoning_notes import Editions, reckoning_note
from models.record_forms import RECORD_FORMS, record_form
from starter.office import PATIENCE, Office, answering

_SUFFIX = ".docx"


class Typesetting(Protocol):
    """Sets a paper as PDF."""

    def render(self, paper: Paper) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as the case now has it, and the name that its file gets."""

    name: str
    paper: Paper

    @property
    def gaps(self) -> list[str]:
        """What must still be filled in."""
        return missing(self.paper)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft that was written, and into which files."""

    draft: Draft
    files: tuple[Path, ...]


async def find_drafts(office: Office, case: str, reference: str, of: str = "") -> list[Draft]:
    """The papers that a reference means in a case, a form `of` one of its letters. Refusal when the case does not answer, or has
    no such paper.
    """
    case = office.case(case)
    try:
        with answering():
            state = await office.client.get_workflow_handle(case).query(
                "state", result_type=CaseState, rpc_timeout=PATIENCE
            )
    except RPCError:
        what = f"案件 {case} 不在服务器上，无从取得文书的内容"
        raise Refusal(Problem(what, "核对案件编号；已归档的，文书在案卷文件夹里", field="CASE")) from None
    return drafts(restored(state), reference, office.calendars, day_in_china(datetime.now(UTC)), of)


def drafts(case: CaseFile, reference: str, editions: Editions, today: date, of: str = "") -> list[Draft]:
    """The letters of a document (`D1`, `L1`, its 文号, its recipient), pending or issued; else the paper of that name or order;
    else one that shows the whole case as it stands today, or a form to be filled in by hand, `of` one letter.

    Refusal when there is none, naming what there is.
    """
    if of or record_form(reference, case.opening.kind):
        made = _called_for(case, reference)
        if of or made is None:
            return _forms(case, reference, of, today)
        return [made]
    letters = [letter for letter in case.letters if letter.is_meant_by(reference)]
    if letters:
        return [
            Draft(
                f"{case.opening.case}-{letter.id}-{letter.type.label}",
                _as_it_stands(
                    letter_paper(case, letter), letter.internal_no, is_pending=letter.issued_on is None
                ),
            )
            for letter in letters
        ]
    if (paper := _called_for(case, reference)) is not None:
        return [paper]
    whole = _of_the_whole_case(case, editions, today)
    if reference in whole:
        shown = _as_it_stands(whole[reference](), "", is_pending=False)
        return [Draft(f"{case.opening.case}-{reference}", shown)]
    listing = [
        *(str(letter) for letter in case.letters),
        *(each.name.removesuffix(".pdf") for each in _others(case)),
        *whole,
        *(name for name in RECORD_FORMS if record_form(name, case.opening.kind)),
    ]
    raise Refusal(Problem(f"没有文书“{reference}”", f"可选：{'；'.join(listing)}", field="DOCUMENT"))


def _of_the_whole_case(case: CaseFile, editions: Editions, today: date) -> Mapping[str, Callable[[], Paper]]:
    """The papers that show a case as it stands today, by their names."""
    return {
        "期限计算说明": partial(reckoning_note, case, editions, today),
        "案件流程表": partial(flow_sheet, case, today),
        "案件时间线": partial(case_timeline, case, today),
        "卷内目录": partial(file_contents, case, today),
    }


def _others(case: CaseFile) -> list[PaperOrder]:
    return [order.build() for order in called_for(case) if not order.order.endswith("/issued")]


def _called_for(case: CaseFile, reference: str) -> Draft | None:
    """What the case calls for besides its letters, by its name or its order."""
    for each in _others(case):
        name = each.name.removesuffix(".pdf")
        if reference in (each.order, name, each.name):
            made = case.papers.get(each.order)
            number = made.internal_no if made is not None and made.kind == "paper_made" else ""
            return Draft(f"{each.case}-{name}", _as_it_stands(each.paper, number, is_pending=False))
    return None


def _forms(case: CaseFile, reference: str, of: str, on: date) -> list[Draft]:
    """A form to be filled in by hand; of each letter that is meant, when it is about one."""
    form = record_form(reference, case.opening.kind)
    if form is None:
        names = "、".join(name for name in RECORD_FORMS if record_form(name, case.opening.kind))
        raise Refusal(Problem(f"没有空白文书“{reference}”", f"可选：{names}", field="DOCUMENT"))
    if not form.of_letter:
        if of:
            what = f"{reference}不针对某一文书"
            raise Refusal(Problem(what, "删去 --of", field="--of"))
        paper = form.build(case, None, on)
        return [Draft(f"{case.opening.case}-{reference}", _as_it_stands(paper, "", is_pending=False))]
    letters = [each for each in case.letters if not of or each.is_meant_by(of)]
    if form.of_document:
        letters = list({each.document: each for each in reversed(letters)}.values())[::-1]
    if not letters or (len(letters) > 1 and not of):
        listing = "；".join(str(letter) for letter in case.letters) or "（尚无文书）"
        what = f"没有文书“{of}”" if of else f"没有写明是哪份文书的{reference}"
        raise Refusal(Problem(what, f"用 --of 写明其一：{listing}", field="--of"))
    return [
        Draft(
            f"{case.opening.case}-{letter.id}-{reference}",
            _as_it_stands(form.build(case, letter, on), "", is_pending=False),
        )
        for letter in letters
    ]


def _as_it_stands(paper: Paper, internal_no: str, *, is_pending: bool) -> Paper:
    """Under the number it was given, and as a draft until it is issued without gaps."""
    if internal_no:
        paper = paper.model_copy(update={"internal_number": internal_no})
    return paper.model_copy(update={"draft": is_pending or bool(missing(paper))})


def write_drafts(
    found: Sequence[Draft], out: str, folder: Path, typesetter: Typesetting | None
) -> list[Written]:
    """Write each draft as .docx, and beside it as PDF when there is a typesetter; a file that is there stays.

    InputError for a name that cannot be written to, Refusal for text that cannot be set: all that before the first is written.
    """
    from activities.word import word_draft

    files = [
        (target, target.with_suffix(".pdf")) if typesetter else (target,)
        for target in _targets(found, out, folder)
    ]
    if problems := [problem for each in files for problem in _against(each)]:
        raise InputError(problems)
    contents = [
        (word_draft(each.paper), *([typesetter.render(each.paper)] if typesetter else [])) for each in found
    ]
    for names, made in zip(files, contents, strict=True):
        for name, content in zip(names, made, strict=True):
            _write(name, content)
    return [Written(draft, names) for draft, names in zip(found, files, strict=True)]


def _write(name: Path, content: bytes) -> None:
    try:
        with name.open("xb") as opened:
            opened.write(content)
    except OSError as error:
        why = f"写不了文件（{error.strerror}）"
        raise InputError(Problem(why, "核对文件夹和权限", file=str(name))) from None


def _targets(found: Sequence[Draft], out: str, folder: Path) -> Iterator[Path]:
    if not out:
        yield from (folder / f"{each.name}{_SUFFIX}" for each in found)
        return
    if len(found) > 1:
        which = "、".join(each.name for each in found)
        raise InputError(
            Problem(
                f"共有{len(found)}份文书：{which}", "写明是哪一份（L1、L2……），或不写 --out", field="--out"
            )
        )
    if Path(out).suffix.lower() != _SUFFIX:
        raise InputError(Problem(f"“{out}”不是 .docx 文件名", "写作 草稿.docx", field="--out"))
    yield folder / out


def _against(names: Sequence[Path]) -> Iterator[Problem]:
    """What is wrong with the names of the files; one that is there may bear the edits of somebody."""
    if not names[0].parent.is_dir():
        yield Problem(f"没有文件夹“{names[0].parent}”", "先建立文件夹，或换一个位置", field="--out")
        return
    for name in names:
        try:
            is_there = name.exists()
        except OSError as error:
            yield Problem(f"写不了文件（{error.strerror}）", "换一个名字", field="--out")
            continue
        if is_there:
            yield Problem("文件已经在了，不覆盖", "移走原来的文件，或用 --out 换一个名字", file=str(name))
