"""The papers of an urging case: what they must hold, how text is cleaned, and the PDF that comes out."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from activities.typesetting import Typesetter
from models.dates import EventDate
from models.documents import PAPERS, ClosingReview, Opinion, Paper, Suggestion, missing, series_of
from models.errors import Refusal
from models.general_papers import FormRow, FormSection, GeneralForm, GeneralLetter
from models.paper_parts import Advice, Contact, Period, chinese_date, clean
from starter.provision.fonts import font_folders
from tests.pdf_places import runs
from tests.sample_papers import ADVICE, NOTIFICATION, PAPER_OF, SUGGESTION


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def words(pdf: bytes) -> str:
    """All that can be read in the file, without spaces and line breaks."""
    return re.sub(r"[\s\u200b]", "", "".join(pages(pdf)))


# What a paper must hold before it is issued.


@pytest.mark.parametrize("paper", PAPER_OF.values(), ids=PAPER_OF)
def test_a_complete_paper_misses_nothing_and_survives_the_wire(paper: Paper) -> None:
    assert missing(paper) == []
    assert PAPERS.validate_json(PAPERS.dump_json(paper)) == paper


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [  # [建议]16, paragraph by paragraph
        ("suggestion", "source", "第十六条第一项"),
        ("suggestion", "facts", "第十六条第二项"),
        ("suggestion", "evidence", "第十六条第二项"),
        ("suggestion", "illegality", "第十六条第三项"),
        ("suggestion", "advice", "第十六条第四项"),
        ("suggestion", "objection", "第十六条第五项"),
        ("suggestion", "reply", "第十六条第六项"),
        ("class_suggestion", "objection", "第十六条第五项"),
        # [公规]75
        ("pre_suit_suggestion", "harm", "第七十五条"),
        ("pre_suit_suggestion", "illegality", "第七十五条"),
        ("pre_suit_suggestion", "rectification", "第七十五条"),
        ("pre_suit_suggestion", "recipient", "主送单位"),
        ("court_suggestion", "illegality", "第一百零九条"),
        ("notification_letter", "facts", "第三条"),
        ("notification_letter", "duty", "第三条"),
        ("notification_letter", "reply", "第三条"),
        ("notification_letter", "contact", "联系人"),
        ("urging_letter", "outstanding", "第二十四条"),
        ("urging_letter", "findings", "审查情况"),
        ("objection_review", "approved_by", "第二十三条"),  # no rejection without the 检察长's consent
        ("withdrawal_notice", "reason", "第二十二条"),
        ("amendment_notice", "reply", "变更后"),
        ("reckoning_note", "deadlines", "期限"),
        ("closing_review", "reasons", "结案理由"),
        ("general_letter", "name", "文书名称"),
        ("general_letter", "recipient", "主送单位"),
        ("general_form", "name", "文书名称"),
        ("general_form", "case_number", "案件编号"),
        ("suggestion", "dated", "成文日期"),
        ("suggestion", "internal_number", "内部编号"),
    ],
)
def test_an_empty_required_field_is_named_and_stops_the_issue(
    typesetter: Typesetter, kind: str, field: str, expected: str
) -> None:
    paper = PAPER_OF[kind]
    empty = type(getattr(paper, field))() if isinstance(getattr(paper, field), str | tuple) else None
    gapped = paper.model_copy(update={field: empty})
    assert any(expected in gap for gap in missing(gapped)), missing(gapped)
    with pytest.raises(Refusal, match=expected):
        typesetter.render(gapped)


def test_legal_basis_may_stand_beside_each_advice_or_once_for_all() -> None:
    bare = tuple(Advice(text=advice.text) for advice in ADVICE)
    assert any("法律规定" in gap for gap in missing(SUGGESTION.model_copy(update={"advice": bare})))
    once = SUGGESTION.model_copy(update={"advice": bare, "legal_basis": ("《土地管理法》第六十七条",)})
    assert missing(once) == []


def test_an_urging_letter_after_silence_needs_the_due_day_instead_of_findings() -> None:
    silent = PAPER_OF["urging_letter"].model_copy(
        update={"reason": "no_reply", "replied_on": None, "findings": ""}
    )
    assert missing(silent) == ["原定回复期限的届满日"]
    assert missing(silent.model_copy(update={"due_on": EventDate.parse("2019-09-05")})) == []


def test_the_official_number_may_come_later() -> None:
    assert missing(SUGGESTION.model_copy(update={"official_number": None})) == []


def test_papers_are_frozen() -> None:
    with pytest.raises(ValidationError):
        SUGGESTION.facts = "改"


# Text and dates.


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("\u3000\u3000段一\n\n\u3000\u3000段二\n", "段一\n段二"),
        ("反\u202e向\u200b零\x00宽\x07\ufeff\ufffe\ud800", "反向零宽"),
        ("甲\t乙", "甲 乙"),
        ("葛\U000e0100喆堃琎𠮷", "葛\U000e0100喆堃琎𠮷"),
        ("#eval(1) <i>$x$", "#eval(1) <i>$x$"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen_and_of_nothing_else(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    assert Suggestion(facts=typed).facts == kept
    assert "\n" not in Suggestion(recipient=typed).recipient


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-09-15", "2021年9月15日"),
        ("2021-09", "2021年9月"),
        ("2021", "2021年"),
        ("2021-07-09/2021-07-11", "2021年7月9日至2021年7月11日"),
    ],
)
def test_dates_read_as_staff_write_them(written: str, expected: str) -> None:
    assert chinese_date(EventDate.parse(written)) == expected


# The file.


@pytest.mark.parametrize("paper", PAPER_OF.values(), ids=PAPER_OF)
def test_every_paper_holds_its_content_its_numbers_and_its_date(typesetter: Typesetter, paper: Paper) -> None:
    pdf = typesetter.render(paper)
    text = words(pdf)
    content = paper.model_dump(
        exclude={"type", "series", "dated", "draft", "deadlines", "letter", "reason", "conclusion"}
    )
    for value in strings(content):
        for line in value.split("\n"):
            assert line.strip("。").replace(" ", "") in text, line
    assert paper.dated is not None
    assert chinese_date(paper.dated) in text
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith(f"D:{paper.dated:%Y%m%d}")
    assert reader.metadata.title == paper.title
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B" in pdf


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [] if re.fullmatch(r"\d{4}(-\d\d)*", value) else [value]  # dates are printed in Chinese
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, tuple | list):
        return [text for part in value for text in strings(part)]
    return []


def test_a_pending_number_is_said_to_be_pending(typesetter: Typesetter) -> None:
    assert "文号：待编" not in words(typesetter.render(SUGGESTION))
    pending = SUGGESTION.model_copy(update={"official_number": None})
    assert "文号：待编" in words(typesetter.render(pending))


@pytest.mark.parametrize("kind", PAPER_OF)
def test_a_draft_of_any_paper_shows_its_gaps_where_they_are(typesetter: Typesetter, kind: str) -> None:
    draft = PAPERS.validate_python({"type": kind, "draft": True})
    pdf = typesetter.render(draft)
    assert pdf == typesetter.render(draft)
    assert "送审稿" in words(pdf)
    assert words(pdf).count("【待补：") >= 4


@pytest.mark.parametrize("kind", PAPER_OF)
def test_a_draft_bears_its_mark_aslant_behind_the_text_of_every_page(
    typesetter: Typesetter, kind: str
) -> None:
    paper = PAPER_OF[kind].model_copy(update={"draft": True})
    pdf = typesetter.render(paper)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    for page, read in enumerate(pages(pdf), 1):
        first, *others = [run for run in runs(pdf) if run.page == page]
        assert first.text == "送审稿"  # drawn before all else, and so under it
        assert first.is_aslant and first.size > 80
        assert [run.text for run in others if run.is_aslant] == []
        assert re.sub(r"\s", "", read).startswith("送审稿送审稿")
    assert words(pdf).replace("送审稿", "") == words(typesetter.render(PAPER_OF[kind]))


def test_threads_share_one_typesetter(typesetter: Typesetter) -> None:
    papers = [SUGGESTION.model_copy(update={"facts": f"第{n}件的事实。"}) for n in range(8)]
    alone = [typesetter.render(paper) for paper in papers]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(typesetter.render, papers)) == alone


def test_rare_characters_of_names_are_printed_glyph_by_glyph(typesetter: Typesetter) -> None:
    name = "喆堃琎㛃䶮𠮷"
    pdf = typesetter.render(SUGGESTION.model_copy(update={"illegality": f"承包人{name}未复垦。"}))
    assert f"承包人{name}未复垦" in words(pdf)


def test_a_character_that_no_face_holds_is_refused_by_name(typesetter: Typesetter) -> None:
    with pytest.raises(Refusal, match=r"😀.*\n?.*MINGJIAN_FONT_FOLDERS"):
        typesetter.render(SUGGESTION.model_copy(update={"facts": "整改完成😀"}))
    with pytest.raises(Refusal, match="😀"):
        typesetter.render(Suggestion(draft=True, facts="整改完成😀"))
    for kind in ("general_letter", "general_form"):
        with pytest.raises(Refusal, match="😀"):
            typesetter.render(PAPER_OF[kind].model_copy(update={"subject": "整改完成😀"}))
    folders = font_folders(fetch=False)
    official = next(folder for folder in folders if (folder / "FandolFang-Regular.otf").exists())
    with pytest.raises(Refusal, match="堃"):
        Typesetter([official]).render(SUGGESTION)


def test_without_any_chinese_face_nothing_is_set(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"没有可用的中文字体.*starter\.provision\.fonts"):
        Typesetter([tmp_path])


def test_long_names_and_lists_wrap_and_lose_nothing(typesetter: Typesetter) -> None:
    long = NOTIFICATION.model_copy(
        update={
            "issuer": "福建省三明市人民检察院" * 5,
            "recipient": "某某" * 60 + "局",
            "duty": "https://example.org/" + "b" * 300,
            "attachments": tuple(f"附件名称{n}" for n in range(60)),
            "copies_to": tuple(f"抄送单位{n}" for n in range(300)),
        }
    )
    pdf = typesetter.render(long)
    text = words(pdf)
    assert text.count("福建省三明市人民检察院") == 10  # head and signature
    assert text.count("某") == 120
    assert text.count("b") == 300
    assert text.count("称") >= 60
    assert text.count("送") == 301
    review = PAPER_OF["closing_review"].model_copy(
        update={"opinions": (Opinion(role="承办人意见", text="议" * 5000),)}
    )
    opinion = typesetter.render(review)
    assert words(opinion).count("议") >= 5000
    for run in [*runs(pdf), *runs(opinion)]:  # all of it on the paper
        assert 17 < run.x < 193
        assert 15 < run.y < 283
    longest = max(len(line.replace("\u200b", "")) for page in pages(pdf) for line in page.splitlines())
    assert longest < 60


RED = ("notification_letter", "urging_letter", "general_letter")


def test_only_the_letters_have_a_red_head(typesetter: Typesetter) -> None:
    red = re.compile(rb"0\.81[0-9]* 0\.00[0-9]* 0\.10[0-9]*")
    for kind, paper in PAPER_OF.items():
        streams = b"".join(
            page.get_contents().get_data()  # type: ignore[union-attr]  # every page has contents
            for page in PdfReader(io.BytesIO(typesetter.render(paper))).pages
        )
        assert bool(red.search(streams)) is (kind in RED), kind


# The general papers.


def letter(**content: object) -> GeneralLetter:
    """The sample letter with other content; what only a joint letter that awaits a reply has is left out."""
    plain = {"points": (), "basis": (), "evidence": (), "reply": None, "reply_by": None, "joint_issuers": ()}
    return GeneralLetter.model_validate(PAPER_OF["general_letter"].model_dump() | plain | content)


def form(**content: object) -> GeneralForm:
    return GeneralForm.model_validate(PAPER_OF["general_form"].model_dump() | content)


@pytest.mark.parametrize(
    ("name", "subject", "heading"),
    [
        ("磋商函", "土地复垦", "关于土地复垦的磋商函"),
        ("情况通报", "土地复垦", "关于土地复垦的情况通报"),
        ("调研报告", "土地复垦", "关于土地复垦的调研报告"),
        ("立案决定书", "土地复垦", "立案决定书（土地复垦）"),
        ("补正通知书", "", "补正通知书"),
        ("磋商函", "", "磋商函"),
    ],
)
def test_a_general_paper_is_headed_by_its_name_and_subject(name: str, subject: str, heading: str) -> None:
    assert letter(name=name, subject=subject).heading == heading
    assert form(name=name, subject=subject).heading == heading


@pytest.mark.parametrize(
    ("paper", "gaps"),
    [
        (letter(contact=None), []),
        (letter(body="", points=(Advice(text="移交卷宗。"),)), []),
        (letter(body=""), ["正文或者所列事项"]),
        (letter(points=(Advice(text=""),)), ["所列事项"]),
        (letter(contact=Contact(person="陈喆堃")), ["联系人和联系电话"]),
        (letter(reply=Period(length="", counted_from="收到本函之日")), ["书面回复的期限"]),
        (letter(basis=("",), evidence=("",), joint_issuers=("",)), ["法律依据", "证据", "联合制发单位"]),
        (form(sections=()), []),
        (form(rows=()), []),
        (form(rows=(), sections=()), ["表格或者正文"]),
        (form(rows=(FormRow(label="", text="内容"),)), ["表格的项目名称"]),
        (form(sections=(FormSection(heading="", text="内容"),)), ["正文的小标题"]),
        (form(sections=(FormSection(heading="议定事项"),)), ["“议定事项”的内容"]),
        (form(sections=(FormSection(heading="议定事项", text="如下：", items=("",)),)), ["“议定事项”的内容"]),
        (form(signers=("",)), ["签名人"]),
    ],
)
def test_a_general_paper_misses_what_it_cannot_do_without(
    typesetter: Typesetter, paper: Paper, gaps: list[str]
) -> None:
    assert missing(paper) == gaps
    if not gaps:
        assert "待补" not in words(typesetter.render(paper))


def test_a_general_paper_is_numbered_by_its_document_type() -> None:
    assert [series_of(PAPER_OF[kind]) for kind in ("general_letter", "general_form", "suggestion")] == [
        "file_request",
        "round_table_minutes",
        "suggestion",
    ]
    for series in ("", "调阅卷宗函", "file-request", "../papers"):
        with pytest.raises(ValidationError):
            letter(series=series)


def test_a_general_letter_says_by_when_to_answer_and_on_what_law_it_rests(typesetter: Typesetter) -> None:
    both = words(typesetter.render(PAPER_OF["general_letter"]))
    assert "请在收到本函之日起5个工作日内书面回复，至迟不晚于2019年6月14日。" in both
    assert "根据协作配合意见第六条的规定，有关事项如下：1.提供" in both
    fixed = words(typesetter.render(letter(reply_by="2019-06-14", basis=("协作配合意见第六条",))))
    assert "请于2019年6月14日前（含当日）书面回复。" in fixed
    assert "法律依据：协作配合意见第六条。" in fixed
    led_up_to = letter(body="现将有关事项函告如下：", points=(Advice(text="甲。"), Advice(text="乙。")))
    assert "现将有关事项函告如下：1.甲。2.乙。" in words(typesetter.render(led_up_to))
    assert "书面回复" not in words(typesetter.render(led_up_to))


@pytest.mark.parametrize(
    ("name", "closing"),
    [
        ("磋商函", "特此函达。"),
        ("情况通报", "特此通报。"),
        ("备案报告", "特此报告。"),
        ("补正通知书", "特此通知。"),
    ],
)
def test_a_general_letter_closes_as_its_kind_does(typesetter: Typesetter, name: str, closing: str) -> None:
    assert closing in words(typesetter.render(letter(name=name)))
    assert "特此" not in words(typesetter.render(letter(name="立案决定书")))


def test_general_papers_of_any_length_stay_on_the_paper(typesetter: Typesetter) -> None:
    issuers = tuple(f"福建省三明市第{n}号联合发文单位" for n in range(12))
    for paper in (
        letter(name="决定" * 30 + "书", subject="由" * 90, body="正文。" * 900, joint_issuers=issuers),
        letter(name="某" * 40 + "函", subject="由" * 90, joint_issuers=("长" * 60, *issuers)),
        form(
            name="表" * 40,
            rows=(FormRow(label="项" * 40, text="内容。" * 900), FormRow(label="a" * 200, text="b" * 400)),
            sections=(FormSection(heading="题" * 80, text="c" * 400, items=("内容。" * 900, "d" * 200)),),
            signers=tuple(f"签名人{n}" + "名" * 50 for n in range(60)),
        ),
    ):
        pdf = typesetter.render(paper)
        text = words(pdf)
        for value in filter(None, strings(paper.model_dump(exclude={"type", "series"}))):
            assert text.count(value[0]) >= value.count(value[0])
        for run in runs(pdf):
            assert 17 < run.x < 193
            assert 15 < run.y < 283


def test_a_heading_says_the_name_of_the_paper_once(typesetter: Typesetter) -> None:
    for name in ("送案卷目录", "关于复垦的办法"):
        assert words(typesetter.render(letter(name=name, subject="丁某"))).count(f"{name}（丁某）") == 1
    for name in ("化解方案", "聘任决定"):
        assert f"关于丁某的{name}" in words(typesetter.render(letter(name=name, subject="丁某")))
        assert words(typesetter.render(letter(name=name, subject="丁某"))).count(name) == 1
        assert words(typesetter.render(form(name=name, subject="丁某"))).count(name) == 1


def test_the_lines_to_sign_are_on_one_page_and_a_header_is_on_every_page(typesetter: Typesetter) -> None:
    review = PAPER_OF["closing_review"]
    assert isinstance(review, ClosingReview)
    for lines in range(15, 45, 3):
        course = "\n".join(f"第{n}步。" for n in range(lines))
        read = pages(typesetter.render(review.model_copy(update={"course": course})))
        [signed] = [page for page in read if "签名" in page]
        assert signed.count("签名") == len(review.opinions)
    many = review.model_copy(update={"letters": review.letters * 60})
    listed = [page for page in pages(typesetter.render(many)) if "规划局" in page]
    assert len(listed) > 2
    assert all(page.count("受送达单位") == 1 for page in listed)
