"""The reading process may write no more: its temporary folder is full."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from broken_programs import fresh
from needs import require

from pipeline.domain.documents import NoteCode
from pipeline.domain.mail import Attachment
from pipeline.domain.text import PersonalText
from pipeline.extraction.confine import Limits
from pipeline.extraction.reading import read
from pipeline.thinking import Tools


def old_word(corpus: Path) -> bytes:
    """An old Word file of the corpus: the one format that is put on disk to be read."""
    for path in sorted(corpus.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        for part in message.iter_attachments():
            if str(part.get_filename()).endswith(".doc"):
                return bytes(part.get_payload(decode=True) or b"")
    raise AssertionError("the corpus has no old Word file")


def test_a_file_that_cannot_be_put_on_disk_is_never_read_in_part_in_silence(tools: Tools, corpus: Path) -> None:
    """Either it is unreadable, or it was read by the lighter reader and is held for that; the next file is read."""
    require("soffice")
    with fresh(tools, Limits(file_bytes=1_000)) as full:
        document = full.sandbox.run(read, Attachment(PersonalText("a.doc"), old_word(corpus)), full.reading)
        assert document.problem is not None or NoteCode.LOSSY_READER in [note.code for note in document.notes]
        assert full.sandbox.run(read, Attachment(PersonalText("a.txt"), b"Robin is well"), full.reading).text == "Robin is well"
