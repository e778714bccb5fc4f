"""What the script asks of ties to other cases; and how script and web UI show ties, meetings and tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import pytest

from models.bodies import Jurisdiction
from models.decisions import DECISIONS
from models.errors import InputError, Problem
from models.journal import CaseState
from models.messages import Link
from models.rows import LinkRow, Snapshot
from models.status import details
from models.terms import CaseKind, Relation
from starter.case_files import read_case
from starter.columns import width
from starter.office import Office
from starter.opening import _ties
from starter.showing import Look, tell
from starter.trial import Trial
from starter.written import Written, read_text
from tests.openings import CHIEF, TOWN, opening
from tests.pure_desk import PureDesk

OWN = "urging-350421-2021-0007"
PARENT, GRANDPARENT, OTHER = (f"enforcement-350421-2021-000{number}" for number in (1, 2, 3))
GONE = "dispute-350421-2021-0009"
DAY = date(2021, 9, 15)


@dataclass
class Known:
    """Books and registry that know these cases, their parents, and which of them are closed."""

    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    closed: dict[str, Snapshot] = field(default_factory=dict)

    def known_case(self, case_id: str, *, key: str = "") -> bool:
        return case_id in (OWN, PARENT, GRANDPARENT, OTHER, *self.closed)

    def links(self, case: str) -> tuple[LinkRow, ...]:
        return tuple(
            LinkRow(
                case=case, other=each, relation="parent", linked_on="2021-09-15", elsewhere=False, outcome=""
            )
            for each in self.parents.get(case, ())
        )

    def snapshot(self, case: str) -> Snapshot | None:
        return self.closed.get(case)

    @property
    def office(self) -> Office:
        office: Any = Office.__new__(Office)
        office.__dict__ |= {"books": self, "registry": self, "jurisdiction": Jurisdiction.load()}
        return cast(Office, office)


def closed() -> dict[str, Snapshot]:
    desk = PureDesk(opening(case=GONE, opened_on=DAY))
    desk.decide("close_case", outcome="merged", reason="并案")
    return {GONE: desk.rows()}


def asked(
    known: Known, state: CaseState | None = None, kind: str = "link_case", **fields: Any
) -> list[Problem]:
    """What the script has against a decision."""
    decision = DECISIONS.validate_python({"kind": kind, "id": "x", "by": CHIEF, "reason": "理由", **fields})
    trial = Trial(state or PureDesk(opening(opened_on=DAY)).case.state())
    return trial.tied(known.office, decision, Written(fields, "决定.yaml"))


def test_the_other_case_must_be_there() -> None:
    [problem] = asked(Known(), relation="related", case="study-350421-2021-0404")
    assert "没有案件 study-350421-2021-0404" in problem.what and "elsewhere: true" in problem.remedy
    assert (problem.file, problem.field) == ("决定.yaml", "case")
    assert asked(Known(), relation="related", case=OTHER) == []
    assert asked(Known(), relation="related", case="（2021）闽行审1号", elsewhere=True) == []
    # What is no number at all is told by the case itself, in one sentence.
    assert asked(Known(), relation="related", case="旧案") == []


@pytest.mark.parametrize("relation", ["converted_into", "converted_from"])
def test_no_case_is_converted_into_or_from_a_closed_one(relation: str) -> None:
    known = Known(closed=closed())
    [problem] = asked(known, relation=relation, case=GONE)
    assert f"{GONE} 已于2021-09-15结案" in problem.what and "另立新案" in problem.remedy
    assert asked(known, relation="reopens", case=GONE) == []
    assert asked(known, relation=relation, case=OTHER) == []


def test_no_case_is_by_any_way_its_own_parent() -> None:
    known = Known(parents={PARENT: (GRANDPARENT,), GRANDPARENT: (OWN,)})
    [problem] = asked(known, relation="parent", case=PARENT)
    assert f"{PARENT} ← {GRANDPARENT} ← {OWN}" in problem.what
    assert asked(known, relation="parent", case=OTHER) == []
    # From above: whom we would make our child stands above us already.
    desk = PureDesk(opening(opened_on=DAY, links=(Link(relation=Relation.PARENT, case=PARENT),)))
    [problem] = asked(Known(parents={PARENT: (OTHER,)}), desk.case.state(), relation="child", case=OTHER)
    assert f"{OWN} ← {PARENT} ← {OTHER}" in problem.what
    assert asked(Known(parents={PARENT: (OTHER,)}), relation="child", case=OTHER) == []
    # A circle that is there already does not keep us walking.
    assert asked(Known(parents={PARENT: (OTHER,), OTHER: (PARENT,)}), relation="parent", case=PARENT) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"into": "study"}, ""),
        ({"into": "study", "county": "350421"}, ""),
        ({"into": "study", "county": "350481", "procuratorate": "永安市人民检察院"}, ""),
        ({"into": "study", "county": "350481"}, "须写明办案检察院"),
        ({"into": "study", "county": "310101", "procuratorate": "永安市人民检察院"}, "310101 不在三明市"),
        ({"into": "study", "procuratorate": "永安市自然资源局"}, "不是人民检察院"),
        ({"into": "study", "procuratorate": "没有的单位"}, "没有的单位"),
    ],
)  # fmt: skip
def test_a_case_is_opened_where_it_can_be_worked(fields: dict[str, Any], said: str) -> None:
    found = asked(Known(), kind="open_linked", relation="child", **fields)
    assert said in "".join(each.what for each in found)
    assert bool(found) == bool(said)


def test_a_kind_that_no_program_works_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starter.ties.FILES", {CaseKind.URGING: object})
    [problem] = asked(Known(), kind="open_linked", relation="child", into="study")
    assert "“联合调研”的办案流程尚未启用" in problem.what and "urging（行政执法督促）" in problem.remedy


FILE = """\
title: 某村耕地堆土
county: 明溪县
matter: 毁坏耕地
clue: {source: 履职中发现}
handler: {name: 张三, role: 检察官}
"""


def opened_with(known: Known, relation: str, case: str) -> list[Problem]:
    text = f"{FILE}links: [{{relation: {relation}, case: {case}}}]\n"
    written = read_case(CaseKind.URGING, read_text(text, file="案件.yaml"), Jurisdiction.load())
    assert written.opening(1, "").links == (Link(relation=Relation(relation), case=case),)
    return list(_ties(known.office, written))


def test_the_ties_of_a_case_file_must_be_there_too() -> None:
    known = Known(closed=closed())
    [problem] = opened_with(known, "reopens", "urging-350421-2019-0404")
    assert (problem.file, problem.field) == ("案件.yaml", "links[1].case")
    assert "没有案件 urging-350421-2019-0404" in problem.what
    assert opened_with(known, "reopens", GONE) == []
    assert opened_with(known, "converted_from", GONE) == []
    assert "已于2021-09-15结案" in opened_with(known, "converted_into", GONE)[0].what


@pytest.mark.parametrize("line", ["links: [{relation: related, case: urging-350421-2019-0001, known: true}]"])
def test_staff_do_not_say_what_another_case_knows(line: str) -> None:
    with pytest.raises(InputError, match="known"):
        read_case(CaseKind.URGING, read_text(f"{FILE}{line}\n"), Jurisdiction.load())


def test_a_day_that_no_calendar_reaches_is_refused_in_a_case_file() -> None:
    text = f"{FILE}items: [{{id: 甲, what: 走访, kind: 任务, due_on: 9999-12-31}}]\n"
    with pytest.raises(InputError) as caught:
        read_case(CaseKind.URGING, read_text(text), Jurisdiction.load())
    assert [each.field for each in caught.value.problems] == ["items[1].due_on"]


# ── shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def busy() -> PureDesk:
    """A case with a task, meetings of every state, and ties of every sort."""
    desk = PureDesk(opening(opened_on=DAY), others=(PARENT,))
    item = {"id": "走访", "what": "走访各乡镇", "kind": "task", "owner": TOWN.name, "due_on": "2021-11-30"}
    desk.decide("add_item", item=item)
    for topic in ("破解|困难", "资金", "验收"):
        desk.decide("call_meeting", form="round_table", topic=topic, planned_on="2021-10-15")
    desk.record("meeting_held", DAY, "m", meeting="M1", attended=[TOWN.name], agreed=True)
    desk.decide("cancel_meeting", meeting="M2", reason="改期")
    desk.record("meeting_held", DAY, "h", form="forum", topic="村民意见")
    desk.decide("link_case", relation="parent", case=PARENT)
    desk.decide("link_case", relation="related", case="（2021）闽行审1号", elsewhere=True)
    desk.signal("linked_case_closed", DAY, case=PARENT, outcome="并案")
    return desk


def test_the_script_shows_tasks_meetings_and_ties(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Look(busy().rows(), "workflow"), "status", {})
    shown = capsys.readouterr().out
    for part in ("【事项】", "【会议】", "【关联案件】"):
        assert part in shown
    for said in (f"{TOWN.name}，2021-11-30前", "达成一致，到会1", "取消：改期", "待召开", "M3", "已召开"):
        assert said in shown, said
    for said in (PARENT, "上级案件", "并案", "（2021）闽行审1号", "其他系统", "告知案件"):
        assert said in shown, said
    assert max(width(line) for line in shown.splitlines()) <= 80


def test_the_web_ui_shows_them_too() -> None:
    shown = details(busy().case)
    assert f"- 走访 走访各乡镇（{TOWN.name}，2021-11-30前）：未整改" in shown
    assert "- M1 圆桌会议（破解｜困难）：2021-09-15召开" in shown
    assert "- M2 圆桌会议（资金）：取消（改期）" in shown
    assert "- M3 圆桌会议（验收）：定于2021-10-15" in shown
    assert "- 座谈会（村民意见）：2021-09-15召开" in shown
    assert f"- {PARENT}（上级案件，已办结：并案）" in shown
