"""Tables of what each recogniser finds, and of look-alikes it leaves alone."""

from __future__ import annotations

import pytest

from pipeline.domain.errors import NotFullySearched, RulesError
from pipeline.recognition import recognizers
from pipeline.recognition.recogniser import Form, Recogniser
from pipeline.recognition.recognizers.snomed_code import is_sctid

FOUND = [
    ("UK_NHS_NUMBER", "NHS number 999 105 0374, seen in May", ["999 105 0374"]),
    ("UK_NHS_NUMBER", "NHS No: 9991050374", ["9991050374"]),
    ("UK_NHS_NUMBER", "she is 999-105-0374 on our list", ["999-105-0374"]),
    ("UK_NHS_NUMBER", "NHS number 999 105\n0374", ["999 105\n0374"]),
    ("UK_NHS_NUMBER", "NHS 999 105 0375 (mistyped)", ["999 105 0375"]),
    ("UK_NHS_NUMBER", "Name\tNHS number\nIda Moss\t9991050374", ["9991050374"]),
    ("UK_NHS_NUMBER", "order 9991050371 was dispatched", []),
    ("UK_NHS_NUMBER", "ring 07700 900123 or 020 7946 0123", []),
    ("UK_NINO", "NI number AB 12 34 56 C", ["AB 12 34 56 C"]),
    ("UK_NINO", "National Insurance: ab123456c", ["ab123456c"]),
    ("UK_NINO", "reference GB123456A", []),
    ("UK_POSTCODE", "12 Sedge Lane, DE1 9ZZ", ["DE1 9ZZ"]),
    ("UK_POSTCODE", "lives in postcode nw10 8tt", ["nw10 8tt"]),
    ("UK_POSTCODE", "room A1 1AA of building QX1 2ZZ", []),
    ("PHONE_NUMBER", "ring 07700 900123", ["07700 900123"]),
    ("PHONE_NUMBER", "Tel: (020) 7946 0123", ["(020) 7946 0123"]),
    ("PHONE_NUMBER", "+44 7700 900 123", ["+44 7700 900 123"]),
    ("PHONE_NUMBER", "01632 960123", ["01632 960123"]),
    ("PHONE_NUMBER", "born 01/02/2013, seen 03-04-2026", []),
    ("PHONE_NUMBER", "NHS 999 105 0374", []),
    ("EMAIL_ADDRESS", "write to o'brien.j@willow.nhs.uk please", ["o'brien.j@willow.nhs.uk"]),
    ("EMAIL_ADDRESS", "follow @willow on the web", []),
    ("UK_GMC_NUMBER", "GMC 7012345", ["7012345"]),
    ("UK_GMC_NUMBER", "case 7012345", []),
    ("UK_NMC_PIN", "NMC PIN 98I1234E", ["98I1234E"]),
    ("UK_HCPC_NUMBER", "HCPC registration SL12345", ["SL12345"]),
    ("UK_HCPC_NUMBER", "flat SW12345", []),
    ("ADDRESS_LINE", "They live at 27 Quarry Rise, Maidstone.", ["27 Quarry Rise"]),
    ("ADDRESS_LINE", "Flat 3, 60 Elaine Street", ["Flat 3, 60 Elaine Street"]),
    ("ADDRESS_LINE", "staying at the Willow House refuge", ["Willow House refuge"]),
    ("ADDRESS_LINE", "On 12 March the road was closed", []),
    ("DATE_OF_BIRTH", "Ida Moss, DOB 02/05/22", ["02/05/22"]),
    ("DATE_OF_BIRTH", "born 3 March 2019", ["3 March 2019"]),
    ("DATE_OF_BIRTH", "Name\tRelationship\tD.O.B.\nIda Moss\tchild\t12-Dec-2018", ["12-Dec-2018"]),
    ("DATE_OF_BIRTH", "seen on 3 March 2026", []),
    ("UK_RECORD_ID", "Mosaic ID 1047732", ["1047732"]),
    ("UK_RECORD_ID", "Hospital No: M4419027", ["M4419027"]),
    ("UK_RECORD_ID", "LCS 204417", ["204417"]),
    ("UK_RECORD_ID", "child 2 of 3, case 6", []),
    ("SNOMED_CODE", "SNOMED 195967001", ["195967001"]),
    ("SNOMED_CODE", "coded 22298006", ["22298006"]),
    ("SNOMED_CODE", "about 195967002 people", []),
    ("READ_CODE", "Child protection plan (13Iv.)", ["13Iv."]),
    ("READ_CODE", "Codes: C10E. 9N4Q. G20..", ["C10E.", "9N4Q.", "G20.."]),
    ("READ_CODE", "entry XaJyq added", ["XaJyq"]),
    ("READ_CODE", "(aged 12), (twins), (2026) and (50mg)", []),
    ("ICD_CODE", "Diagnosis F20.0 schizophrenia", ["F20.0"]),
    ("ICD_CODE", "left the M25 at junction 10", []),
    ("EMIS_CODE", "EMISNQEX58 and ^ESCTRE651604 and EGTON1025", ["EMISNQEX58", "^ESCTRE651604", "EGTON1025"]),
    ("BNF_CODE", "item 0101010I0AAABAB issued", ["0101010I0AAABAB"]),
    ("UK_VEHICLE_REGISTRATION", "a grey van, AB12 CDE, outside", ["AB12 CDE"]),
    ("UK_VEHICLE_REGISTRATION", "his car is K123 ABC", ["K123 ABC"]),
    ("UK_VEHICLE_REGISTRATION", "class A123 BCD", []),
    ("UK_BANK_DETAILS", "sort code 12-34-56, account 12345678", ["12-34-56", "12345678"]),
    ("UK_BANK_DETAILS", "seen 12-10-26", []),
    ("UK_PUPIL_NUMBER", "UPN H801200001001", ["H801200001001"]),
]


