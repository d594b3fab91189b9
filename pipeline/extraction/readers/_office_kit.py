"""Converts one file in LibreOffice's own library, in a process of its own: `python _office_kit.py PROGRAM SOURCE TARGET PROFILE`.

The `soffice` program meets its other windows through a socket in /tmp, which the confined reading process may not make; the library opens
no socket and no window. It runs no macros unless it is asked to. Imports nothing of this program, so that it starts at once.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import Any

LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Where the library's door is, by how LibreOffice was built."""

LOAD, SAVE = 2, 2
"""Places in the tables of functions of LibreOfficeKit.h, which are only ever added to: `documentLoad` and `saveAs`."""


def library(program: Path) -> Path | None:
    """The library beside the `soffice` program, or None where this build has none."""
    return next((program.parent / name for name in LIBRARIES if (program.parent / name).is_file()), None)


def convert(program: Path, source: Path, target: Path, profile: Path) -> bool:
    """Opens `source` and saves it as the format that the ending of `target` names. Gives whether it worked."""
    found = library(program)
    if found is None:
        return False
    hook = ctypes.CDLL(str(found), mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
    hook.restype, hook.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
    office = hook(os.fsencode(program.parent), _address(profile))
    if not office:
        return False
    document = _function(office, LOAD, ctypes.c_void_p, 1)(office, _address(source))
    if not document:
        return False
    return bool(_function(document, SAVE, ctypes.c_int, 3)(document, _address(target), target.suffix[1:].encode(), None))


def _address(path: Path) -> bytes:
    return path.as_uri().encode("ascii")


def _function(thing: int, place: int, gives: Any, texts: int) -> Any:
    """A function of a thing: the thing begins with the address of its table of functions, and each takes the thing itself first."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0]
    address = ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[place]
    return ctypes.CFUNCTYPE(gives, ctypes.c_void_p, *[ctypes.c_char_p] * texts)(address)


if __name__ == "__main__":
    os._exit(0 if convert(*map(Path, sys.argv[1:5])) else 1)  # at once: LibreOffice's threads would keep an ordinary exit waiting
