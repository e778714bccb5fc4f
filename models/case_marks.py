"""What can be asked of a case by yes or no: the registry's filter and the script's options both derive from it.

Known to the script's help pages, and so free of whatever takes time to load.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any, NamedTuple


class Asked(NamedTuple):
    """How staff ask for a mark: the option, and what it says."""

    option: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMarks:
    """Each mark that is asked for must be on a case.

    `unserved` means a letter issued and not yet received, `unassessed` a reply that waits for its assessment, `unmatched`
    something that waits to be sorted, `pending` a draft that waits to be approved or issued, `focus` the focus of article 1.
    """

    overdue: Annotated[bool, Asked("--overdue", "有逾期未复的")] = False
    provisional: Annotated[bool, Asked("--provisional", "有暂定期限的")] = False
    unserved: Annotated[bool, Asked("--unserved", "有文书未送达的")] = False
    unassessed: Annotated[bool, Asked("--unassessed", "有回复待评估的")] = False
    unmatched: Annotated[bool, Asked("--unmatched", "有材料待整理的")] = False
    pending: Annotated[bool, Asked("--pending", "有文书待审批、待制发的")] = False
    open_only: Annotated[bool, Asked("--open", "尚未结案的")] = False
    focus: Annotated[bool, Asked("--focus", "重点案件（违法乱占耕地）")] = False

    def marks(self) -> dict[str, Any]:
        """The marks alone, by name."""
        return {each.name: getattr(self, each.name) for each in fields(CaseMarks)}
