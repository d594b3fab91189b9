"""Finds the sentences that say what life is like for the child: what the child does, feels or says, and what things mean for the child."""

from __future__ import annotations

import re

from pipeline.domain.people import Role, Roster
from pipeline.domain.text import Span

ADULT = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|mum|mummy|dad|daddy|mother|father|parents?|step-?(?:mum|dad|mother|father)|partner|boyfriend|girlfriend"
    r"|nan|gran\w*|aunt\w*|uncle|carer|neighbour|teacher|midwife|nurse|doctor|police|social worker)\b",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"\b(?:the (?:child(?:ren)?|boys?|girls?|bab(?:y|ies)|twins?|lad|kids|little (?:boy|girl|one)s?)|bab(?:y|ies|e)|"
    r"both (?:boys|girls|children|of them)|a (?:newborn|baby|child|toddler)"
    r"|(?:her|his|their) (?:(?:little|older|younger|big|half) )?(?:brothers?|sisters?|son|daughter|child(?:ren)?|baby))\b",
    re.IGNORECASE,
)
LIFE = re.compile(
    r"\b(?:cr(?:y|ies|ied|ying)|afraid|frighten\w*|scared|terrified|fears?|feared|worri(?:es|ed)|anxious|upset|sad|lonely|"
    r"hungry|tired|exhausted|cold"
    r"|asleep|sle(?:ep|eps|pt|eping)|wakes?|woke|awake|nightmares?|clings?|clingy|flinch\w*|watch(?:es|ed|ing)|listens?|"
    r"hides?|hid|quiet|silent|withdrawn"
    r"|smil\w+|laugh\w*|giggl\w*|grin\w*|plays?|played|playing|reach\w*|settles?|settled|comfort\w*|hugs?|cuddl\w*|loves?|"
    r"loved|likes?|enjoys?|proud|happy"
    r"|misses|want(?:s|ed)? (?:to|her|his|mum|dad|it)|wish\w*|asks?|asked|told|tells|says?|said|drew|draws|pointed|points|"
    r"wet(?:s|ting)?|soil\w*|ashamed"
    r"|friends?|sits?|sat|babbl\w*|crawl\w*|turns? to|look(?:s|ed)? (?:at|to|for|after)|feeds?|learn\w*|talk(?:s|ed|ing)?|"
    r"whisper\w*|whimper\w*|startl\w*|trembl\w*"
    r"|gets? (?:the others|them|herself|himself|up)|makes? (?:breakfast|tea|dinner)|walk(?:s|ed) (?:him|her|them)|"
    r"falls? asleep|bullied|teased|trust\w*|feels?|felt|hurts?|pain|scream\w*|affection\w*|joins? in|chatty|bright|thinks?|"
    r"thought|knows|rolls?|behind|cop(?:es|ed|ing)|stopped|used to|tries|tried|eats?|ate|brought)\b",
    re.IGNORECASE,
)
MEANS = re.compile(
    r"\b(?:what (?:this|that|it|life|his|her|their)\b.{0,30}\b(?:is like|means|must be|feels)|(?:this|that|it|"
    r"which) (?:means|meant|leaves|left|makes|made) (?:that )?(?:him|her|them|he|she|they|the child\w*|bab\w+)"
    r"|affect(?:s|ed|ing)? (?:him|her|them|the|his|their|how)|effect on|impact (?:on|for)|for (?:him|her|them|a (?:child|"
    r"baby|toddler)|the (?:child|baby|boys?|girls?|children)),? (?:this|it|that) (?:means|is)|childhood)\b",
    re.IGNORECASE,
)
SPOKEN = re.compile(r"[\"“][^\"”\n]{3,160}[\"”]")
YOUNG = re.compile(
    r"\b([A-Z][a-zà-ÿ'’]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z][\w'’-]+){0,3},? ?(?:\((?:aged? )?(?:\d|1[0-7])(?:\)| (?:years?|"
    r"months?|weeks?))|,? (?:aged? )?(?:\d|1[0-7])(?:,| (?:years?|months?|weeks?) old|\b(?= ?[;.)]))|,? \(?(?:born|b\.|dob|"
    r"d\.o\.b\.?:?) ?[\w ./-]{0,16}(?:20(?:0[89]|[12]\d)|[./-](?:0[89]|[12]\d)\b))",
    re.IGNORECASE,
)


def child_names(text: str, roster: Roster, told: tuple[str, ...]) -> frozenset[str]:
    """The first names, in small letters, by which the children of a report are called.

    Args:
        told: the children of the conference by name, where they are known.
    """
    known = [str(name) for person in roster.with_role(Role.SUBJECT_CHILD, Role.SIBLING) for name in person.names]
    names = {name.split()[0].casefold() for name in (*known, *told) if name.split() and len(name.split()[0]) > 1}
    names |= {name[0] for name in names}
    names |= {match[1].casefold() for match in YOUNG.finditer(text) if match[1][0].isupper()}
    return frozenset(
        names
        - {"age", "aged", "born", "dob", "year", "years", "conference", "review", "on", "mr", "ms", "mrs", "dr", "the", "section", "nhs"}
    )


def telling(text: str, sentences: tuple[Span, ...], names: frozenset[str]) -> tuple[Span, ...]:
    """The sentences that say what life is like for the child."""
    called = _called(names)
    found = []
    on_child = False
    for sentence in sentences:
        words = text[sentence.start : sentence.end].replace("’", "'")
        on_child = _speaks_of_child(words, called, on_child=on_child)
        of_child = on_child or bool(CHILD.search(words)) or bool(called and called.search(words))
        if of_child and _tells(words, called, on_child=on_child):
            found.append(sentence)
    return tuple(found)


def _called(names: frozenset[str]) -> re.Pattern[str] | None:
    """The names as they stand in a text; a single letter, as in a hurried note, only as a capital."""
    if not names:
        return None
    whole = "|".join(re.escape(name) for name in sorted(names) if len(name) > 1)
    letters = "".join(sorted(name.upper() for name in names if len(name) == 1))
    return re.compile(rf"\b(?:(?i:{whole})|(?<![\w&.'-])[{letters or '_'}](?![\w&.'/-]))(?:'s)?\b")


def _speaks_of_child(words: str, called: re.Pattern[str] | None, *, on_child: bool) -> bool:
    """Whether the subject of a sentence is the child; a pronoun goes on with the subject before."""
    child = min((match.start() for match in (CHILD.search(words), called.search(words) if called else None) if match), default=None)
    adult = ADULT.search(words)
    if child is not None and (adult is None or child <= adult.start()):
        return True
    return on_child and adult is None


def _tells(words: str, called: re.Pattern[str] | None, *, on_child: bool) -> bool:
    if MEANS.search(words):
        return True
    if on_child:
        return bool(LIFE.search(words) or SPOKEN.search(words))
    if called is None:
        return False
    return any(LIFE.search(words[match.end() : match.end() + 50]) for match in called.finditer(words))
