"""Asks clamd whether a file holds a virus, over a Unix socket or TCP, with its INSTREAM command."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.domain.errors import ScannerError, UnreadableReason
from pipeline.domain.mail import Problem

CHUNK = 1 << 18
LONGEST_ANSWER = 4_096
FOUND = re.compile(r"stream: (?P<name>[\w.:+/-]{1,120})(\([^)]*\))? FOUND")
"""clamd's answer for a file that holds a virus; the name is the signature's and not the file's (clamd(8), SCAN and INSTREAM)."""

CLEAN = "stream: OK"
TOO_LARGE = "INSTREAM size limit exceeded"


class ClamdScanner:
    """One clamd; a connection for each file, since clamd closes it after one answer.

    Args:
        address: the path of its socket, or `host:port`.
        seconds: how long one step of the conversation may take; a large archive keeps clamd thinking for tens of seconds.
    """

    def __init__(self, address: str, *, seconds: float = 60.0) -> None:
        self._address, self._seconds = address, seconds

    def scan(self, content: bytes) -> Problem | None:
        """Why the file must not be opened, or None where nothing was found.

        Raises:
            ScannerError: clamd did not answer; nothing is known of the file.
        """
        answer = self._ask(b"zINSTREAM\0", content)
        if answer == CLEAN:
            return None
        if found := FOUND.fullmatch(answer):
            return Problem(UnreadableReason.INFECTED, f"the virus scanner found {found['name']} in it; it was not opened")
        if answer.startswith(TOO_LARGE):
            detail = "it is larger than the virus scanner takes, and was not opened; raise StreamMaxLength in clamd.conf"
            return Problem(UnreadableReason.TOO_LARGE, detail)
        raise self._silent("gave an answer that is none")

    def version(self) -> str:
        """clamd's version and the age of its signatures, as it tells them.

        Raises:
            ScannerError: clamd did not answer.
        """
        return self._ask(b"zVERSION\0")

    def _ask(self, command: bytes, content: bytes | None = None) -> str:
        try:
            with self._connected() as connection:
                connection.sendall(command)
                if content is not None:
                    self._stream(connection, content)
                return self._answer(connection)
        except OSError as error:
            raise self._silent(f"does not answer ({error.strerror or type(error).__name__})") from None

    def _silent(self, what: str) -> ScannerError:
        return ScannerError(f"the virus scanner at {self._address} {what}; mail waits until it does: start clamd, or mend antivirus.socket")

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        host, _, port = self._address.rpartition(":")
        if host and port.isdigit():
            connection = socket.create_connection((host.strip("[]"), int(port)), self._seconds)
        else:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._seconds)
        with connection:
            if connection.family == socket.AF_UNIX:
                connection.connect(str(Path(self._address)))
            yield connection

    def _stream(self, connection: socket.socket, content: bytes) -> None:
        """Sends the content in pieces, each after its length; clamd hangs up once it has enough, and its answer says why."""
        try:
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                connection.sendall(struct.pack(">I", len(piece)) + piece)
            connection.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            return

    def _answer(self, connection: socket.socket) -> str:
        answer = bytearray()
        while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
            piece = connection.recv(LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
        return answer.rstrip(b"\0\n").decode("ascii", "replace")
