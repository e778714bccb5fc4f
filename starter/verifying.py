"""Verifying the archive: every paper read again and compared with what was written down when it was filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from activities.archive import Archive
from models.bags import Finding


def verify(archive: Archive, case_ids: Sequence[str] = ()) -> Iterator[tuple[str, list[Finding]]]:
    """Each case's id with what is wrong with its folder, one at a time; without ids, all cases in the
    archive.

    A finding's `str()` is a Chinese sentence. Raises InputError for an id that is none, Unreachable when
    the archive does not answer.
    """
    for case_id in case_ids or archive.cases():
        yield case_id, archive.verify(case_id)
