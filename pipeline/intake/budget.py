"""The limits on opening containers, and the count of what has been used of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How far containers are opened.

    Attributes:
        depth: containers within containers.
        members: files in all containers of one attachment together.
        unpacked_bytes: bytes of those files together.
        ratio: unpacked to packed bytes of one file, looked at from `ratio_from` bytes on; text packs 20 to 1, a bomb 1,000 to 1.
        passwords: tried on encrypted members; entered by a reviewer and held in memory only.
    """

    depth: int = 8
    members: int = 1_000
    unpacked_bytes: int = 400_000_000
    ratio: int = 200
    ratio_from: int = 5_000_000
    passwords: tuple[str, ...] = field(default=(), repr=False)


class Exhausted(Exception):
    """A container holds more than the limits allow."""


class Locked(Exception):
    """A container is encrypted."""


class Spoiled(Exception):
    """A container cannot be read."""


@dataclass(slots=True)
class Budget:
    """What is left of the limits for one attachment, however its containers are nested."""

    limits: Limits
    members: int = 0
    unpacked: int = 0

    def enter(self, depth: int) -> None:
        """Allows a container to be opened that many containers down.

        Raises:
            Exhausted: it is too deep.
        """
        if depth >= self.limits.depth:
            raise Exhausted

    def file(self) -> None:
        """Counts one more file.

        Raises:
            Exhausted: there are too many.
        """
        self.members += 1
        if self.members > self.limits.members:
            raise Exhausted

    def data(self, size: int) -> None:
        """Counts unpacked bytes.

        Raises:
            Exhausted: there are too many.
        """
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise Exhausted
