from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.dispatch.maildir import MaildirTransport
from pipeline.domain.authority import Letter
from pipeline.domain.errors import DispatchError

LETTER = Letter(
    "to-authority", "<x@gateway>", ("a@council.example",), ("b@icb.example",), "s", b"Message-ID: <x@gateway>\r\n\r\n.Zebulon\r\n"
)


def test_keeps_the_bytes_and_takes_everybody(tmp_path: Path) -> None:
    """The letter lies in `new` byte for byte, for all its recipients, made-up addresses too."""
    receipt = MaildirTransport(tmp_path / "out").send(LETTER, LETTER.recipients)
    (path,) = (tmp_path / "out" / "new").iterdir()
    assert path.read_bytes() == LETTER.content
    assert receipt.accepted == LETTER.recipients


def test_finds_what_arrived(tmp_path: Path) -> None:
    """A letter is recognised by its Message-ID."""
    transport = MaildirTransport(tmp_path / "out")
    assert not transport.arrived(LETTER.message_id)
    transport.send(LETTER, LETTER.recipients)
    assert transport.arrived(LETTER.message_id)
    assert not transport.arrived("<y@gateway>")


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    """A file in the way puts the letter off with one line."""
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(DispatchError, match="cannot be written to"):
        MaildirTransport(tmp_path / "out").send(LETTER, LETTER.recipients)
