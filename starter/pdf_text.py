"""The text of a PDF's first pages, read by a process of its own: a hostile file cannot fill this one's memory or hold it up.

    python pdf_text.py FILE

prints one JSON object: `encrypted`, and `text` as far as it can be read. Imports nothing of ours.
"""

from __future__ import annotations

import json
import logging
import resource
import sys

PAGES = 5
CHARACTERS = 200_000
_MEMORY = 512 * 1024 * 1024
_SECONDS = 10


def read(path: str) -> dict[str, object]:
    """What is read of a PDF: `encrypted` when it opens with a password alone."""
    from pypdf import PdfReader

    logging.disable()
    with open(path, "rb") as file:  # noqa: PTH123  # a reader that is given a path reads the whole file at once
        reader = PdfReader(file)
        if reader.is_encrypted:
            return {"encrypted": True, "text": ""}
        pages = reader.pages[:PAGES]
        return {
            "encrypted": False,
            "text": "\n".join(page.extract_text() for page in pages)[:CHARACTERS],
        }


def main() -> None:
    """Read the file that the command line names, within limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    print(json.dumps(read(sys.argv[1])))


if __name__ == "__main__":
    main()