@pytest.mark.parametrize(("entity", "text", "expected"), FOUND)
def test_finds_what_is_there_and_no_look_alike(entity: str, text: str, expected: list[str]) -> None:
    """Each recogniser finds its identifiers, whole, and nothing that only looks like one."""
    recogniser = next(one for one in recognizers.load_all() if one.entity == entity)
    spans = sorted({(hit.start, hit.end) for hit in recogniser.analyze(text, [entity])})
    outermost = [one for one in spans if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in spans)]
    assert [text[start:end] for start, end in outermost] == expected


def test_a_failing_check_digit_lowers_the_score() -> None:
    """A mistyped NHS number stays a mention, with less certainty than a right one."""
    recogniser = next(one for one in recognizers.load_all() if one.entity == "UK_NHS_NUMBER")
    right, wrong = (max(hit.score for hit in recogniser.analyze(f"NHS {number}", [])) for number in ("999 938 4757", "999 938 4758"))
    assert right == 1.0
    assert 0 < wrong < right


def test_snomed_check_digit_and_partition() -> None:
    """Published concepts pass; one digit changed does not."""
    assert is_sctid("22298006")
    assert is_sctid("195967001")
    assert not is_sctid("22298007")


def test_running_out_of_time_is_told() -> None:
    """A pattern that never ends stops the search with an error instead of being skipped."""

    class Slow(Recogniser):
        """A pattern that backtracks without end."""

        entity = "SLOW"
        forms = (Form(r"(?:a|aa|aaa)+$(?<=b)", 1.0, 1.0),)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.recognition.recogniser.SECONDS", 0.05)
        with pytest.raises(NotFullySearched):
            Slow().analyze("a" * 400 + "c", ["SLOW"])


def test_two_recognisers_for_one_identifier_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second file that claims the same identifier is refused with its name."""
    from pipeline.recognition.recognizers import gmc_number, nmc_pin

    monkeypatch.setattr(gmc_number.Found, "entity", nmc_pin.Found.entity)
    with pytest.raises(RulesError, match="nmc_pin"):
        recognizers.load_all()
