"""Second looks at a PDF's text: against an earlier state of the file, another extractor, and what the pixels show."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pdfplumber
import pypdfium2 as pdfium

from pipeline.extraction import pdfink
from pipeline.extraction.ink import Token

REVISIONS, REVISION_PAGES = 5, 60
"""How many earlier states of a file, and pages of each, are read."""
END_OF_STATE = re.compile(rb"%%EOF[\r\n ]{0,2}")
WORD = re.compile(r"[^\W_]{3,}")
ALIKE = 0.85
"""Two readings agree where each holds this share of the other's words; wrapping and ligatures cost a few per cent."""


# fmt: off
COMMON = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his", "in", "is",
    "it", "not", "of", "on", "or", "she", "that", "the", "their", "they", "this", "to", "was", "were", "which", "will", "with",
})
# fmt: on
"""Words that stand in every English text: four in ten words of prose, one in twenty of a printout's lists."""
GIBBERISH = 0.5
"""Share of impossible words above which a page's text is not what it shows; clean pages have 0.09 at most."""
ENOUGH, RARE = 40, 0.03
"""Words of a page from which, and share of common ones below which, its text may not be what it shows: of 273 printed pages of labelled
mail seven, all lists, which their pixels bore out; of pages all of whose letters stand for others, all."""


def words_of(text: str) -> set[str]:
    """The words of at least three letters or digits, in lower case."""
    return {word.lower() for word in WORD.findall(text)}


def agree(one: str, other: str, share: float = ALIKE) -> bool:
    """Whether each text holds nearly all words of the other. Texts of fewer than ten words always agree."""
    first, second = words_of(one), words_of(other)
    if max(len(first), len(second)) < 10:
        return True
    common = len(first & second)
    return common >= share * len(first) and common >= share * len(second)


def letters_beyond(text: str, other: str) -> bool:
    """Whether a text has a letter or digit more often than the other, whatever their order."""
    first, second = (Counter(letter for letter in unicodedata.normalize("NFKC", one) if letter.isalnum()) for one in (text, other))
    return bool(first - second)


LOOKALIKE = str.maketrans("0OoQ1lIi|!5Ss2Zz8B6bGvVwWcCxXkKpP", "000011111155522288666vvwwccxxkkpp")
"""Letters that OCR takes for each other, and small letters that differ from their capitals by size alone."""


def shown(word: Token, seen: Iterable[Token]) -> bool:
    """Whether OCR read the word's letters where it is printed; where it read nothing, nothing is said against them."""
    there = sorted((one for one in seen if overlap(one, word) or overlap(word, one)), key=lambda one: one.x0)
    read, meant = (_bare("".join(one.text for one in words)) for words in (there, [word]))
    return not read or meant in read or read in meant


def _bare(text: str) -> str:
    """Letters and digits alone, with those that OCR takes for each other as one."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum()).translate(LOOKALIKE).lower()


def overlap(one: Token, other: Token) -> bool:
    """Whether a word lies for a third or more within another."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 0 and high > 0 and wide * high > 0.3 * (one.x1 - one.x0) * (one.bottom - one.top)


def removed_since(content: bytes, current: str) -> list[str]:
    """Lines that stood in an earlier state of the file and are nowhere in `current`: what a later save took out but left in the file."""
    now = _folded(current)
    gone: dict[str, None] = {}
    for end in _earlier_ends(content)[-REVISIONS:]:
        for line in _lines(content[:end]):
            if _folded(line) and _folded(line) not in now:
                gone.setdefault(line)
    return list(gone)


def _earlier_ends(content: bytes) -> list[int]:
    ends = [match.end() for match in END_OF_STATE.finditer(content)][:-1]
    # A linearised file ends its first part with the same mark, though it was saved once (ISO 32000-1, annex F).
    return ends[1:] if b"/Linearized" in content[:2048] else ends


def _lines(content: bytes) -> list[str]:
    try:
        source = pdfink.open_document(content)
    except pdfium.PdfiumError:
        return []
    try:
        texts = [source[index].get_textpage().get_text_range() for index in range(min(len(source), REVISION_PAGES))]
    except pdfium.PdfiumError:
        return []
    finally:
        source.close()
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text)


def other_extractor(content: bytes, pages: Sequence[int], password: str | None) -> str | None:
    """The text of some pages (from 0) as pdfplumber reads it, None where it cannot; eleven pages a second, so for few pages only."""
    try:
        with pdfplumber.open(io.BytesIO(content), pages=[page + 1 for page in pages], password=password or "") as pdf:
            return "\n".join(page.extract_text(x_tolerance_ratio=0.15) for page in pdf.pages)
    except Exception:  # noqa: BLE001 - it raises anything on files that pdfium can read; then it has no opinion
        return None


def sample(pages: Iterable[tuple[int, int]], most: int = 3) -> list[int]:
    """The pages with most words, of pairs of page and number of words."""
    ordered = sorted(pages, key=lambda pair: -pair[1])
    return sorted(page for page, words in ordered[:most] if words)


def unlikely(text: str) -> bool:
    """Whether a page's text looks like none that anybody wrote, so that its pixels must be asked: letters that stand for others."""
    words = re.findall(r"[a-z]+", text.lower())
    return gibberish(text) > GIBBERISH or (len(words) >= ENOUGH and sum(word in COMMON for word in words) < RARE * len(words))


def gibberish(text: str) -> float:
    """The share of long words that no tongue written in Latin letters has: no vowel, or capitals inside."""
    words = [word for word in re.findall(r"[A-Za-z]{4,}", text) if not word.isupper()]
    if len(words) < 20:
        return 0.0
    odd = sum(not re.search("[aeiouyAEIOUY]", word) or bool(re.search("[a-z][A-Z][a-z]*[A-Z]", word)) for word in words)
    return odd / len(words)
