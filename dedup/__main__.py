"""``dedup`` and ``python -m dedup``."""

from __future__ import annotations

import os
import signal
from typing import Any


def main() -> None:
    """Run the command line; a signal that comes while it is imported ends it in one line as well."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    from .cli import main as run

    run()


def _stop(number: int, frame: Any) -> None:
    os.write(2, b"dedup: stopped\n")
    os._exit(128 + number)  # nothing was begun


if __name__ == "__main__":
    main()
