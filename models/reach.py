"""What a desk (席位) may see: the cases of which counties, and up to which level of confidentiality.

State secrets are no level: what bears a 密级 may not be kept here at all ([公文]26). Below them 《保守国家秘密法》(2024) 64 knows
work secrets (工作秘密), which are not for everybody in the house.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.terms import LabelledEnum


class Level(LabelledEnum):
    """How confidential a case is, the lowest first."""

    ORDINARY = "ordinary", "普通"
    INTERNAL = "internal", "内部"


LEVELS = tuple(Level)
HIGHEST = LEVELS[-1]


@dataclass(frozen=True, slots=True)
class Reach:
    """`counties` are codes of places, a city's or a province's with all that lies in it (none: everywhere); `level` is the
    highest that may be seen; `desk` is whose reach it is.
    """

    counties: tuple[str, ...] = ()
    level: Level = HIGHEST
    desk: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is out of reach."""
        return not self.counties and self.has_all_levels

    @property
    def has_all_levels(self) -> bool:
        """Whether no level is out of reach."""
        return self.level is HIGHEST

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that may be seen."""
        return LEVELS[: LEVELS.index(self.level) + 1]

    def has_place(self, county: str) -> bool:
        """Whether cases of a county may be seen, if their level allows."""
        return not self.counties or any(county.startswith(stem(each)) for each in self.counties)

    def has(self, county: str, level: str) -> bool:
        """Whether a case of that county and level may be seen."""
        return self.has_place(county) and level in self.levels


WHOLE = Reach()
"""Everything: the city's own office, and what works without anybody looking."""


def stem(place: str) -> str:
    """What the codes of a place and of all that lies in it begin with; of a county, its own code."""
    return place.removesuffix("00").removesuffix("00")
