"""Letters that tell (通报、部署、答复): whom they reach, and who has acknowledged them (收悉)."""

from __future__ import annotations

from collections.abc import Sequence

from models.dates import EventDate
from models.letters import Letter
from models.terms import Stance

_ACKNOWLEDGING = (Stance.ACKNOWLEDGED, Stance.AGREED, Stance.ADOPTED)


def acknowledged_on(letter: Letter) -> EventDate | None:
    """The day on which a recipient acknowledged a letter; None while it has not, or disputes it."""
    return next((each.sent_on for each in letter.replies if each.stance in _ACKNOWLEDGING), None)


def unreached(sides: Sequence[str], letters: Sequence[Letter]) -> list[str]:
    """Those that no letter is addressed to: an office is reached through its body (三明市自然资源局执法监察科)."""
    return [
        side
        for side in sides
        if not any(letter.is_to(side) or side.startswith(letter.recipient.name) for letter in letters)
    ]
