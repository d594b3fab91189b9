"""What counts as caught, kept and left over."""

import pytest

from pipeline.evaluation.readback import Outgoing, fold, residue, share_in_order, share_present

SENT = (fold("Amira has asthma. Her mother attends every appointment and the children are well cared for."),)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("the children are well cared for", 1.0),
        ("The  children\nare well cared for", 1.0),
        ("She had a termination in 2014", 0.0),
        ("her mother attends every appointment and has bowel cancer since spring", pytest.approx(0.6, abs=0.1)),
    ],
)
def test_share_present_counts_what_can_still_be_read(quote: str, expected: float) -> None:
    """The share is of characters in runs long enough to be the quote again, whatever the white space and case."""
    assert share_present(quote, SENT) == expected


@pytest.mark.parametrize(
    ("clause", "enough"),
    [
        ("Her mother attends every appointment", True),
        ("attends every appointment with the children", False),
        ("nothing of the kind was sent", False),
    ],
)
def test_kept_means_in_order(clause: str, enough: bool) -> None:
    """A clause is kept if nearly all its characters stand there in order."""
    assert (share_in_order(clause, SENT) >= 0.95) is enough


def test_residue_is_found_in_any_stream_and_not_counted_twice() -> None:
    """A run left in a byte stream is residue, unless the message says the same words elsewhere by right."""
    outgoing = Outgoing(streams=(b"/Title (termination of pregnancy)",))

    assert residue("had a termination of pregnancy", outgoing, "")
    assert not residue("had a hysterectomy", outgoing, "")
    assert not residue("termination of", outgoing, "the termination of the tenancy")


def test_the_letters_own_words_are_no_residue() -> None:
    """A run of a removed quote that every letter says by itself is there by right; any other run of the same quote is residue."""
    letter = b"for a child protection conference, and of a child on protection since March"
    assert not residue("on a protection plan", Outgoing((), (b"for a child protection conference",)), "")
    assert residue("is on protection since March", Outgoing((), (letter,)), "")
    assert not residue("was seen on Thursday at the clinic", Outgoing((), (b"at 9am on Thursday 12 November 2026",)), "")
