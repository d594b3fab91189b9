"""Knows a sentence that says the child should be taken into care or away from the family."""

from __future__ import annotations

import re

CALL = re.compile(
    r"\b(?:tak(?:e|en|ing)|go(?:es|ing)?|plac(?:e|ed|ing)|com(?:e|ing)|put|moved?|received|accommodat\w+|remov\w+|brought|kept|be|living|live|with) "
    r"(?:\w+ ){0,4}?(?:into|in|to|from|with) (?:\w+ ){0,3}?(?:care\b(?! plan| of|ful)|foster(?:ing| care| carers?| home| placement| famil\w+)|accommodation|local authority|home)\b"
    r"|\b(?:foster(?:ing| care| carers?| placement)|care (?:order|proceedings)|looked.after)\b"
    r"|\b(?:grow(?:ing|s)? up|brought up|living|live|lives|raised|be better off|belongs?) (?:\w+ ){0,3}?(?:elsewhere|somewhere else|away|(?:in|with) (?:another|a different|a new|other) (?:family|home|people|parents)|with neither)\b"
    r"|\b(?:removed|removal)\b",
    re.IGNORECASE,
)
SHOULD = re.compile(
    r"\b(?:should|must|ought|recommend\w*|needs? to|better off|better|time has come|kindest|best|safest|I (?:think|believe|feel)|my (?:opinion|view)|I (?:would|'d) (?:ask|like)|only (?:way|safe))\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|had been|have been|has been) (?:\w+ ){0,2}?(?:removed|taken|placed|accommodated|in care|looked after|fostered)\b|\b(?:not|n't|never|nor|without) (?:\w+ ){0,6}?(?:care|foster|remov)\w*"
    r"|\bremov(?:ed|al) from (?:the |a |her |his |their |this )?(?:plan|list|register|roll|caseload)|(?:name|names|stitches|child protection plan)\b.{0,30}\bremoved",
    re.IGNORECASE,
)


def calls_for_removal(sentence: str) -> bool:
    """Whether a sentence calls for the child to be taken away, as opposed to telling that somebody once was."""
    plain = sentence.replace("’", "'")
    return bool(CALL.search(plain) and SHOULD.search(plain) and not PAST.search(plain))
