"""`mingjian templates`: the typst templates that papers are set with, and how a site adopts its own.

What is adopted is tried first on every type of document, left blank: all that our templates print of what such a paper says, each
field that still waits among it, theirs must print too, so that nothing that a paper has to say is lost by a template.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import typst
from pypdf import PdfReader

from activities.books import Books
from activities.database import Database
from activities.site_templates import SiteTemplates
from activities.typesetting import TEMPLATES, Typesetter, content_of
from models.dates import CHINA
from models.documents import PAPERS, Paper
from models.errors import InputError, Problem, Refusal
from models.publications import Publication
from models.settings import Settings
from models.site_templates import Templates, check
from starter.adopting import against_signing
from starter.doors import refuse_part
from starter.liaisons import today
from starter.output import remark, say_folded, say_json
from starter.provision.fonts import font_folders

_BLANK_ON = date(2021, 9, 15)
_NUMBER = "样检建〔2021〕1号"


@dataclass(frozen=True, slots=True)
class ToAdopt:
    """A folder of templates that was read; `by` and `reason` are empty for a dry run."""

    folder: Path
    templates: Templates
    by: str
    reason: str
    yes: bool


def read_adopting(folder: Path, since: str, by: str, reason: str, *, yes: bool) -> ToAdopt:
    """Read folder and options; InputError with everything that is wrong with both."""
    by, reason = by.strip(), reason.strip()
    problems = against_signing(by, reason, required=yes)
    day = today()
    try:
        day = date.fromisoformat(since) if since else day
    except ValueError:
        problems.append(Problem(f"“{since}”不是日期", "写作 2027-03-01", field="--from"))
    files: dict[str, str] = {}
    if not folder.is_dir():
        problems.append(Problem("没有这个文件夹", "写模板所在的文件夹", file=str(folder)))
    else:
        for path in sorted(folder.glob("*.typ")):
            try:
                files[path.name] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                problems.append(Problem("模板读不出来", "以 UTF-8 编码重新存盘", file=str(path)))
        try:
            check(files, _program().keys(), folder=str(folder))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    program = _program()
    own = {name: text for name, text in files.items() if text != program[name]}
    return ToAdopt(folder, Templates(day, own), by, reason, yes)


def tell_adopting(settings: Settings, wanted: ToAdopt, *, out: Path | None, as_json: bool) -> int:
    """Try the templates, show what they change, and adopt them. Repeating it adopts nothing twice."""
    if wanted.yes:
        refuse_part(settings, "采用文书模板")
    changed = list(wanted.templates.files)
    with TemporaryDirectory() as aside:
        pages = _tried(
            settings, wanted.templates.files, str(wanted.folder), Path(aside) if out is None else out
        )
    made: Publication | None = None
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        if wanted.yes:
            made, fresh = Books(database).adopt_templates(
                wanted.templates, folder=wanted.folder.name, by=wanted.by, reason=wanted.reason
            )
    if as_json:
        say_json(
            {
                "from": wanted.templates.since.isoformat(),
                "changed": changed,
                "tried": pages,
                "adopted": made is not None and fresh,
                "number": made.number if made is not None else None,
            }
        )
        return 0
    say_folded(f"试排 {len(pages)} 份空白文书（每种注日期和不注日期各一份），应有的内容都印得出来。")
    say_folded(f"与程序随附的不同：{'、'.join(changed) or '无'}")
    if out is not None:
        remark(f"样张（空白，标明待补之处）在 {out}")
    if made is None:
        say_folded(
            f"以上是试看，没有采用。采用：mingjian templates adopt {wanted.folder} "
            f"--from {wanted.templates.since} --yes --by 姓名 --reason 理由"
        )
    elif fresh:
        say_folded(adopted(made))
        say_folded("几秒以内各工作进程改用：成文日期在施行之日以后的文书用新模板，已经制发的文书不动。")
    else:
        say_folded(f"已经采用（第 {made.number} 次），没有再次采用。")
    return 0


def tell_templates(settings: Settings, *, as_json: bool) -> int:
    """The names of the templates and what was adopted."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        adoptions = Books(database).template_adoptions()
    if as_json:
        say_json({"templates": sorted(_program())})
        for each in adoptions:
            told = {"adoption": each.number, "from": Templates.read(each.text).since.isoformat()}
            say_json(
                told | {"by": each.by, "reason": each.reason, "at": each.at.isoformat(timespec="seconds")}
            )
        return 0
    say_folded(f"模板：{'、'.join(sorted(_program()))}")
    for each in adoptions:
        say_folded(adopted(each))
    remark("\n写出现用的模板：mingjian templates export 文件夹；采用改好的：mingjian templates adopt 文件夹")
    return 0


