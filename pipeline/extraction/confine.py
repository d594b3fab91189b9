"""Takes away from the reading process what it does not need: time, memory, the network, and the disk outside its own folder.

Limits of the kernel that a process sets on itself and cannot lift again, save the time limits, which the parent enforces from outside.
What the kernel or the container does not permit is left out and named in the answer, never passed over in silence.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000
PR_SET_NO_NEW_PRIVS = 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
"""System call numbers, the same on every architecture (landlock(7), Linux 5.13)."""
WRITE_FILE = 0b10
WRITING = 0b1_1111_1111_0010
"""Write a file, and remove or make anything in a folder (bits 1 and 4 to 12 of LANDLOCK_ACCESS_FS, first version)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call in the reading process may use.

    Attributes:
        wall_seconds: until it is killed, whatever it does; the default leaves room for 300 scanned pages on one processor.
        silent_seconds: until it is killed where it gives no sign of life (`pipeline.domain.progress`), such as a page read.
        cpu_seconds: of processor time, for the process itself and for each program it starts.
        memory_bytes: of address space, for the process itself and for each program it starts.
        file_bytes: the largest file it may write.
        result_bytes: the largest answer it may give.
        jobs: after how many calls it is replaced by a fresh one.
    """

    wall_seconds: float = 3600.0
    silent_seconds: float = 300.0
    cpu_seconds: int = 3600
    memory_bytes: int = 4_000_000_000
    file_bytes: int = 600_000_000
    result_bytes: int = 600_000_000
    jobs: int = 200


def confine(limits: Limits, folder: Path) -> tuple[str, ...]:
    """Confines this process for good. Gives what could not be taken away, in plain words."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 512),
    ):
        _limit(what, most)
    steps = (("the network", _leave_network), ("writing outside its folder", lambda: _only_write_in(folder)))
    return tuple(name for name, step in steps if not step())


def allow_cpu(seconds: int) -> None:
    """Gives the next call its own processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (value, value))


def _leave_network() -> bool:
    """Into a network namespace of its own, which has no way out."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    try:  # without these lines files could not be made any more: their owner would have no number in here
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    except OSError:
        return True
    return True


def _only_write_in(folder: Path) -> bool:
    """Landlock: from here on nothing outside `folder` can be written, made or removed, save that /dev/null may be written to."""
    libc = ctypes.CDLL(None, use_errno=True)
    rules = libc.syscall(LANDLOCK_CREATE, struct.pack("Q", WRITING), ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    try:
        for path, allowed in ((folder, WRITING), (Path("/dev/null"), WRITE_FILE)):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            libc.syscall(LANDLOCK_ADD, rules, 1, struct.pack("=Qi", allowed, place), 0)
            os.close(place)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(LANDLOCK_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)
