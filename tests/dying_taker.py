"""The script as a process that is killed at one step of taking a paper in: `python -m tests.dying_taker STEP ARGUMENT…`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from starter import main as script

STEPS = {
    "before the archive": "starter.inbox._archive",
    "after the archive": "starter.inbox._papers",
    "after the register": "starter.steering._record",
    "after the case": "starter.inbox._move",
}


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with patch(STEPS[sys.argv[1]], _die):
        sys.exit(script.run(sys.argv[2:]))
