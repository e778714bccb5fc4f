"""Two papers that fit any kind of case: a letter and an internal form, plain, named by whoever writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from models.paper_parts import (
    Advice,
    Frozen,
    LetterFields,
    Line,
    PaperFields,
    Period,
    Required,
    Text,
    is_empty,
)
from models.required_fields import required_of

Series = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""The identifier of a document type, by which such papers are numbered: `file_request`."""

_DOCUMENTS = ("通知", "通报", "报告", "方案", "决定", "意见", "请示", "批复", "答复")
"""What a 公文 is that is set in the document form of GB/T 9704; a 函 and what else is written to one body in the letter form."""
_UPWARD = ("报告", "请示")
_SPOKEN_OF = ("函", "说明", *_DOCUMENTS)
"""What a paper is that says in its heading what it is about (关于…的函, [公文]9(七)); others bear it in brackets."""


def _heading(name: str, subject: str) -> str:
    if not (name and subject):
        return name
    return f"关于{subject}的{name}" if name.endswith(_SPOKEN_OF) else f"{name}（{subject}）"


class GeneralLetter(LetterFields):
    """Any 函, 通知书, 决定书, 通报 or 报告 that has no form of its own."""

    NAME = "公函"
    REQUIRED = (
        *(required for required in LetterFields.REQUIRED if required.field != "contact"),
        Required("name", "文书名称"),
    )

    type: Literal["general_letter"] = "general_letter"
    series: Series = "general_letter"
    name: Line = ""
    """As it is printed: 调阅卷宗函, 立案决定书, 情况通报.

    What ends in 书 is a 检察法律文书, in black. All else is in red: a 通报, 通知 or 报告 and whatever is issued jointly and is no
    函 in the document form, the rest in the letter form.
    """
    subject: Text = ""
    body: Text = ""
    points: tuple[Advice, ...] = ()
    """What is asked or told, numbered; the body may lead up to it with a colon."""
    basis: tuple[Line, ...] = ()
    evidence: tuple[Line, ...] = ()
    reply: Period | None = None
    reply_by: date | None = None
    """The last day for the reply, where it is fixed by the letter itself."""
    joint_issuers: tuple[Line, ...] = ()
    """Who else signs, after the issuer, whose number it bears and in the letter form whose head alone (GB/T 9704 10.1)."""
    signed_off_by: tuple[Line, ...] = ()
    """签发人, one for each issuer in their order; printed on what goes upward (GB/T 9704 7.2.6)."""

    @property
    def is_document(self) -> bool:
        """Whether it is set in the document form (文件格式) of GB/T 9704, not in the letter form."""
        if self.name.endswith(("函", "书")):
            return False
        return self.name.endswith(_DOCUMENTS) or bool(self.joint_issuers)

    @property
    def is_upward(self) -> bool:
        """Whether it is a 上行文, a report or request to a superior, which names its 签发人."""
        return self.name.endswith(_UPWARD)

    @property
    def heading(self) -> str:
        return _heading(self.name, self.subject)

    @property
    def title(self) -> str:
        return super().title or self.NAME

    def gaps(self) -> list[Required]:
        """Also a letter that says nothing, and what it need not have but has only in part."""
        return [*super().gaps(), *self._further_gaps()]

    def _further_gaps(self) -> Iterator[Required]:
        asked = [each for each in required_of(self.series) if is_empty(getattr(self, each.field))]
        yield from asked
        if not self.body and not self.points and not asked:
            yield Required("body", "正文或者所列事项")
        for value, field, label in (
            (self.points, "points", "所列事项"),
            (self.basis, "basis", "法律依据"),
            (self.evidence, "evidence", "证据"),
            (self.reply, "reply", "书面回复的期限"),
            (self.contact, "contact", "联系人和联系电话"),
            (self.joint_issuers, "joint_issuers", "联合制发单位"),
        ):
            if value and is_empty(value) and field not in [each.field for each in asked]:
                yield Required(field, label)


class FormRow(Frozen):
    """One line of a form's table; without text it is left blank, to be filled in by hand."""

    label: Line
    text: Text = ""


class FormTable(Frozen):
    """A table in a form: its heads, the width of each column as a share, its rows; a cell without text is a dash."""

    heads: tuple[Line, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Text, ...], ...]


class FormSection(Frozen):
    """A part of a report or of minutes: paragraphs, then a numbered list, then a table."""

    heading: Line
    text: Text = ""
    items: tuple[Line, ...] = ()
    table: FormTable | None = None


NOTES = "注"
"""The heading of the section that tells who fills in a form what the law asks of him."""


class GeneralForm(PaperFields):
    """Any internal paper that has no form of its own: 会议纪要, 调研报告, 名册, 审批表, 事实确认书."""

    NAME = "内部文书"
    REQUIRED = (*PaperFields.REQUIRED, Required("name", "文书名称"))

    type: Literal["general_form"] = "general_form"
    series: Series = "general_form"
    name: Line = ""
    subject: Text = ""
    rows: tuple[FormRow, ...] = ()
    sections: tuple[FormSection, ...] = ()
    signers: tuple[Line, ...] = ()
    """Who signs by hand, and on which day: a blank line each."""

    @property
    def heading(self) -> str:
        return _heading(self.name, self.subject)

    @property
    def title(self) -> str:
        return super().title or self.NAME

    def gaps(self) -> list[Required]:
        """Also a form that says nothing, rows and sections without a name, and sections without content."""
        return [*super().gaps(), *self._further_gaps()]

    def _further_gaps(self) -> Iterator[Required]:
        if not self.rows and not self.sections:
            yield Required("rows", "表格或者正文")
        if any(not row.label for row in self.rows):
            yield Required("rows", "表格的项目名称")
        for section in self.sections:
            if not section.heading:
                yield Required("sections", "正文的小标题")
            is_said = bool(section.text or (section.table and section.table.rows))
            if is_empty(section.items) and (section.items or not is_said):
                yield Required("sections", f"“{section.heading}”的内容")
        if self.signers and is_empty(self.signers):
            yield Required("signers", "签名人")
