"""The composition root: the only place where the parts are put together from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.domain.errors import RulesError
from pipeline.domain.ports import Sandbox
from pipeline.extraction.confine import Limits as ProcessLimits
from pipeline.extraction.options import ReadOptions
from pipeline.extraction.sandbox import WorkerPool
from pipeline.guidance import library
from pipeline.intake.budget import Limits
from pipeline.recognition.engine import Engine
from pipeline.redaction.settings import CopySettings
from pipeline.routing import directory
from pipeline.settings import Settings
from pipeline.thinking import Tools

PACKAGE = Path(__file__).resolve().parent


def rules_folder(settings: Settings) -> Path:
    """The rules in force: as set, else the copy an installed wheel carries, else `rules/` beside the source.

    Raises:
        RulesError: there is no such folder.
    """
    for place in (settings.rules_dir, PACKAGE / "_rules", PACKAGE.parent / "rules"):
        if place is not None and place.is_dir():
            return place
        if place is not None and place == settings.rules_dir:
            raise RulesError(f"rules_dir {place} is not a folder; set it to the folder that holds packs/ and directory/")
    raise RulesError("no rules folder was found; set rules_dir to the folder that holds packs/ and directory/")


def limits(settings: Settings) -> Limits:
    """How far containers are opened."""
    return Limits(unpacked_bytes=settings.reading.unpacked_bytes)


def read_options(settings: Settings) -> ReadOptions:
    """What readers are told."""
    given = settings.reading
    return ReadOptions(pages=given.pages, file_bytes=given.file_bytes, unpacked_bytes=given.unpacked_bytes, ocr=given.ocr)


@contextmanager
def reading(settings: Settings) -> Iterator[Sandbox]:
    """The processes in which files from outside are opened; they end with the block."""
    given = settings.reading
    with WorkerPool(ProcessLimits(wall_seconds=given.seconds, memory_bytes=given.memory_bytes), workers=given.workers) as pool:
        pool.warm()  # starts beside the loading of the language model
        yield pool


@contextmanager
def thinking(settings: Settings) -> Iterator[Tools]:
    """Everything that assessing a message needs, without mailbox, database or network."""
    rules = rules_folder(settings)
    with reading(settings) as sandbox:
        yield Tools(
            sandbox=sandbox,
            engine=Engine.load(rules),
            library=library.load(rules),
            directory=directory.load(rules),
            limits=limits(settings),
            reading=read_options(settings),
            copying=CopySettings(ocr_proof=settings.copying.ocr_proof, dpi=settings.copying.dpi),
            sender=settings.letters.sender,
            help_contact=settings.letters.help_contact,
            trusted_servers=settings.trusted_servers,
        )
