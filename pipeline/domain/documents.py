"""A file's text as read: its face, what it hides, its shape, and where each word lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.domain.mail import Attachment, Problem
from pipeline.domain.text import PersonalText, Span


class TextSource(StrEnum):
    """Where a document's text comes from."""

    NATIVE = "native"
    OCR = "ocr"
    MIXED = "mixed"
    NONE = "none"


class BlockKind(StrEnum):
    """The shape of a piece of the face."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    PAGE_HEADER = "page_header"
    PAGE_FOOTER = "page_footer"
    FOOTNOTE = "footnote"
    PREFORMATTED = "preformatted"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; its span may be empty."""

    span: Span
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    cells: tuple[Cell, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table; blocks do not overlap, and stand in reading order.

    Attributes:
        level: of a heading 1 to 6; of a list item its depth from 0; else 0.
        marker: of a list item, its bullet or number as printed; it is not part of the span.
        rows: of a table.
        page: from 1, where the format has pages.
    """

    kind: BlockKind
    span: Span
    page: int | None = None
    level: int = 0
    marker: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what was filled in: two cells of a form, or `Label: value` on a line. The value may be empty."""

    label: Span
    value: Span


class TickState(StrEnum):
    """Whether a box is marked."""

    TICKED = "ticked"
    CLEAR = "clear"
    UNANSWERED = "unanswered"  # 'Yes No' printed with neither marked


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick box, and the words beside it."""

    span: Span
    state: TickState
    label: Span | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points (1/72 inch) from the top left corner of the page as shown (crop box, rotation applied)."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it is printed. `confidence` is 1 for text that was not guessed from pixels."""

    span: Span
    page: int
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document that has pages; `span` is its part of the text, width and height are in points as shown."""

    number: int
    span: Span
    width: float
    height: float
    source: TextSource = TextSource.NATIVE
    confidence: float = 1.0


class LayerKind(StrEnum):
    """Places in a file that somebody who reads it on paper does not see."""

    TRACKED_INSERTION = "tracked_insertion"
    TRACKED_DELETION = "tracked_deletion"
    COMMENT = "comment"
    HIDDEN_TEXT = "hidden_text"
    ALT_TEXT = "alt_text"
    FIELD_CODE = "field_code"
    CUSTOM_XML = "custom_xml"
    PROPERTIES = "properties"
    EMBEDDED_OBJECT = "embedded_object"
    EMBEDDED_FILE = "embedded_file"
    EARLIER_REVISION = "earlier_revision"
    XMP = "xmp"
    BOOKMARK = "bookmark"
    ANNOTATION = "annotation"
    FORM_VALUE = "form_value"
    CHOICES = "choices"
    OPTIONAL_CONTENT = "optional_content"
    INVISIBLE_TEXT = "invisible_text"
    OCR_LAYER = "ocr_layer"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    EXIF = "exif"
    LINK_TARGET = "link_target"
    MACRO = "macro"
    SCRIPT = "script"
    THUMBNAIL = "thumbnail"
    SPEAKER_NOTES = "speaker_notes"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class HiddenLayer:
    """One thing a file hides. `where` names the part of the file, without personal text."""

    kind: LayerKind
    text: PersonalText
    where: str = ""


class NoteCode(StrEnum):
    """What a reader found worth telling. Those in `HOLDING_NOTES` keep a document from being released unseen."""

    TYPE_MISMATCH = "type_mismatch"
    MACROS = "macros"
    SCRIPTS = "scripts"
    EXTRACTORS_DISAGREE = "extractors_disagree"
    TEXT_DIFFERS_FROM_PICTURE = "text_differs_from_picture"
    POOR_SCAN = "poor_scan"
    HANDWRITING = "handwriting"
    PAGE_WITHOUT_TEXT = "page_without_text"
    LOSSY_READER = "lossy_reader"
    REPAIRED = "repaired"
    EMBEDDED_FILE_UNREAD = "embedded_file_unread"
    EXTERNAL_LINK = "external_link"
    XFA_FORM = "xfa_form"
    PICTURE = "picture"
    SIGNED = "signed"
    ALTERNATIVE_DIFFERS = "alternative_differs"
    MARKED_FOR_REMOVAL = "marked_for_removal"


HOLDING_NOTES = frozenset(
    {
        NoteCode.MACROS,
        NoteCode.SCRIPTS,
        NoteCode.EXTRACTORS_DISAGREE,
        NoteCode.TEXT_DIFFERS_FROM_PICTURE,
        NoteCode.POOR_SCAN,
        NoteCode.HANDWRITING,
        NoteCode.PAGE_WITHOUT_TEXT,
        NoteCode.LOSSY_READER,
        NoteCode.REPAIRED,
        NoteCode.EMBEDDED_FILE_UNREAD,
        NoteCode.XFA_FORM,
        NoteCode.ALTERNATIVE_DIFFERS,
        NoteCode.MARKED_FOR_REMOVAL,
    }
)


@dataclass(frozen=True, slots=True)
class Note:
    """A plain sentence about how a file was read, without personal text."""

    code: NoteCode
    detail: str
    page: int | None = None

    @property
    def holds(self) -> bool:
        """Whether a person must look because of it."""
        return self.code in HOLDING_NOTES


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text as read, once; later steps add spans to the same text.

    Attributes:
        attachment: the file it was read from.
        format: the reader that read it (`pdf`, `docx`, …), from the content and never from the name.
        text: the face: what a reader on paper would see, in reading order. Blocks are parted by a blank line, table rows by a
            line feed, cells by a tab, so that two neighbouring pieces never run together.
        words: in text order, for formats with pages; empty where places are not known.
        problem: why it could not be read in full; then `text` may be empty or partial and must not be trusted to be all.
        embedded: files found inside it that are documents of their own.
    """

    attachment: Attachment
    format: str
    text: PersonalText = PersonalText("")
    source: TextSource = TextSource.NONE
    blocks: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    ticks: tuple[Tick, ...] = ()
    pages: tuple[Page, ...] = ()
    words: Sequence[Word] = field(default=(), repr=False)
    hidden: tuple[HiddenLayer, ...] = ()
    notes: tuple[Note, ...] = ()
    problem: Problem | None = None
    embedded: tuple[Attachment, ...] = ()

    @property
    def name(self) -> PersonalText:
        """The file's own name."""
        return self.attachment.name

    def page_of(self, position: int) -> int | None:
        """The number of the page that holds the character at `position`, or None where there are no pages."""
        return next((page.number for page in self.pages if page.span.start <= position < max(page.span.end, page.span.start + 1)), None)

    @property
    def word_count(self) -> int:
        """How many words the face has, parted at white space."""
        return len(self.text.split())
