"""Sweeps away what shows what must not leave and was left lying: previews that nobody looks at any more, folders of readers that died.

The store keeps letters and originals sealed; these are the only places where pages and files of a report lie open on the disk, for as
long as somebody looks at them or reads them. A killed process cannot tidy up after itself.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

PREVIEWS = "previews"
"""Below the data folder."""
PREVIEWS_KEPT = timedelta(hours=1)
"""How long a preview may lie; a reviewer who needs it again has it made again."""
READERS = "reportgate-"
"""How the temporary folders of readers are named; then comes the number of the process that made them."""


def sweep(data_dir: Path, now: datetime, *, temporary: Path | None = None) -> int:
    """Deletes old previews, and folders of readers of which the process is gone; returns how many were deleted.

    What cannot be deleted stays, and is met again at the next sweep.

    Args:
        data_dir: the gateway's data folder.
        now: the time of day, aware.
        temporary: where temporary folders are made; the system's place unless named.
    """
    latest = (now - PREVIEWS_KEPT).timestamp()
    gone = [folder for folder in _folders(data_dir, PREVIEWS) if folder.stat().st_mtime < latest]
    gone += [folder for folder in _folders(temporary or Path(tempfile.gettempdir()), READERS + "*") if _is_orphan(folder)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return sum(not folder.exists() for folder in gone)


def _folders(place: Path, pattern: str) -> list[Path]:
    """Folders of our own; a link that somebody else put there is not followed."""
    found = place.glob(pattern) if place.is_dir() else ()
    return [each for each in found if stat.S_ISDIR(each.lstat().st_mode) and each.lstat().st_uid == os.getuid()]


def _is_orphan(folder: Path) -> bool:
    number = folder.name.removeprefix(READERS).partition("-")[0]
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
