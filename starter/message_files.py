"""Facts and decisions as staff give them: `field=value` behind the command, or a YAML file, one or many.

Read strictly, told whole. An id that is not given is made from the case and the content, so that the same
command twice enters one fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.bodies import Body, Jurisdiction
from models.decisions import Decision
from models.errors import InputError, Problem
from models.facts import Fact, OriginalKept
from models.said.bases import DecisionBase, FactBase
from models.wire import Person
from starter.kinds import DECISION_NAMES, FACT_NAMES, decision_kinds, fact_kinds, kind_named
from starter.message_ids import natural_id, told_apart
from starter.originals import check_original
from starter.papers import check_paper, digest_of, foreseen
from starter.recipients import as_recipient, is_copied_upward, read_recipients
from starter.strict import attempt
from starter.written import Where, Written, read_file, read_text

_UNNAMED = "unnamed"
_ADDRESSED = {"draft_letter": "recipients", "agency_changed": "to"}
_SCANNED = "file_provided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRecord:
    """A fact to be recorded, and the files that came with it. Without an id of its own it is named later.

    `scans` are the images of its items, which it refers to as they will be kept.
    """

    fact: Fact
    papers: tuple[Path, ...]
    written: Written
    scans: tuple[Path, ...] = ()

    def named(self, case: str) -> Fact:
        """The fact under its own id, else under one made from the case, the content and the files."""
        if self.fact.id != _UNNAMED:
            return self.fact
        digests = [digest_of(path) for path in self.papers]
        content = self.fact.model_dump_json(exclude={"id", "by"})
        return self.fact.model_copy(update={"id": natural_id(case, self.fact.kind, content, *digests)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A decision to be taken, and the bodies that a letter in it is addressed to."""

    decision: Decision
    addressed: tuple[Body, ...]
    involved: bool
    written: Written

    @property
    def is_named(self) -> bool:
        """Whether staff gave it an id."""
        return self.decision.id != _UNNAMED

    def natural_id(self, case: str, today: date) -> str:
        """Its own id, else one made from the case, the content and the day it is made on."""
        if self.is_named:
            return self.decision.id
        day = self.decision.on or today
        content = self.decision.model_dump_json(exclude={"id"})
        return natural_id(case, self.decision.kind, content, day.isoformat())


def named_in_turn(
    given: Sequence[ToDecide], case: str, today: date, taken: Sequence[str]
) -> list[tuple[ToDecide, Decision]]:
    """The decisions under their ids, told apart from those that were taken in the case before (their ids, in order)."""
    wanted = [each.natural_id(case, today) for each in given]
    own = {each.decision.id for each in given if each.is_named}
    return [
        (each, each.decision.model_copy(update={"id": id}))
        for each, id in zip(given, told_apart(wanted, taken, own), strict=True)
    ]


def given_as(words: Sequence[str]) -> Written:
    """What stands behind a command: one YAML file, or `field=value` words (`plan.final_on=2022-01-01`).

    A word that comes twice makes a list, as does “；” in a word where several belong; a value in [ ] or { } is read as YAML.
    InputError for any other.
    """
    if len(words) == 1 and "=" not in words[0]:
        return read_file(Path(words[0]))
    content: dict[str, Any] = {}
    problems: list[Problem] = []
    for word in words:
        name, sign, text = word.partition("=")
        if not sign or not name.strip():
            problems.append(Problem(f"“{word}”不是“字段=值”", "写作 on=2021-09-15；文件只能单独给一个"))
            continue
        try:
            value = read_text(text).value if text[:1] in ("[", "{") else text
            _enter(content, name.strip().split("."), value)
        except InputError:
            problems.append(Problem(f"“{word}”读不懂", "核对括号、引号，字段不能既是值又有下级", field=name))
    if problems:
        raise InputError(problems)
    return Written(content)


def _enter(content: dict[str, Any], steps: list[str], value: Any) -> None:
    *above, last = steps
    for step in above:
        content = content.setdefault(step, {})
        if not isinstance(content, dict):
            raise InputError("")
    if last not in content:
        content[last] = value
    elif isinstance(content[last], list):
        content[last].append(value)
    else:
        content[last] = [content[last], value]


def read_facts(
    kind: str,
    written: Written,
    *,
    by: Person | None,
    jurisdiction: Jurisdiction,
    papers: Sequence[Path] = (),
    case: str = "",
) -> list[ToRecord]:
    """The facts that were given, for that case. `kind` may be empty when every one names its own. InputError with all
    problems.
    """
    kinds = fact_kinds()
    found: list[ToRecord] = []
    problems: list[Problem] = []
    entries = _entries(written)
    if papers and len(entries) > 1:
        problems.append(Problem("一次记录多件事实时，不能用 --paper", "在文件里给每件写 paper"))
    for entry in entries:
        reader = _Entry(entry, by, jurisdiction, FACT_NAMES, "事实", case)
        files = [*reader.papers(), *papers]
        for file in files:
            problems += check_paper(file)
        fact = reader.message(kind, kinds)
        problems += reader.problems
        if isinstance(fact, OriginalKept) and files and not check_paper(files[0]):
            problems += check_original(files[0])
        if isinstance(fact, FactBase):
            found.append(
                ToRecord(
                    fact=fact,  # type: ignore[arg-type]  # each model is a Fact
                    papers=tuple(files),
                    written=entry,
                    scans=tuple(reader.scans),
                )
            )
    problems += _given_twice([each.fact for each in found], written)
    if problems:
        raise InputError(problems)
    return found


