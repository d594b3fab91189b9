"""Walks RTF group by group: pieces for what is shown, layers for what is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.domain.documents import BlockKind, LayerKind
from pipeline.domain.mail import Attachment
from pipeline.extraction.builder import DocumentBuilder
from pipeline.extraction.readers import _face as face
from pipeline.extraction.readers import _ooxml as ooxml
from pipeline.extraction.readers import _rtf_objects as objects
from pipeline.extraction.readers import _rtf_state as states
from pipeline.extraction.readers import _rtf_tokens as rtf
from pipeline.extraction.readers._colours import Colour, alike
from pipeline.extraction.readers._forms import CLEAR, TICKED, printed
from pipeline.extraction.readers._package import damaged
from pipeline.extraction.readers._rich import PAGE_BREAK, Para, Piece, Run, plain
from pipeline.extraction.readers._rtf_state import BODY, Collected, Font, State
from pipeline.extraction.readers._rtf_story import RtfStory

_CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "page": PAGE_BREAK,
}
_SYMBOLS = {"~": " ", "_": "-", "-": "", "\n": None, "\r": None, "\t": "\t", "{": "{", "}": "}", "\\": "\\"}
_HEADING = re.compile(r"\s*heading\s*(\d)", re.IGNORECASE)
_LINK = re.compile(r'\s*HYPERLINK\s+(?:\\[a-z]\s+)*"?([^"\s]+)"?', re.IGNORECASE)
_INNER_NAME = re.compile(r"_|Text\d|Check\d|Dropdown\d|OLE_LINK\d|bookmark\d", re.IGNORECASE)
_DEAD_CODE = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|FORM\w+|DATE|TIME|SEQ|TOC|PAGEREF|REF)\b[\\@*\s\w\"/.:-]{0,40}", re.IGNORECASE)
_PLAIN_LOOK = {
    **dict.fromkeys(("bold", "underlined", "hidden", "backed", "deleted", "inserted"), False),
    "size": 12.0,
    **dict.fromkeys(("colour", "ground", "marker"), 0),
}
_MOST_GROUPS = 2_000  # groups inside groups; Word's own limit is far lower


class RtfReader:
    """Reads one file.

    Raises:
        Unreadable: groups do not close, or nest too deeply.
    """

    def __init__(self, builder: DocumentBuilder, attachment: Attachment) -> None:
        self._builder = builder
        self._attachment = attachment
        self._stack: list[State] = []
        self._state = State()
        self._fonts: dict[int, Font] = {}
        self._colours: list[tuple[int, int, int]] = []
        self._styles: dict[int, str] = {}
        self._code_page = "cp1252"
        self._bytes = bytearray()
        self._skip = 0
        self._links: list[str] = []
        self._stories: dict[str, list[RtfStory]] = {BODY: [RtfStory()]}
        self.paper = face.A4
        self._words: dict[str, Callable[[int | None], None]] = {
            "b": lambda n: self._set(bold=n != 0),
            "ul": lambda n: self._set(underlined=n != 0),
            "ulnone": lambda _: self._set(underlined=False),
            "v": lambda n: self._set(hidden=n != 0),
            "deleted": lambda n: self._set(deleted=n != 0),
            "revised": lambda n: self._set(inserted=n != 0),
            "fs": lambda n: self._set(size=(n or 24) / 2),
            "f": lambda n: self._set(font=n or 0),
            "cf": lambda n: self._set(colour=n or 0),
            "cb": lambda n: self._set(backed=self._dark(n), ground=n or 0),
            "chcbpat": lambda n: self._set(backed=self._dark(n), ground=n or 0),
            "highlight": lambda n: self._set(backed=self._dark(n), marker=n or 0),
            "plain": lambda _: self._set(**_PLAIN_LOOK),
            "uc": lambda n: self._set(skip=max(n or 0, 0)),
            "u": self._unicode,
            "ansicpg": self._set_code_page,
            "mac": lambda _: self._use("mac_roman"),
            "pc": lambda _: self._use("cp437"),
            "pca": lambda _: self._use("cp850"),
            "paperw": lambda n: self._paper(width=n),
            "paperh": lambda n: self._paper(height=n),
            "par": lambda _: self._story.paragraph(),
            "sect": lambda _: self._story.paragraph(),
            "s": lambda n: self._story.style(self._level_of(n)),
        }

    def run(self, source: str) -> None:
        """Reads all of it."""
        handlers = {
            "open": self._open,
            "close": self._close,
            "word": self._word,
            "hex": self._hex,
            "symbol": self._symbol,
            "text": self._text,
        }
        closed = 0
        for token in rtf.tokens(source):
            if token.kind != "hex":
                self._flush_bytes()
            if token.kind == "close" and len(self._stack) == 1:
                closed += 1
            if closed and not self._stack and token.kind != "close":
                self._builder.hide(LayerKind.HIDDEN_TEXT, token.text if token.kind == "text" else "", "after the end")
                continue
            handlers[token.kind](token)
        if self._stack or not closed:
            raise damaged("the file breaks off before its end; ask for it again")

    def pieces(self) -> list[Piece]:
        """Page headers, body with its text boxes, footnotes, page footers."""
        header, footer = self._margin("header", BlockKind.PAGE_HEADER), self._margin("footer", BlockKind.PAGE_FOOTER)
        notes = [Para(plain(text), BlockKind.FOOTNOTE) for text in self._texts("footnote")]
        boxes = [piece for story in self._stories.get("box", []) for piece in story.finish()]
        pieces = [*header, *self._stories[BODY][0].finish(), *boxes, *notes, *footer]
        for name, stories in self._stories.items():
            for kind, text in (one for story in stories for one in story.hidden):
                self._builder.hide(kind, rtf.joined(text), name)
        return pieces

    def _margin(self, name: str, kind: BlockKind) -> Iterator[Piece]:
        for text in dict.fromkeys(self._texts(name)):
            yield Para(plain(text), kind)

    def _texts(self, name: str) -> Iterator[str]:
        for story in self._stories.get(name, []):
            lines = [text.text for text in face.texts(story.finish()) if text.text.strip()]
            yield "\n".join(lines)

    def hide_links(self) -> None:
        """Where links lead, unless the face prints it."""
        seen = "".join(self._builder.text_so_far().lower().split())
        for target in self._links:
            ooxml.hide_link(self._builder, target, "field", seen)

    # -- groups ----------------------------------------------------------------------------------------------------------------

    @property
    def _story(self) -> RtfStory:
        return self._stories[self._state.story][-1]

    def _set(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self._state, name, value)

    def _open(self, _token: rtf.Token) -> None:
        if len(self._stack) > _MOST_GROUPS:
            raise damaged("the file is nested too deeply to be read; ask for it again")
        self._stack.append(self._state)
        self._state = self._state.inside()
        self._skip = 0

    def _close(self, _token: rtf.Token) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        self._skip = 0
        if (ended.target and ended.target != self._state.target) or (ended.box is not None and ended.box is not self._state.box):
            self._ended(ended)
        if ended.story not in {self._state.story, BODY}:
            self._stories[ended.story][-1].paragraph(last=True)

    def _ended(self, ended: State) -> None:
        box = ended.box or Collected()
        text = rtf.joined(box.text)
        layer = states.LAYERS.get(ended.target)
        if layer is not None:
            if not (layer is LayerKind.BOOKMARK and _INNER_NAME.match(text.strip())) and not rtf.dull(text):
                self._builder.hide(layer, text, ended.target)
        elif ended.target == "fldinst":
            self._code(text)
        elif ended.target == "formfield":
            self._form_field(box.numbers)
        elif ended.target == "marker":
            self._story.marker = text.strip()
        elif ended.target == "pict":
            objects.picture(self._builder, self._attachment, box)
        elif ended.target == "objdata":
            objects.embedded(self._builder, self._attachment, text)
        elif ended.target == "unknown":
            self._builder.hide(LayerKind.OTHER, text if re.search(r"[A-Za-z]{3}", text) else "", "unknown group")

    def _target(self, name: str) -> None:
        """Sends the text of this group where its first word says."""
        self._state.target = name
        self._state.box = Collected()

    def _new_story(self, name: str) -> None:
        self._stories.setdefault(name, []).append(RtfStory())
        self._state = replace(self._state, story=name, target="", box=None, backed=name == "box")

    # -- words -----------------------------------------------------------------------------------------------------------------

    def _word(self, token: rtf.Token) -> None:
        name = token.text
        if self._skip and name not in {"u", "uc"}:
            self._skip -= 1
            return
        if self._destination(name):
            return
        if self._state.target in {"fonttbl", "colortbl", "stylesheet"}:
            self._table_word(name, token.number)
        if self._state.box is not None and self._state.target in {"pict", "formfield"}:
            self._state.box.numbers[name] = token.number if token.number is not None else 1
            self._state.box.words.append(name)
        if name in _CHARACTERS:
            self._put(_CHARACTERS[name])
        elif name in self._words:
            self._words[name](token.number)
        elif self._state.target in {"", "unknown"}:
            self._story.word(name, token.number)

    def _destination(self, name: str) -> bool:
        state = self._state
        if state.target in {"skip", "datastore"} and state.target != "":
            return False
        if name in states.SKIPPED:
            self._target("skip")
        elif name in states.LAYERS or name in states.COLLECTED:
            self._target(name)
        elif name in states.STORIES:
            self._enter(states.STORIES[name])
        elif state.optional and name not in {
            "shppict",
            "shpinst",
            "shp",
            "shprslt",
            "info",
            "atnicn",
            "sp",
            "do",
            "nesttableprops",
            "upr",
            "ud",
            "field",
        }:
            self._target("unknown")
        else:
            state.optional = False
            return False
        state.optional = False
        return True

    def _enter(self, story: str) -> None:
        if story == "marker":
            self._target("marker")
        elif story:
            self._new_story(story)
        elif self._state.target not in {"skip", "unknown"}:
            self._state.target, self._state.box = "", None

    def _table_word(self, name: str, number: int | None) -> None:
        if self._state.target == "fonttbl":
            if name == "f":
                self._fonts[number or 0] = Font()
                self._state.font = number or 0
            elif name == "fcharset" and self._state.font in self._fonts:
                self._fonts[self._state.font].charset = number or 0
        elif self._state.target == "colortbl" and name in {"red", "green", "blue"} and self._state.box is not None:
            self._state.box.numbers[name] = number or 0
        elif self._state.target == "stylesheet" and name == "s":
            self._state.font = number or 0
            self._state.size = -1.0

    def _unicode(self, number: int | None) -> None:
        self._put(chr((number or 0) % 0x10000))
        self._skip = self._state.skip

    def _set_code_page(self, number: int | None) -> None:
        self._use({10000: "mac_roman", 65001: "utf-8"}.get(number or 1252, f"cp{number or 1252}"))

    def _use(self, code_page: str) -> None:
        self._code_page = code_page

    def _paper(self, *, width: int | None = None, height: int | None = None) -> None:
        self.paper = ((width / 20) if width else self.paper[0], (height / 20) if height else self.paper[1])

    def _level_of(self, style: int | None) -> int:
        match = _HEADING.match(self._styles.get(style or 0, ""))
        return min(int(match[1]) or 1, 6) if match else 0

    # -- text ------------------------------------------------------------------------------------------------------------------

    def _hex(self, token: rtf.Token) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(int(token.text, 16))

    def _flush_bytes(self) -> None:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            font = self._fonts.get(self._state.font, Font())
            page = self._code_page if font.charset in {0, 1} else rtf.CHARSETS.get(font.charset, self._code_page)
            self._put(rtf.decoded(data, "latin-1" if font.charset == rtf.SYMBOL_CHARSET else page))

    def _symbol(self, token: rtf.Token) -> None:
        if token.text == "*":
            self._state.optional = True
        elif self._skip:
            self._skip -= 1
        elif token.text in {"\n", "\r"}:
            self._story.paragraph()
        else:
            self._put(_SYMBOLS.get(token.text) or "")

    def _text(self, token: rtf.Token) -> None:
        text = token.text
        if self._skip:
            text, self._skip = text[self._skip :], max(self._skip - len(text), 0)
        if any(letter > "\x7f" for letter in text):  # bytes above 127 that some writers leave bare
            text = rtf.decoded(text.encode("latin-1"), self._code_page)
        self._put(text)

    def _put(self, text: str) -> None:
        state = self._state
        if state.target == "skip" or not text:
            return
        if state.target in {"fonttbl", "colortbl", "stylesheet"}:
            self._table_text(text)
        elif state.target:
            if state.box is not None:
                state.box.parts.append(text)
        elif state.deleted:
            self._story.unseen(LayerKind.TRACKED_DELETION, text)
        else:
            self._seen(text)

    def _seen(self, text: str) -> None:
        state, font = self._state, self._fonts.get(self._state.font, Font())
        text = printed(font.name, text)
        if text.strip() and (state.hidden or state.size <= 2 or self._pale() or self._blacked_out()):
            self._story.unseen(LayerKind.HIDDEN_TEXT, text)
            return
        if state.inserted:
            self._story.unseen(LayerKind.TRACKED_INSERTION, text)
        mono = bool(re.search(r"courier|consolas|mono|fixed", font.name, re.IGNORECASE))
        self._story.add(Run(text, state.bold or state.underlined, mono, state.size))

    def _table_text(self, text: str) -> None:
        state = self._state
        if state.target == "fonttbl" and state.font in self._fonts:
            self._fonts[state.font].name += text.split(";", maxsplit=1)[0].strip() if not self._fonts[state.font].name.endswith(";") else ""
        elif state.target == "colortbl" and state.box is not None:
            for _ in range(text.count(";")):
                numbers = state.box.numbers
                self._colours.append((numbers.get("red", 0), numbers.get("green", 0), numbers.get("blue", 0)))
                numbers.clear()
        elif state.target == "stylesheet" and state.size < 0:
            self._styles[state.font] = self._styles.get(state.font, "") + text.split(";", maxsplit=1)[0]

    def _dark(self, number: int | None) -> bool:
        return bool(number) and not self._is_pale(number or 0)

    def _is_pale(self, colour: int) -> bool:
        return 0 < colour < len(self._colours) and min(self._colours[colour]) >= 0xF5

    def _pale(self) -> bool:
        return self._is_pale(self._state.colour) and not self._state.backed and not self._story.backed

    def _blacked_out(self) -> bool:
        """Whether letters have the colour of their ground; those without a colour of their own are black under a marker pen."""
        state = self._state
        letters = self._rgb(state.colour)
        return alike(letters, self._rgb(state.ground)) or alike(letters or (0, 0, 0), self._rgb(state.marker))

    def _rgb(self, colour: int) -> Colour | None:
        return self._colours[colour] if 0 < colour < len(self._colours) else None

    # -- fields ----------------------------------------------------------------------------------------------------------------

    def _code(self, code: str) -> None:
        link = _LINK.match(code)
        if link:
            self._links.append(link[1])
        elif code.strip() and not _DEAD_CODE.fullmatch(code):
            self._builder.hide(LayerKind.FIELD_CODE, code, "field")

    def _form_field(self, numbers: dict[str, int]) -> None:
        """A tick box of an old form; result 25 means that only its default counts (RTF 1.9.1, `\\ffres`)."""
        if numbers.get("fftype") == 1:
            result = numbers.get("ffres", 25)
            on = numbers.get("ffdefres", 0) if result == 25 else result
            self._story.add(Run(TICKED if on else CLEAR, size=self._state.size))
