"""The time at which somebody will ring in."""

from datetime import time

import pytest

from pipeline.guidance.ringing_in import times_named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I will ring in at 10.30am on Thursday", [time(10, 30)]),
        ("I can dial in at 2pm", [time(14)]),
        ("Dr Example (paediatrician) will join by phone at 14:15", [time(14, 15)]),
        ("I can be free to call at 2.30 after clinic", [time(14, 30)]),
        ("available to ring in at 9.15am or at 12 noon", [time(9, 15), time(12)]),
        ("Please ring me on 07700 900418. I will call in.", []),
        ("I cannot come. Surgery starts at 8am.", []),
        ("Ringing in to the conference on 19.10.26", []),
    ],
)
def test_reads_the_time(text: str, expected: list[time]) -> None:
    """A time counts where the sentence speaks of ringing in or joining; telephone numbers and dates are no times."""
    times, evidence = times_named((), text)

    assert list(times) == expected
    assert len(evidence) == len(expected)
