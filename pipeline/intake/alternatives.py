"""Tells whether the plain and the formatted text of one message say the same."""

from __future__ import annotations

import re

from lxml import etree, html
from rapidfuzz.distance import Indel

UNSEEN = ("script", "style", "head", "title", "template")
WORD = re.compile(r"\w+")


def same_words(plain: str, formatted: str) -> bool:
    """Whether no word of the formatted text is missing from the plain one, links and decoration aside.

    A difference of a few words in a hundred is common (addresses of links, 'unsubscribe'); a different report is not.
    """
    left, right = _words(plain), _words(_visible_text(formatted))
    if not right:
        return bool(left) or not formatted.strip()
    missing = [word for word in right if word not in set(left)]
    alike = Indel.normalized_similarity(left[:20_000], right[:20_000])
    return alike >= 0.9 and len(missing) <= max(3, len(right) // 50)


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(re.sub(r"https?://\S+|mailto:\S+", " ", text))]


def _visible_text(page: str) -> str:
    try:
        tree = html.fromstring(page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^>]*>", " ", page)
    return " ".join(text for text in tree.xpath(f"//text()[not({' or '.join(f'ancestor::{tag}' for tag in UNSEEN)})]"))
