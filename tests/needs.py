"""What a test needs on the machine: missing means skipped with a reason, or failed where everything is required (in CI)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

WHERE = {
    "dovecot": ("dovecot", "/usr/sbin/dovecot"),
    "postfix": ("postfix", "/usr/sbin/postfix"),
    "tesseract": ("tesseract",),
    "soffice": ("soffice", "libreoffice"),
    "chromium": ("chromium", "/usr/bin/chromium"),
    "clamd": ("clamd", "/usr/sbin/clamd"),
    "pdftotext": ("pdftotext",),
    "initdb": ("initdb", *sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
    "pg_ctl": ("pg_ctl", *sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))),
}
"""Program, and where to look for it."""


def require(program: str) -> str:
    """The program's path; skips the test where it is missing, and fails it where REPORTGATE_REQUIRE_ALL is set."""
    for candidate in WHERE[program]:
        found = shutil.which(candidate)
        if found:
            return found
    message = f"{program} is not on this machine"
    if os.environ.get("REPORTGATE_REQUIRE_ALL"):
        pytest.fail(f"{message}, and REPORTGATE_REQUIRE_ALL says that every test must run")
    pytest.skip(message)
