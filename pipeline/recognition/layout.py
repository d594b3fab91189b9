"""The shape of a text in numbers: how much of it is sentences, dated lines, doses, results, vaccines, codes, or prompts nobody answered.

The signs by which kinds and pieces of record are told rest on these counts. Each pattern works on one line, lower case, so that it
holds for any format and survives an OCR error elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.domain.documents import Document
from pipeline.domain.text import Span

_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u2003": " ", "\u2009": " "}
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[\s./-]{{1,2}}{_MONTH}[\s./,-]{{1,3}}\d{{2,4}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|"
    rf"\d{{4}}-\d\d-\d\d)"
)
"""A day of the calendar as records print it: 21-Aug-2014, 3 March 2026, 03/03/26, 2026-03-03."""

_DATED = re.compile(rf"^[\W_]{{0,4}}(?:(?:[acv]|rpt)\s+)?(?:on\s+)?{DATE}")
_ENTRY_TIME = re.compile(r"^[\W_]{0,4}\S.{4,22}?[\s,@]{1,4}(?:at )?[0-2]?\d:[0-5]\d(?::\d\d)?\b")
_UNIT = r"(?:mgs?|mcg|micrograms?|milligrams?|grams?|g|ml|mls|units?|u|iu|%|mmol|puffs?|p|mg/ml|mcg/kg|mg/5ml)"
_STRENGTH = re.compile(rf"\b\d+(?:[.,]\d+)?\s?(?:{_UNIT})(?:\s?/\s?\d*\.?\d*\s?(?:{_UNIT}))?(?![a-z])")
_DOSE_FORM = re.compile(
    r"\b(?:tab(?:let)?s?|cap(?:sule)?s?|caps|inh(?:aler)?|sachets?|soln?|solution|susp(?:ension)?|cream|crm|oint(?:ment)?|gel|"
    r"patch(?:es)?|pens?|"
    r"amps?|supps?|spray|drops|puffs?|depot|inj(?:ection)?|syringes?|needles?|sensors?|strips|pessar(?:y|ies)|elixir|linctus)\b"
)
_FREQUENCY = re.compile(
    r"\b(?:o\.?d|b\.?d|t\.?d\.?s|q\.?d\.?s|o\.?m|o\.?n|bid|tid|nocte|mane|prn|p\.r\.n|stat|sos|daily|weekly|monthly|as directed|"
    r"at night|each day|every day|"
    r"(?:once|twice|three times|four times|one|two|2|3|4)\s+(?:a|per|x|times)\s*(?:a\s*)?(?:day|week)|one to be taken|two to be taken|"
    r"take (?:one|two|1|2)|"
    r"every \d+ (?:hours|weeks|months)|4 hrly|6 hrly|prn|morning|last issued|last iss|28/7|7/7|5/7)\b"
)
_LAB_VALUE = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:g/l|mg/l|mmol/l|mmol/mol|umol/l|µmol/l|pmol/l|nmol/l|ug/l|µg/l|ng/ml|ng/l|iu/l|u/l|miu/l|mu/l|ml/min|fl|pg|"
    r"10[*^]?9/l|x10|kpa|mg/dl|ratio|%|secs?)(?![a-z])"
)
_LAB_NAME = re.compile(
    r"\b(?:hb|haemoglobin|wcc|wbc|white cells?|white cell count|plt|platelets?|mcv|ferritin|crp|esr|u&e|u\+e|lfts?|tfts?|tsh|alt|ast|"
    r"alp|ggt|gamma gt|bilirubin|bili|albumin|"
    r"sodium|potassium|urea|creatinine|creat|egfr|calcium|corr ca|adj ca|calcium adj|phosphate|pth|vit(?:amin)? d|b12|folate|hba1c|"
    r"glucose|cholesterol|triglycerides?|inr|aptt|pt|fibrinogen|"
    r"lactate|bicarb|ketones|prolactin|lithium|valproate|paracetamol level|psa|hcg|hiv|hbsag|hep(?:atitis)? [bc]|syphilis|treponemal|"
    r"chlamydia|gonorrhoea|rubella|msu|"
    r"neutrophils|lymphocytes|eosinophils|rhd|blood group|benzoylecgonine|opiates?|methadone|cocaine|benzodiazepines?|6-mam|thc|uds|"
    r"acr|amylase|troponin|bnp)\b"
)
_RANGE = re.compile(r"\(?\b\d+(?:\.\d+)?\s?(?:-|to)\s?\d+(?:\.\d+)?\)?|[<>]\s?\d")
_VACCINE = re.compile(
    r"\b(?:[65432] ?-?in ?-?1|six in one|dtap\S*|tdap|td/ipv|ipv|hib(?:/?menc)?|hep ?b vaccine|menb|men b|men ?c|menacwy|men acwy|"
    r"meningitis [bc]|mmr\w*|pcv\d*|prevenar\S*|pneumococcal|ppv23|"
    r"rota(?:rix|virus)?\b|bexsero|infanrix\S*|pediacel|repevax|revaxis|menitorix|nimenrix|gardasil\S*|hpv|fluenz|nasal flu|"
    r"flu (?:nasal|vaccine)|bcg|priorix|vaxelis|boostrix\S*|varicella|varivax|"
    r"hexavalent|pre-?school booster|diphtheria|tetanus|pertussis|whooping cough|polio)\b"
)
_SHORTHAND = re.compile(
    r"\b(?:o/e|c/o|h/o|r/v|f/u|d/w|d/c|w/u|pmh|hpc|pc|fhx?|dhx?|shx|nad|snt|abdo|sats|spo2|crt|gcs|avpu|hr|rr|bp|bm|t/f|dna|nkda|tds|"
    r"mse|imp|rx|dx|hx|sx|tx|b/g|y/o|yo|"
    r"s/b|t/c|tc|hv|f2f|udsp?|ods|tib/fib|ruq|lif|rif|usS|cxr|ecg|ct|mri|mri|lscs|svd|nvd|emcs|g\d ?p\d\S*|p\d\+\d|lmp|edd|iol|pph|"
    r"ebl|pv|pr|po|iv|im|tto|ttos|opd|opa|ed|avh|ftd|"
    r"\d+/(?:7|52|12|24|40)|nocte|mane|prn|bd|od|qds|wt|ht|ofc|bmi|b\.?p\.?|urti|lrti|uti|no access|obs|neuro|adv(?:ised)?|ref'?d?|"
    r"cpn|sho|spr|st\d|pn|gp|phq-?9|gad-?7|epds)\b"
)
_BLANK_ANSWER = re.compile(r"^(?:[\W_]|\[ ?\]|☐|yes|no|n/?a|/|select|choose an item|click or tap[a-z ]*|dd|mm|yyyy)*$")
_LABELLED = re.compile(r"^[\W_]{0,3}([^:\n\t]{2,90}?)\s*(?::|\?|\t|_{4,}|\.{5,})\s*(.*)$")
_FUNCTION_WORD = re.compile(
    r"\b(?:the|a|an|and|is|was|were|has|have|had|he|she|they|his|her|their|to|of|in|that|with|it|for|on|at|by|but|not|as|be|been|are|"
    r"i|we|who|when|which|from|said|would|will)\b"
)


@dataclass(frozen=True)
class Line:
    """A line of the face: its span, and its text straightened and lower case, character for character."""

    span: Span
    text: str

    @classmethod
    def of(cls, text: str) -> Line:
        """A line by itself."""
        return cls(Span(0, len(text)), straighten(text))

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is running text: eight words or more of which a quarter are the small words that sentences need."""
        return self.words >= 8 and len(_FUNCTION_WORD.findall(self.text)) * 4 >= self.words

    @cached_property
    def is_dated(self) -> bool:
        """Whether it begins with a day of the calendar."""
        return _DATED.match(self.text) is not None

    @cached_property
    def is_timed_entry(self) -> bool:
        """Whether it begins with a day and an hour, as entries of an electronic record do."""
        return self.is_dated and _ENTRY_TIME.match(self.text) is not None

    @cached_property
    def is_dose(self) -> bool:
        """Whether it names a strength with a form, a frequency or both, as medication lists do, and is no sentence."""
        if not _STRENGTH.search(self.text):
            return bool(not self.is_prose and _DOSE_FORM.search(self.text) and _FREQUENCY.search(self.text))
        return not self.is_prose and bool(_DOSE_FORM.search(self.text) or _FREQUENCY.search(self.text))

    @cached_property
    def results(self) -> int:
        """How many results of tests stand on it: values with a laboratory's unit, or a test's name beside a number."""
        values = len(_LAB_VALUE.findall(self.text))
        names = len(_LAB_NAME.findall(self.text))
        return max(values, names) if names and re.search(r"\d|\bneg|\bpos|detected|immune|reactive", self.text) else 0

    @cached_property
    def is_result(self) -> bool:
        """Whether it is a row of results and no sentence."""
        return not self.is_prose and self.results > 0 and (self.results > 1 or bool(_RANGE.search(self.text)) or self.words <= 8)

    @cached_property
    def is_vaccine(self) -> bool:
        """Whether it names a vaccine and is no sentence."""
        return not self.is_prose and _VACCINE.search(self.text) is not None

    @cached_property
    def shorthand(self) -> int:
        """How many marks of clinical shorthand it has (O/E, c/o, NAD, 2/52, bd …)."""
        return len(_SHORTHAND.findall(self.text))

    @cached_property
    def prompt(self) -> bool | None:
        """Whether it is a form's label left without an answer (True), with one (False), or no label at all (None)."""
        found = _LABELLED.match(self.text)
        if not found or found[1].strip("-_ ").isdigit():
            return None
        return _BLANK_ANSWER.match(found[2]) is not None


