"""Cuts a statement at its clause boundaries, so that only the part that must go is taken and what stays still reads."""

from __future__ import annotations

import re

from pipeline.domain.text import Span

_BOUNDARY = re.compile(
    r"""(?P<mark>[,;:](?=\s)|\s[-–—]+(?=\s)|[—])\s*      # punctuation that parts clauses; the next clause begins after it
      | (?=[(\[])                                         # a bracket begins a clause
      | (?<=[)\]])\s*                                     # and ends one
      | [.!?…]+["'”’)]*\s+                                # sentences that were kept together
      | \s+(?=(?:and|but|or|who|whom|whose|which|because|since|so|when|where|while|whilst|after|before|as|though|although|that|with|until
                |w/|plus|also|following|due\ to|having|despite|if|unless)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def split(text: str, span: Span) -> tuple[Span, ...]:
    """The clauses of a statement, in order; together they cover every character of it."""
    cuts = [span.start]
    for match in _BOUNDARY.finditer(text, span.start, span.end):
        if cuts[-1] < match.end() < span.end:
            cuts.append(match.end())
    return tuple(Span(start, end) for start, end in zip(cuts, [*cuts[1:], span.end], strict=True))
