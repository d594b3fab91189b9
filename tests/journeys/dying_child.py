"""A gateway process that is killed at a named place: python dying_child.py CONFIG VERB PLACE NAME [after]."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Runs the verb; at the function PLACE.NAME, or right after it has returned, the process kills itself as `kill -9` would."""
    config, verb, place, name, *when = sys.argv[1:]
    owner: Any = importlib.import_module(place)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    good = getattr(owner, last)

    def dying(*arguments: Any, **named: Any) -> Any:
        if when:
            good(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, last, dying)
    from pipeline.commands import road

    getattr(road, verb)(Path(config))


if __name__ == "__main__":
    main()