def straighten(text: str) -> str:
    """Lower case with typographic quotes, dashes and spaces made plain; the same length, so that spans still fit."""
    plain = text.translate(_STRAIGHT)
    lowered = plain.lower()
    return lowered if len(lowered) == len(plain) else "".join(low if len(low := char.lower()) == 1 else char for char in plain)


def lines_of(text: str) -> Iterator[Line]:
    """The lines that hold something, in order."""
    straight = straighten(text)
    start = 0
    for piece in straight.split("\n"):
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            body = piece.strip()
            yield Line(Span(start + lead, start + lead + len(body)), body)
        start += len(piece) + 1


@dataclass(frozen=True)
class Layout:
    """The counts of one document. Shares are of its lines, 0 to 1."""

    document: Document
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, document: Document) -> Layout:
        """Reads the shape of a document."""
        return cls(document, tuple(lines_of(document.text)))

    def _share(self, attribute: str) -> float:
        return sum(bool(getattr(line, attribute)) for line in self.lines) / max(len(self.lines), 1)

    def _number(self, attribute: str) -> float:
        return float(sum(getattr(line, attribute) for line in self.lines))

    @property
    def words(self) -> float:
        """Words of the face."""
        return self._number("words")

    @property
    def prose_words(self) -> float:
        """Words that stand in running text."""
        return float(sum(line.words for line in self.lines if line.is_prose))

    @property
    def prose_share(self) -> float:
        """Part of the words that stand in running text."""
        return self.prose_words / max(self.words, 1.0)

    @property
    def dated_lines(self) -> float:
        """Lines that begin with a date and are no sentences."""
        return float(sum(line.is_dated and not line.is_prose for line in self.lines))

    @property
    def dated_share(self) -> float:
        """Part of the lines that begin with a date."""
        return self._share("is_dated")

    @property
    def timed_entries(self) -> float:
        """Lines that begin with a date and a time of day."""
        return self._number("is_timed_entry")

    @property
    def dose_lines(self) -> float:
        """Lines of a medication list."""
        return self._number("is_dose")

    @property
    def dose_share(self) -> float:
        """Part of the lines that are lines of a medication list."""
        return self._share("is_dose")

    @property
    def result_lines(self) -> float:
        """Rows of test results."""
        return self._number("is_result")

    @property
    def result_share(self) -> float:
        """Part of the lines that are rows of test results."""
        return self._share("is_result")

    @property
    def vaccine_lines(self) -> float:
        """Lines that name a vaccine."""
        return self._number("is_vaccine")

    @property
    def vaccine_share(self) -> float:
        """Part of the lines that name a vaccine."""
        return self._share("is_vaccine")

    @property
    def shorthand_share(self) -> float:
        """Marks of clinical shorthand to a hundred words."""
        return 100.0 * self._number("shorthand") / max(self.words, 1.0)

    @property
    def prompts(self) -> float:
        """Labels of a form, answered or not."""
        return float(sum(line.prompt is not None for line in self.lines))

    @property
    def unanswered(self) -> float:
        """Part of the form's labels that have no answer; 0 where there are fewer than four."""
        asked = [line.prompt for line in self.lines if line.prompt is not None]
        return sum(asked) / len(asked) if len(asked) >= 4 else 0.0

    @property
    def is_picture(self) -> float:
        """1 where the file is a picture, else 0."""
        return float(self.document.format in {"image", "png", "jpeg", "jpg", "tiff", "heic", "bmp", "gif", "webp"})
