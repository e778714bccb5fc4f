"""Papers that come with a fact: checked before anything is sent, kept in the case's folder of the archive."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path

from activities.archive import Archive
from models.bags import PaperRef, paper_name
from models.errors import InputError, Problem
from models.facts import Fact, Happened
from models.said.assistance import FileProvided
from starter.paper_contents import examine

LIMIT = 512 * 1024 * 1024
"""The largest paper taken, in bytes; the archive's own limit."""
_LONGEST_NAME = 200


def check_paper(path: Path, *, limit: int = LIMIT) -> list[Problem]:
    """What is wrong with a file that is to be kept, by what it is and by its content."""
    return check_file(path, limit=limit) or list(examine(path).problems)


def check_file(path: Path, *, limit: int = LIMIT) -> list[Problem]:
    """What is wrong with a file, without looking into it."""
    file = str(path)
    if ".." in path.parts:
        return [Problem("文件的路径里不能有“..”", "写完整路径，或先进入文件所在的文件夹", file=file)]
    try:
        if path.is_dir():
            return [Problem("是文件夹，不是文件", "写出文件名", file=file)]
        size = path.stat().st_size
        if path.is_file() and size:
            with path.open("rb"):
                pass
    except FileNotFoundError:
        return [Problem("找不到文件", "核对路径", file=file)]
    except OSError as error:
        return [Problem(f"文件读不出来（{error.strerror}）", "核对文件的权限", file=file)]
    if not path.is_file():
        return [Problem("不是普通文件", "写出文件名", file=file)]
    if not size:
        return [Problem("文件是空的，没有内容", "换成有内容的文件", file=file)]
    if size > limit:
        return [Problem(f"文件太大，超过 {limit // 1024 // 1024} MB", "压缩或拆分后再存", file=file)]
    if len(path.name) > _LONGEST_NAME:
        return [Problem("文件名太长", f"不超过 {_LONGEST_NAME} 字", file=file)]
    try:
        paper_name(path.name)
    except InputError as error:
        return [Problem(problem.what, problem.remedy, file=file) for problem in error.problems]
    return []


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in lower-case hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def foreseen(path: Path) -> PaperRef:
    """The paper as `keep_paper` will have it, before it is kept: a fact can be asked about with it.

    Two papers may both be called 回复.pdf: the beginning of the digest stands before the name.
    """
    digest = digest_of(path)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return PaperRef(
        digest, path.stat().st_size, media_type, paper_name(f"papers/in/{digest[:12]}-{path.name}")
    )


def keep_paper(archive: Archive, case: str, path: Path, meta: Mapping[str, str]) -> PaperRef:
    """The paper in the case's folder; the same file again is the same paper."""
    paper = foreseen(path)
    return archive.store(
        case, paper.name, path, media_type=paper.media_type, meta={"source": path.name, **meta}
    )


def scans_of(fact: Fact) -> list[PaperRef]:
    """The images of the items that were given of a file."""
    return [each.scan for each in fact.items if each.scan] if isinstance(fact, FileProvided) else []


def with_papers(fact: Fact, papers: Sequence[PaperRef]) -> Iterator[Fact]:
    """The fact with the first of its papers, then each further paper as a fact of its own: a message carries one."""
    yield fact.model_copy(update={"paper": papers[0]}) if papers else fact
    for place, paper in enumerate(papers[1:], start=2):
        yield Happened(
            id=f"{fact.id}#{place}",
            on=fact.on,
            by=fact.by,
            event="附件",
            note=f"{fact.id} 的附件",
            paper=paper,
        )
