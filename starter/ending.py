"""The one place through which the script ends.

A short client process of the Temporal SDK dies at interpreter exit with SIGSEGV or SIGABRT in one run of ten
(temporalio/sdk-python#300); flushing and leaving without the interpreter's own teardown does not.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def end(code: int) -> NoReturn:
    """Flush what was printed and leave with an exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
