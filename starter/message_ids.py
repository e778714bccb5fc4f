"""The ids of messages that were given none: the same words to the same case have the same id, so that they are entered once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence

_ORDINAL = re.compile(r"(.+-[0-9a-f]{16})-\d+")


def natural_id(case: str, kind: str, *parts: str) -> str:
    """An id that is the same for the same message to the same case."""
    digest = hashlib.sha256("\n".join((case, kind, *parts)).encode()).hexdigest()
    return f"{kind}-{digest[:16]}"


def told_apart(wanted: Sequence[str], taken: Sequence[str], own: Container[str] = ()) -> list[str]:
    """The ids of decisions that are to be taken one after another, after those of the journal (`taken`, in its order).

    What is said again is the same decision only while no other came since: a command given twice, or given again because no
    answer was heard, also of a batch that broke off, is taken once; what was approved, returned and is approved again is a
    decision of its own, and its natural id gets an ordinal. Ids that staff chose (`own`) stay.
    """
    ids = _repeated(wanted, taken)
    before = [*taken]
    for each in wanted[len(ids) :]:
        earlier = {known for known in before if _natural(known) == each}
        if each in own or not earlier:
            ids.append(each)
        else:
            ids.append(before[-1] if before[-1] in earlier else f"{each}-{len(earlier) + 1}")
        before.append(ids[-1])
    return ids


def _repeated(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """What the journal ends with, as far as a batch begins with it."""
    for number in range(min(len(wanted), len(taken)), 0, -1):
        last = taken[-number:]
        if [_natural(known) for known in last] == list(wanted[:number]):
            return list(last)
    return []


def _natural(id: str) -> str:
    found = _ORDINAL.fullmatch(id)
    return found[1] if found else id
