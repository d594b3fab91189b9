"""What the words around a date, or in a head line, say of the conference: tables of signs with their points."""

from __future__ import annotations

import re

from pipeline.domain.conference import ConferenceType

# What the words around a date say of it: (pattern, where it must stand, points). "before" is the same line up to the date or the
# label above it, "after" the rest of the line.
_CONFERENCE = r"(?:conference|conf\b|confs?\b|cpcc?\b|icpc|rcpc|cp meeting|case conf|icc\b|cpc)"
_PAST = (
    r"\b(?:strategy (?:meeting|discussion)|core group|section 47|s47|seen|saw|attended|visit(?:ed)?|appointment|referred"
    r"|since|until|from)\b"
)
_DUE = r"\b(?:deadline|due (?:by|back)|return(?:ed)? by|send (?:\w+ ){0,3}by|submit(?:ted)? by|needed by|by (?:noon|close|midday|5pm))\b"
DAY_SIGNS: tuple[tuple[re.Pattern[str], str, float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), where, points)
    for pattern, where, points in (
        (rf"(?:date(?: and (?:time|type))?|day)\s+(?:of|for)\s+(?:the\s+)?(?:\w+\s+){{0,3}}{_CONFERENCE}", "before", 4.0),
        (rf"{_CONFERENCE}\s*(?:\bdate|\bon\b|\bis\b|:)", "before", 2.5),
        (rf"{_CONFERENCE}", "before", 2.0),
        (r"\b(?:icpc|rcpc)\b", "before", 1.0),
        (r"\b(?:initial|review|pre-?birth|transfer[- ]in)\b", "before", 1.0),
        (r"\bmeeting\b|\bwhen\s*:", "before", 1.2),
        (rf"^[^.,;\n]{{0,40}}{_CONFERENCE}", "after", 1.8),
        (r"^[^.\n]{0,25}\b(?:initial|review|pre-?birth)\b", "after", 1.0),
        (
            r"\b(?:new date|moved to|rearranged (?:to|for)|now (?:on|to be held)|postponed (?:to|until))\s*:?\s*(?:\w+\s+){0,2}$",
            "before",
            3.0,
        ),
        (r"\b(?:was|been) (?:moved|rearranged|postponed|adjourned) from\b|\b(?:originally|instead of|not)\s+(?:\w+\s+)?$", "before", -4.0),
        (r"^\s*(?:\)|,)?\s*(?:was|has been) (?:moved|cancelled|postponed)", "after", -3.0),
        (r"\b(?:d\.?o\.?b\b|born|date of birth|birth date|edd|edc|due date|due (?:on|in)|aged?)\W*(?:\w+\W+){0,3}$", "before", -6.0),
        (
            r"\b(?:report (?:date|dated|completed|written)|date (?:of (?:this )?)?report|date (?:completed|signed|written)|signed|dated)\b",
            "before",
            -4.0,
        ),
        (rf"\b(?:last|previous|since|earlier|outcome of the|minutes of(?: the)?)\s+(?:\w+\s+){{0,2}}{_CONFERENCE}", "before", -4.0),
        (rf"\b(?:since|at) the (?:\w+ ){{0,2}}{_CONFERENCE} (?:in|of|on)\b", "before", -4.0),
        (r"\b(?:report|letter|form|statement|paperwork|attached)\s+(?:attached\s+)?(?:is\s+)?for\s+(?:\w+\s+){0,2}$", "before", 2.0),
        (r"\b(?:dictated|typed|spoke|rang|shared|discussed|read|agreed)\b[^.;\n]{0,40}$", "before", -4.0),
        (
            _PAST + r"[^.;\n]{0,40}$",
            "before",
            -2.0,
        ),
        (r"\b(?:sent|date|received)\s*:\s*(?:\w+,?\s+)?$", "before", -4.0),
        (
            _DUE + r"[^.;\n]{0,30}$",
            "before",
            -2.5,
        ),
        (r"\b(?:letter|email|request|invitation|fax|call(?:ed)?|phone(?:d)?|spoke)\b[^.;\n]{0,25}$", "before", -1.5),
        (r"\b(?:leave|back|away|return|available|retire)\b[^.;\n]{0,25}$", "before", -2.0),
        (
            r"\b(?:admitted|discharged|diagnosed|prescribed|moved in|registered|jab|immunis\w+|vaccin\w+|scan|clinic)\b[^.;\n]{0,40}$",
            "before",
            -2.0,
        ),
    )
)

TYPE_SIGNS: tuple[tuple[re.Pattern[str], ConferenceType, float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, points)
    for pattern, kind, points in (
        (r"\bICPC\b", ConferenceType.ICPC, 2.0),
        (r"\bRCPC\b", ConferenceType.RCPC, 2.0),
        (
            r"\bpre[- ]?birth\b[^.\n]{0,40}(?:conference|conf\b|cpc)|(?:conference|conf)\b[^.\n]{0,20}pre[- ]?birth",
            ConferenceType.ICPC,
            2.5,
        ),
        (r"\btransfer[- ]?in\b", ConferenceType.ICPC, 2.0),
        (rf"\binitial\b(?!s)[^.\n]{{0,40}}{_CONFERENCE}|{_CONFERENCE}[^.\n]{{0,25}}\binitial\b", ConferenceType.ICPC, 2.0),
        (rf"\b(?<!to )(?<!under )review\b[^.\n]{{0,40}}{_CONFERENCE}|{_CONFERENCE}[^.\n]{{0,25}}\breview\b", ConferenceType.RCPC, 2.0),
        (r"\b(?:(?:three|six|3|6)[- ]month(?:ly)?|first|second|third|2nd|3rd|1st)\s+review\b", ConferenceType.RCPC, 2.0),
        (r"\btype\s*(?:of (?:meeting|conference))?\s*:?\s*\W{0,3}initial\b", ConferenceType.ICPC, 3.0),
        (r"\btype\s*(?:of (?:meeting|conference))?\s*:?\s*\W{0,3}review\b", ConferenceType.RCPC, 3.0),
        (r"\b(?:since|at) the (?:last|previous|initial) (?:child protection )?conference\b", ConferenceType.RCPC, 1.5),
        (r"\bthe (?:review|rcpc)\b|\b(?:for|tomorrow's|day's) review\b", ConferenceType.RCPC, 1.0),
        (
            r"\b(?:the|day's|tomorrow's|['’]s) (?:\S+ )?initial\b(?! (?:assess|scan|visit|contact|appoint|concern))",
            ConferenceType.ICPC,
            1.0,
        ),
        (rf"\bfirst {_CONFERENCE}", ConferenceType.ICPC, 1.5),
        (r"\(\s*initial\s*\)|\d\s*,?\s*initial\b|\binitial,? (?:on )?(?:\w+ )?\d", ConferenceType.ICPC, 1.5),
        (r"\(\s*review\s*\)|\d{2,4}\s*,?\s*review\b|\breview,? (?:on )?(?:\w+ )?\d", ConferenceType.RCPC, 1.5),
        (r"[’']s (?:review|rcpc)\b", ConferenceType.RCPC, 1.0),
        (r"^[^\n]*\breview\b", ConferenceType.RCPC, 0.4),
    )
)
SUBJECT_TYPE_SIGNS: tuple[tuple[re.Pattern[str], ConferenceType, float], ...] = (
    (re.compile(r"\breview\b", re.IGNORECASE), ConferenceType.RCPC, 1.2),
    (re.compile(r"\binitial\b|\bpre[- ]?birth\b", re.IGNORECASE), ConferenceType.ICPC, 1.2),
)
