"""Knows a sentence that says the child should be taken into care or away from the family."""

from __future__ import annotations

import re

CALL = re.compile(
    r"\b(?:tak(?:e|en|ing)|go(?:es|ing)?|plac(?:e|ed|ing)|com(?:e|ing)|put(?:ting)?|moved?|received|accommodat\w+|remov\w+|"
    r"brought|kept|living|live|with|be) "
    r"(?:\w+ ){0,4}?(?:into|in|to|from|with) (?:\w+ ){0,2}?(?:(?<!intensive )(?<!day )(?<!critical )(?<!the )care\b(?! plan|"
    r" of|ful|r)|foster(?:ing| care| carers?| home| placement| famil\w+)|local authority care|carers (?:from|straight|"
    r"at birth))\b"
    r"|\b(?:foster(?:ing| care| carers?| home| placement)|care (?:order|proceedings)|looked.after)\b"
    r"|\b(?:grow(?:ing|s)? up|brought up|raised|belongs?) (?:\w+ ){0,3}?(?:elsewhere|somewhere else|away|(?:in|"
    r"with) (?:another|a different|a new|other) (?:family|home|people|parents)|with neither)\b"
    r"|\btak(?:e|en|ing) (?:\w+ ){0,3}?(?:off (?:her|him|them|mum|dad|[A-Z])|out of (?:there|that|this))"
    r"|\b(?:be |being |for )adopt(?:ed|ion)\b|\bstraight to carers\b|\bfind (?:him|her|them|[A-Z]\w+) (?:\w+ )?(?:carers|"
    r"a new family|a new home)\b"
    r"|\b(?:not|n't) (?:be (?:sent|given|allowed) |to )?(?:go|come|be sent|be given|return)(?: back)? (?:home|back|"
    r"there)(?: (?:with|to) (?:either|neither|his|her|their))?\b|\b(?:these|those|all|they|"
    r"children) (?:\w+ ){0,2}should come out\b"
    r"|\b(?:removed|removal)\b",
    re.IGNORECASE,
)
SHOULD = re.compile(
    r"\b(?:should|must|ought(?:n't)?|wants|we feel|we ask|find|recommend\w*|needs? to|better off|better|time has come|"
    r"kindest|best|safest|I (?:think|believe|feel)|my (?:opinion|view)|I (?:would|'d) (?:ask|like)|only (?:way|safe))\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|had been|have been|has been) (?:\w+ ){0,2}?(?:removed|taken|placed|accommodated|in care|looked after|"
    r"fostered)\b|\b(?:not|n't|never|nor|without) (?:\w+ ){0,6}?(?:care|foster|remov)\w*"
    r"|\bremov(?:ed|al) from (?:the |a |her |his |their |this )?(?:plan|list|register|roll|caseload)|(?:name|names|stitches|"
    r"child protection plan)\b.{0,30}\bremoved",
    re.IGNORECASE,
)


def calls_for_removal(sentence: str) -> bool:
    """Whether a sentence calls for the child to be taken away, as opposed to telling that somebody once was."""
    plain = sentence.replace("’", "'")
    return bool(CALL.search(plain) and SHOULD.search(plain) and not PAST.search(plain))