def read_decisions(
    kind: str, written: Written, *, by: Person | None, jurisdiction: Jurisdiction, case: str = ""
) -> list[ToDecide]:
    """The decisions that were given, in the same way."""
    kinds = decision_kinds()
    found: list[ToDecide] = []
    problems: list[Problem] = []
    for entry in _entries(written):
        reader = _Entry(entry, by, jurisdiction, DECISION_NAMES, "决定", case)
        decision = reader.message(kind, kinds)
        problems += reader.problems
        if isinstance(decision, DecisionBase):
            found.append(
                ToDecide(
                    decision=decision,  # type: ignore[arg-type]  # each model is a Decision
                    addressed=tuple(reader.addressed),
                    involved=reader.involved,
                    written=entry,
                )
            )
    problems += _given_twice([each.decision for each in found], written)
    if problems:
        raise InputError(problems)
    return found


def _entries(written: Written) -> list[Written]:
    if not isinstance(written.value, list):
        return [written]
    if not written.value:
        raise InputError(Problem("列表是空的", "至少写一项", file=written.file))
    return [written.part((place,)) for place in range(len(written.value))]


def _given_twice(messages: Sequence[FactBase | DecisionBase], written: Written) -> list[Problem]:
    ids = [message.id for message in messages if message.id != _UNNAMED]
    return [
        Problem(f"编号 {each} 用了两次", "每件一个编号", field="id", file=written.file)
        for each in dict.fromkeys(ids)
        if ids.count(each) > 1
    ]


class _Entry:
    """One fact or decision as it was written."""

    def __init__(
        self,
        written: Written,
        by: Person | None,
        jurisdiction: Jurisdiction,
        names: dict[str, str],
        what: str,
        case: str,
    ) -> None:
        content = written.value
        self._written = Written(
            dict(content) if isinstance(content, dict) else content, written.file, written.rows
        )
        self._by = by
        self._jurisdiction = jurisdiction
        self._names = names
        self._what = what
        self._case = case
        self.problems: list[Problem] = []
        self.addressed: list[Body] = []
        self.involved = False
        self.scans: list[Path] = []

    def papers(self) -> list[Path]:
        """The files named beside the fact: a path, or a list of them; relative ones lie beside the file itself."""
        if not isinstance(self._written.value, dict):
            return []
        given = self._written.value.pop("paper", [])
        return [self._beside(str(each)) for each in (given if isinstance(given, list) else [given])]

    def _beside(self, path: str) -> Path:
        folder = Path(self._written.file).parent if self._written.file else Path()
        return Path(path) if ".." in Path(path).parts else folder / path

    def message(self, kind: str, kinds: dict[str, Any]) -> Any:
        """The message, or None with problems noted."""
        content = self._written.value
        if isinstance(content, dict):
            kind = self._kind(kind, content)
            if not kind:
                return None
            content["kind"] = kind
            content.setdefault("id", _UNNAMED)
            written = content.get("by", {})
            if self._by is not None and isinstance(written, dict):
                # What stands in the file goes before what stands in the command: `by.body=…` beside --by, say.
                content["by"] = {"name": self._by.name, "role": self._by.role.value, **written}
            if "by" not in content:
                who = "谁记录的" if self._what == "事实" else "谁决定的"
                self._wrong(("by",), f"没有写明{who}", "命令加 --by 姓名 --role 身份，或在文件里写 by")
                content["by"] = {"name": "？", "role": "clerk"}
            self._address(kind, content)
            if kind == _SCANNED and "items" in content:
                content["items"] = self._with_scans(content["items"])
        else:
            kind = kind or next(iter(kinds))
        found, problems = attempt(kinds[kind], self._written)
        self.problems += problems
        return found if not self.problems else None

    def _kind(self, kind: str, content: dict[str, Any]) -> str:
        stated = content.pop("kind", None)
        try:
            own = kind_named(str(stated), self._names, self._what, self._case) if stated is not None else ""
        except InputError as error:
            self._wrong(("kind",), error.problems[0].what, error.problems[0].remedy)
            return ""
        if not own and not kind:
            self._wrong(("kind",), f"没有写明是哪种{self._what}", "在命令里写 KIND，或在每一项里写 kind")
        elif own and kind and own != kind:
            self._wrong(("kind",), f"写的是 {own}，命令里是 {kind}", "更正其一；混合的一批不在命令里写 KIND")
        return own or kind

    def _address(self, kind: str, content: dict[str, Any]) -> None:
        name = _ADDRESSED.get(kind, "")
        if name not in content:
            return
        if kind == "draft_letter":
            if "copies_to" not in content and is_copied_upward(content.get("document")):
                content["copies_to"] = list(self._jurisdiction.copies)
            self.involved = str(content.pop("involved", "")).strip().lower() in ("true", "yes", "是")
        bodies, problems = read_recipients(self._jurisdiction, content[name], self._written, (name,))
        self.problems += problems
        self.addressed = bodies
        written = [as_recipient(self._jurisdiction, body).model_dump() for body in bodies]
        if name == "to" and len(bodies) > 1:
            self._wrong((name,), "只能写一个单位", "分成几件事实记录")
        content[name] = written if name == "recipients" else (written or [{"name": "？"}])[0]

    def _with_scans(self, items: Any) -> Any:
        """The items with what their files will be in the archive, in place of the paths that were written."""
        found = []
        for place, item in enumerate(items if isinstance(items, list) else [items]):
            if isinstance(item, dict) and isinstance(item.get("scan"), str):
                path = self._beside(item["scan"])
                problems = check_paper(path)
                for problem in problems:
                    self._wrong(("items", place, "scan"), f"{path}：{problem.what}", problem.remedy)
                if not problems:
                    self.scans.append(path)
                item = item | {"scan": None if problems else asdict(foreseen(path))}
            found.append(item)
        return found

    def _wrong(self, where: Where, what: str, remedy: str) -> None:
        self.problems.append(self._written.problem(where, what, remedy))
