"""正本: the paper of a letter as it was signed or edited and truly went out, kept beside the one that was made here."""

from __future__ import annotations

from datetime import date

from models.correspondence import Correspondence
from models.errors import Problem
from models.facts import OriginalKept
from models.letters import Original

SUFFIXES = (".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".docx")
"""What an original may be: a page description, a scan, or a document for Word without macros."""


class Originals:
    """Enters originals with the letters of a case."""

    def __init__(self, correspondence: Correspondence) -> None:
        self._correspondence = correspondence

    def check(self, fact: OriginalKept, today: date) -> list[Problem]:
        """Whether there is a file, of a kind that can be an original, of a letter that went out."""
        problems = self._correspondence.check_issued(fact, today)
        if fact.paper is None:
            problems.append(Problem("没有附上正本的文件", "加 --paper 文件", "paper"))
        elif not fact.paper.name.lower().endswith(SUFFIXES):
            name = fact.paper.name.rpartition("/")[2]
            problems.append(Problem(f"“{name}”不能作正本", f"可用：{'、'.join(SUFFIXES)}", "paper"))
        return problems

    def take(self, fact: OriginalKept, today: date) -> str:
        """From then on it is the issued version; ours stays."""
        letter = self._correspondence.letter_of(fact)
        assert fact.paper is not None
        letter.originals.append(Original(fact.id, fact.on, fact.paper))
        return f"{letter}的正本于{fact.on}入卷，以正本为准"
