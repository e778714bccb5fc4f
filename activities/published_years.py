"""Published years and adopted rules as the books keep them, and read from the file of one machine without all that a database
needs.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from models.errors import Problem, Refusal, Unreachable
from models.publications import Publication

KIND = "calendar_publication"
ADOPTION = "rule_adoption"
"""What the books call published years, and adopted rules, among the editions."""
_PATIENCE_SECONDS = 5.0


def publications_in(file: Path, kind: str = KIND) -> tuple[Publication, ...]:
    """Those of one kind in a SQLite file, read without all that a database needs: `mingjian due` is asked many times a day.

    None are there when there is no file, or no books in it yet; Unreachable when it does not answer.
    """
    if not file.is_file():
        return ()
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS)) as connection:
            rows = connection.execute(
                "SELECT name, text, digest, published_at FROM editions WHERE kind = ? ORDER BY name", (kind,)
            ).fetchall()
    except sqlite3.Error as error:
        if "no such table" in str(error):
            return ()
        raise Unreachable(
            Problem(f"登记库 {file} 读不出来（{type(error).__name__}）", "稍后再试；mingjian doctor 可以检查")
        ) from None
    return tuple(read(name, text, digest, datetime.fromisoformat(at)) for name, text, digest, at in rows)


def read(name: str, text: str, digest: str, at: datetime) -> Publication:
    """A publication as the books keep it; Refusal when it is not what was published."""
    if digest_of(text) != digest:
        raise Refusal(
            Problem(f"第 {int(name)} 次公布的内容在登记库里被改动过", "请运维人员从备份恢复", "name")
        )
    try:
        return Publication.read(name, text, at if at.tzinfo else at.replace(tzinfo=UTC))
    except (json.JSONDecodeError, TypeError) as error:
        raise Refusal(Problem(f"第 {int(name)} 次公布的内容读不懂（{error}）", "换用更新的程序")) from None


def digest_of(text: str) -> str:
    """The SHA-256 of a text that is kept."""
    return sha256(text.encode()).hexdigest()
