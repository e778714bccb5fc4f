"""The door to a case: whoever names one from a desk that may not see it hears nothing of it, not even whether there is one."""

from __future__ import annotations

from contextlib import closing

from activities.database import Database
from models.bodies import Jurisdiction
from models.errors import Problem, Refusal
from models.numbering import CaseId
from models.reach import Reach
from models.settings import Settings
from models.tables import CaseTable


def is_within(database: Database, case: str) -> bool:
    """Whether a case may be spoken to from the desk of this database.

    One that was opened this moment has no row yet: of a desk that sees all levels its county is enough.
    """
    reach, parts = database.reach, CaseId.parse(case)
    if reach.is_whole or (reach.has_all_levels and parts is not None and reach.has_place(parts.county)):
        return True
    with database.reading() as session:
        return session.get(CaseTable, case) is not None


def out_of_reach(case: str, field: str = "CASE") -> Refusal:
    """The same words for a case that is there and for one that is not."""
    what = f"本席位查不到案件 {case}"
    remedy = "核对编号；编号无误的，可能不在本席位的地方或知悉范围以内（刚立案的，稍候再试），请市院办理"
    return Refusal(Problem(what, remedy, field=field))


def let_in(settings: Settings, case: str, field: str = "CASE") -> None:
    """Refusal for a case that is out of reach of this desk."""
    if not settings.reach.is_whole:
        with closing(Database(settings.registry, reach=settings.reach)) as database:
            if not is_within(database, case):
                raise out_of_reach(case, field)


def refuse_part(settings: Settings, what: str) -> None:
    """Refusal for what is done for the whole city at once, from a desk that sees a part of it."""
    if not settings.reach.is_whole:
        raise Refusal(
            Problem(
                f"{what}涉及全市案件，本席位只看{bounds(settings)}",
                "请在市院的席位（全部地方、全部案件）上办理",
            )
        )


def refuse_place(settings: Settings, county: str, name: str, field: str = "") -> None:
    """Refusal for what is done in a place out of reach."""
    if not settings.reach.has_place(county):
        raise Refusal(
            Problem(f"{name}不在本席位的范围：{bounds(settings)}", "请在管这个地方的席位上办理", field=field)
        )


def bounds(settings: Settings) -> str:
    """The bounds of a desk in words: 永安市的普通案件; empty where it has none."""
    reach = settings.reach
    if reach.is_whole:
        return ""
    places = Jurisdiction.load(settings.jurisdiction).places if reach.counties else {}
    named = "、".join(places[each].name if each in places else each for each in reach.counties)
    return f"{named}的{_levels(reach)}" if named else _levels(reach)


def _levels(reach: Reach) -> str:
    return "案件" if reach.has_all_levels else "、".join(each.label for each in reach.levels) + "案件"


def only(settings: Settings) -> str:
    """What stands beside figures that are not of everything: 仅限永安市的案件; empty where they are."""
    told = bounds(settings)
    return f"仅限{told}" if told else ""


def aside(settings: Settings) -> str:
    """The same behind a sentence."""
    told = only(settings)
    return f"（{told}）" if told else ""
