"""The journal of a case as it lies in its sealed folder (`journal.jsonl`): whether its chain holds.

{"seq": 1, "at": "2021-09-15T09:00:00+08:00", "message": {…}, "chain": "<hash over this line and the one before>"}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from pydantic import ValidationError

from models.chain import chained
from models.errors import Problem
from models.messages import MESSAGES

JOURNAL = "journal.jsonl"


def broken_link(lines: Iterable[str]) -> Problem | None:
    """The first line of a journal that is not what the chain says, or cannot be read; None when all hold."""
    chain = ""
    for place, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            message = MESSAGES.validate_python(entry["message"])
            at = datetime.fromisoformat(entry["at"])
            said = entry["seq"], entry["chain"]
        except (ValueError, LookupError, TypeError, RecursionError, ValidationError):
            what, remedy = "办案记录的这一条读不懂", "由移送单位核对；由更新的版本写成的，升级程序后再试"
            return Problem(what, remedy, row=place, file=JOURNAL)
        chain = chained(chain, place, at, message)
        if said != (place, chain):
            what, remedy = "办案记录的哈希链在这一条断开，可能被改动", "由移送单位核对后重新打包"
            return Problem(what, remedy, row=place, file=JOURNAL)
    return None
