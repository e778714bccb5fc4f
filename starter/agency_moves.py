"""The letters of running cases that wait on a body which a change of agencies left behind, as they are shown before they move."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from activities.addressed_letters import AddressedLetter, AddressedLetters
from activities.database import Database
from activities.site_jurisdiction import changes_in
from models.agency_changes import AgencyChange
from models.bodies import Body, Jurisdiction, Passed
from models.dates import day_in_china
from models.document_types import DocumentType
from models.errors import Problem, Refusal
from models.settings import Settings
from starter.labels import label
from starter.output import Listing, say, say_folded, say_json, show

_SHOWN = 20
COLUMNS = {
    "case": "案件",
    "title": "案名",
    "county": "地方",
    "handler": "承办人",
    "letter": "文书",
    "type": "种类",
    "official_no": "文号",
    "recipient": "收件单位",
    "heir": "承继单位",
    "periods": "期限",
}


@dataclass(frozen=True, slots=True)
class Follower:
    """A letter that waits on a body as it was (`passed`), and who goes on with its duty; nobody, where there is no heir."""

    letter: AddressedLetter
    passed: Passed
    heir: Body | None

    def row(self) -> dict[str, Any]:
        """As a line of a table, and as JSON."""
        letter = self.letter
        return {
            "case": letter.case,
            "title": letter.title,
            "county": letter.county_name,
            "handler": letter.handler,
            "letter": letter.letter,
            "type": label(DocumentType, letter.type),
            "official_no": letter.official_no,
            "recipient": letter.recipient,
            "heir": self.heir.name if self.heir else "",
            "periods": [f"{each.name} {each.due_on or ''}".strip() for each in letter.periods],
        }


def followers(settings: Settings, jurisdiction: Jurisdiction, change: int) -> list[Follower]:
    """The letters of running cases that wait on bodies which this change left behind, each once, by case."""
    found: dict[tuple[str, str], Follower] = {}
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        letters = AddressedLetters(database)
        for passed in jurisdiction.passed:
            if passed.change != change:
                continue
            heir = jurisdiction.find(passed.body.code)
            names = (passed.body.name, *passed.body.former_names)
            now = (heir.code, heir.name) if heir is not None else None
            for letter in letters.to(passed.body.code, names, but=now):
                found.setdefault((letter.case, letter.letter), Follower(letter, passed, heir))
    return [found[key] for key in sorted(found)]


def of_cases(found: Sequence[Follower], cases: Sequence[str]) -> list[Follower]:
    """Those of these cases, or of all where none is named. Refusal when one of the cases has none."""
    known = {each.letter.case for each in found}
    if problems := [
        Problem(f"案件 {case} 没有文书等待这号变动所涉的单位", "不加 --case 看全部", "--case")
        for case in cases
        if case not in known
    ]:
        raise Refusal(problems)
    return [each for each in found if not cases or each.letter.case in cases]


def numbered(settings: Settings, number: str) -> AgencyChange:
    """The change of that number; Refusal when none was adopted."""
    found = next((each for each in changes_in(settings.registry) if str(each.number) == number), None)
    if found is None:
        remedy = "见 mingjian agencies；先采用：mingjian agencies adopt"
        raise Refusal(Problem(f"没有第 {number} 号机构变动", remedy, field="NUMBER"))
    return found


def tell_dry(change: AgencyChange, found: Sequence[Follower], cases: Sequence[str], *, as_json: bool) -> int:
    """What would move, and how it is decided."""
    if as_json:
        for each in found:
            say_json(each.row())
        return 0
    tell_followers(found)
    today = day_in_china(datetime.now(UTC))
    later = sorted({each.on for each in change.content.entries if each.on > today})
    if later:
        say(f"尚未生效的（{'、'.join(map(str, later))}）到时再移交。")
    if any(each.heir for each in found):
        which = " ".join(f"--case {each}" for each in cases) or "--all"
        typed = f"mingjian agencies move {change.number} {which} --yes --by 姓名 --role 身份 --reason 依据"
        say_folded(f"以上是试看。移交：{typed}")
    return 0


def tell_followers(found: Sequence[Follower]) -> None:
    """The letters, with their periods, that would go to whoever carries on the duty."""
    cases = len({each.letter.case for each in found})
    if not found:
        say("没有在办案件的文书等待这些单位。")
        return
    say(f"在办案件 {cases} 件，{len(found)} 份文书等待这些单位：")
    listing = Listing("案件、文书", "收件单位", "承继单位", "期限（不变）")
    for each in found[:_SHOWN]:
        row, letter = each.row(), each.letter
        draft = "（草稿）" if letter.is_draft else ""
        heir = row["heir"] or "无"
        what = f"{letter.case}\n{letter.letter} {row['type']}{draft}"
        listing.add(what, letter.recipient, heir, "\n".join(row["periods"]) or "—")
    show(listing)
    if len(found) > _SHOWN:
        say(f"另有 {len(found) - _SHOWN} 份没有列出：--out 文件.csv 写出全部")
    for hint in _hints(found):
        say_folded(f"请注意：{hint}")


def _hints(found: Sequence[Follower]) -> list[str]:
    orphans = [each for each in found if each.heir is None]
    drafts = [each for each in found if each.letter.is_draft]
    hints = []
    if orphans:
        hints.append(
            f"{len(orphans)} 份文书的收件单位没有承继单位，不能移交：逐件撤回，或者查明由谁行使其职权后记录机构变更"
            "（agency_changed）"
        )
    if drafts:
        hints.append(f"{len(drafts)} 份还是草稿：移交只改收件单位，正文里的旧名称请修改文书（revise_draft）")
    return hints