def export(settings: Settings, folder: Path) -> int:
    """Write the templates that a paper of today is set with into a new folder."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        files = _files_in(SiteTemplates(Books(database)).folder_for(today()))
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise InputError(Problem("已经有这个文件夹", "换一个名称", file=str(folder))) from None
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    remark(f"已写出 {len(files)} 个模板：{folder}")
    return 0


def adopted(publication: Publication) -> str:
    """When, by whom, why, and from which day on."""
    at, templates = publication.at.astimezone(CHINA), Templates.read(publication.text)
    return (
        f"第 {publication.number} 次采用　{at:%Y-%m-%d %H:%M}　{publication.by}　{publication.reason}　"
        f"自 {templates.since} 起　{'、'.join(templates.files) or '用程序随附的模板'}"
    )


def _program() -> Mapping[str, str]:
    return _files_in(TEMPLATES)


def _files_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.typ"))}


def _blanks() -> Iterator[tuple[str, Paper]]:
    """A blank draft of each type of document, with every gap shown, with a date and without; and its name."""
    for model in get_args(get_args(Paper)[0]):
        kind = get_args(model.model_fields["type"].annotation)[0]
        blank: dict[str, object] = {"type": kind, "draft": True}
        if "official_number" in model.model_fields:
            blank["official_number"] = _NUMBER
        for dated in (None, _BLANK_ON):
            paper = PAPERS.validate_python(blank | {"dated": dated})
            yield f"{paper.title}-{kind}{'' if dated else '-未注日期'}", paper


def _tried(settings: Settings, files: Mapping[str, str], folder: str, out: Path) -> dict[str, int]:
    """How many pages each blank paper has; InputError with all that the templates leave out or cannot set."""
    fonts = font_folders(settings.font_folders)
    tried = SiteTemplates(_NoBook())
    ours, theirs = Typesetter(fonts), Typesetter(fonts, lambda dated: tried.folder_of(files))
    unset: dict[str, list[str]] = {}
    problems: list[Problem] = []
    pages: dict[str, int] = {}
    out.mkdir(parents=True, exist_ok=True)
    for name, paper in _blanks():
        try:
            pdf = theirs.render(paper)
        except (typst.TypstError, Refusal) as error:
            why = str(getattr(error, "message", "") or error).strip().splitlines()[0]
            unset.setdefault(why, []).append(paper.title)
            continue
        said, printed = _printed(ours.render(paper)), _printed(pdf)
        handed = _words(json.loads(content_of(paper)))
        lost = sorted(each for each in handed if each in said and each not in printed)
        if lost:
            problems.append(Problem(f"《{paper.title}》没有印出：{'、'.join(lost)}", "改正模板", file=folder))
        pages[name] = len(PdfReader(io.BytesIO(pdf)).pages)
        (out / f"{name}.pdf").write_bytes(pdf)
    for why, titles in unset.items():
        which = "》《".join(dict.fromkeys(titles))
        problems.append(Problem(f"排不出来：{why}（《{which}》）", "改正模板", file=folder))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return pages


def _words(content: object) -> set[str]:
    """All that a paper says, without spaces, of what is handed to the templates."""
    if isinstance(content, str):
        return {"".join(content.split())} - {""}
    if isinstance(content, dict):
        # What a block is called, and how it is to look, is not said.
        content = [each for name, each in content.items() if name not in ("kind", "family")]
    return {word for each in content for word in _words(each)} if isinstance(content, list) else set()


def _printed(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


class _NoBook:
    """A book in which nothing was adopted."""

    def template_adoptions(self) -> tuple[Publication, ...]:
        return ()
