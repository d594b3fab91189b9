"""Where an author signs."""

from __future__ import annotations

import pytest

from pipeline.recognition.signatures import find


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        (
            "Please see attached.\n\nKind regards\nDr A Patel\nOak Surgery\n020 7946 0129",
            ["Kind regards", "Dr A Patel", "Oak Surgery", "020 7946 0129"],
        ),
        ("Report attached.\n\nThanks,\nJo", ["Thanks,", "Jo"]),
        ("Many thanks\nJo\nPS his aunt has cancer", ["Many thanks", "Jo"]),
        ("Thanks to her aunt he is well.", []),
        (
            "Regards\nJo\n" + "She told me that her neighbour has been in hospital with his heart and that nobody visits him at all.",
            ["Regards", "Jo"],
        ),
        ("Yours sincerely\nDr B\n\nFrom: someone\nHer mother had an operation.", ["Yours sincerely", "Dr B"]),
        (
            "See attached.\n**********\nThis message may contain anything.\n**********\nMore.",
            ["**********", "This message may contain anything."],
        ),
    ],
)
def test_a_signature_is_found_and_ends_where_the_author_goes_on(text: str, signed: list[str]) -> None:
    """The lines from the leave-taking on are the signature; a postscript, a sentence and a quoted thread are not."""
    assert [str(span.of(text)).strip() for span in find(text)][: len(signed)] == signed
    assert all(
        "cancer" not in span.of(text) and "operation" not in span.of(text) and "neighbour" not in span.of(text) for span in find(text)
    )
