"""What can go wrong, as one small tree.

    MingjianError
    ├── InputError        not understood: usage, file syntax, unknown field, unknown rule, impossible date   (exit 2)
    ├── Refusal           understood but refused: wrong stage, duplicate, a fact that cannot be             (exit 1)
    └── Unreachable       the server, the registry or the archive does not answer                          (exit 3)

Every text is Chinese and says what was wrong, where (file, row, field) and what to do. `InputError` and `Refusal` carry
all problems at once, never the first alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, where it stands, and what to do about it."""

    what: str
    remedy: str = ""
    field: str = ""
    row: int | None = None
    file: str = ""

    def __str__(self) -> str:
        place = "，".join(
            part
            for part in (
                self.file and f"文件 {self.file}",
                self.row is not None and f"第 {self.row} 行",
                self.field and f"字段 {self.field}",
            )
            if part
        )
        text = f"{place}：{self.what}" if place else self.what
        return f"{text}（{self.remedy}）" if self.remedy else text


class MingjianError(Exception):
    """The root: an error whose text is meant for staff."""

    exit_code = 1

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(MingjianError):
    """What was given cannot be understood."""

    exit_code = 2


class Refusal(MingjianError):
    """What was asked is understood, and refused."""

    exit_code = 1


class Unreachable(MingjianError):
    """A server, registry or archive that should answer does not."""

    exit_code = 3
