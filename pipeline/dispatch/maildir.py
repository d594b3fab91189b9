"""Hands letters to a Maildir, for trying things out and for sites whose own mailer takes them from there."""

from __future__ import annotations

import mailbox
from pathlib import Path

from pipeline.domain.authority import Letter
from pipeline.domain.errors import DispatchError
from pipeline.domain.ports import Receipt


class MaildirTransport:
    """The port `Transport` into a folder; it takes every address."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, letter: Letter, recipients: tuple[str, ...]) -> Receipt:
        """Puts the letter into the Maildir, byte for byte.

        Raises:
            DispatchError: the folder cannot be written to.
        """
        try:
            box = mailbox.Maildir(self._path, create=True)
            box.add(letter.content)
        except OSError as error:
            raise DispatchError(
                f"the Maildir for outgoing letters cannot be written to ({type(error).__name__}); mend its folder"
            ) from None
        return Receipt(recipients)

    def arrived(self, message_id: str) -> bool:
        """Whether a letter of this Message-ID is there: how one that became uncertain is settled."""
        if not self._path.is_dir():
            return False
        box = mailbox.Maildir(self._path, create=False)
        return any(message["Message-ID"] == message_id for message in box)
