"""What `mingjian liaisons` prints: who is the liaison of which office, which offices have none, which cases were moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from models.bodies import Body, Jurisdiction
from models.roll import Designation, Roll, missing_offices, offices
from starter.liaisons import Move, Moved
from starter.output import Listing, remark, say, say_json, show


def tell_roll(
    jurisdiction: Jurisdiction,
    designations: Sequence[Designation],
    today: date,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """The roll as it stands today and is to stand, or with `everything` all that was ever entered; then who is missing."""
    shown = _in_order(
        jurisdiction, [each for each in designations if everything or not _is_over(each, today)]
    )
    missing = missing_offices(jurisdiction, designations, today)
    if as_json:
        for each in shown:
            say_json(as_json_row(each))
        for office in missing:
            say_json({"office": office.code, "name": office.name, "person": None})
        return
    if shown:
        listing = Listing("单位", "部门", "联络员", "电话", "自", *(["至", "登记"] if everything else []))
        for each in shown:
            cells = (each.name, each.department, each.person, each.phone, str(each.since))
            listing.add(*cells, *([_end(each), _entered(each)] if everything else []))
        show(listing)
    if not designations:
        remark("名册是空的。登记：mingjian liaisons designate 单位 姓名 --from 日期 --by 姓名")
    elif missing:
        remark(
            f"注意：{today} 有 {len(missing)} 个单位没有联络员：{'、'.join(each.name for each in missing)}"
        )


def tell_entered(roll: Roll, today: date, *, as_json: bool) -> None:
    """What became of each designation that was asked for."""
    for each, fresh in zip(roll.entered, roll.fresh, strict=True):
        if as_json:
            say_json({**as_json_row(each), "how": "entered" if fresh else "known"})
            continue
        how = "已登记" if fresh else "已在册"
        say(f"{how}：{each.name}{each.department}　{each.person}，自{each.since}起{_until(each)}")
        if each.since > today:
            remark(f"届时（{each.since}）重复本命令，把在办案件改派给{each.person}。")


def tell_released(roll: Roll, *, as_json: bool) -> None:
    """What became of a release."""
    for each, fresh in zip(roll.entered, roll.fresh, strict=True):
        if as_json:
            say_json({**as_json_row(each), "how": "entered" if fresh else "known"})
            continue
        known = "" if fresh else "（此前已登记）"
        what = "登记有误，已撤销" if each.is_struck else f"任至{each.until}"
        say(f"已解除：{each.name}　{each.person}{what}{known}")


def tell_moved(moved: Moved, *, as_json: bool) -> None:
    """The cases that have another liaison now."""
    for each in moved.reached:
        if as_json:
            say_json({"case": each.case, "liaison": each.liaison})
        else:
            say(f"已改派：{each.case}　联络员{each.liaison}")


def tell_left(left: Sequence[Move]) -> None:
    """The open cases that still write to a former liaison."""
    cases = "、".join(each.case for each in left[:3]) + ("……" if len(left) > 3 else "")
    remark(f"注意：{len(left)} 件在办案件还是前任联络员（{cases}）：重复确定现任的命令，即行改派。")


def as_json_row(each: Designation) -> dict[str, Any]:
    """A designation as one JSON object."""
    return each.model_dump(mode="json")


def _in_order(jurisdiction: Jurisdiction, shown: Sequence[Designation]) -> list[Designation]:
    """By office as article 2 goes through them; those of a body that the jurisdiction file no longer has at the end."""
    order = {office.code: place for place, office in enumerate(offices(jurisdiction))}
    return sorted(shown, key=lambda each: order.get(each.office, len(order)))


def _is_over(each: Designation, today: date) -> bool:
    return each.until is not None and (each.is_struck or each.until < today)


def _until(each: Designation) -> str:
    return f"，任至{each.until}" if each.until else ""


def _end(each: Designation) -> str:
    return "撤销" if each.is_struck else str(each.until or "今")


def _entered(each: Designation) -> str:
    by = [each.entered_by, *([each.ended_by] if each.ended_by not in ("", each.entered_by) else [])]
    return "、".join(by)


def names(missing: Sequence[Body]) -> str:
    """The first few offices by name."""
    some = "、".join(each.name for each in missing[:3])
    return f"{some}等" if len(missing) > 3 else some
