"""Measures how much a line of a report looks like a piece of a health record; each sign has a name, and a weight in the rules."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.domain.errors import RulesError
from pipeline.recognition.layout import Line

_CODE = re.compile(
    r"\((?:[0-9a-z]{5}|[0-9a-z]{3,4}\.{1,2}|[0-9a-z]{2,3}\.{2,3})(?:\d\d)?\)|(?<![\w.])(?:[0-9][0-9a-z]{1,3}\.{1,2}|"
    r"[0-9a-z]{2,3}\.{2,3}|[a-z]\d[0-9a-z]{1,2}\.{1,2})(?:\d\d)?(?![\w.])|"
    r"\bx[a-z0-9]\w{3}\b(?<=\d.)|\bxa[a-z0-9]{3}\b|\b[a-tv-z]\d\d\.\d\b|(?<![\d/ ])\b[1-9]\d{7,17}\b(?![\d/])"
)
_STRENGTH = re.compile(
    r"\b\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)* ?(?:mg|mcg|micrograms?|milligrams?|ml|g|units?|u|%)\b(?:/\d*\.?\d*(?:ml|h|kg|d))?"
)
_DRUG_LIST = re.compile(r"\b(?:od|bd|tds|qds|nocte|mane|prn|om|on|stat|4/52|monthly|tabs?|caps?|crm|susp|inh|puffs|sachets?)\b")
_SCALE = re.compile(
    r"\b(?:phq|gad|epds|honos|audit|wais|fsiq|vci|pri|wmi|psi|core-?om|panss|pcl|bprs|ymrs|madrs|sdq|cgas|hamd|mmse|des|dass|rcads|"
    r"cries|act|ciwa|sadq|bsl|ders|ogrs|gcs|pews|news|apgars?|whooley|hark|qrisk|"
    r"vineland|cdi|frax|dmft|centile|bmi|hba1c|qtc\w*|pefr|scorad|gmfcs)[\w-]*\b[^.;]{0,12}\d"
)
_OBS = re.compile(r"\b(?:hr|rr|bp|t|temp|sats|spo2|crt|wt|ht|ofc|bm|p|gcs|efw|hc|ac|fl)\b[ =:]{0,2}[<>]?\d")
_LABEL = re.compile(
    r"^\W{0,3}(?:(?:[a-z'’]+ )?(?:current )?(?:repeats?|rpt|acutes?|repeat template|repeat medication)|"
    r"problems?(?: list)?(?: \(active\))?|active|significant past|minor past|(?:emis |read |ctv3 |snomed )?codes?|coded|"
    r"booking(?: bloods)?|"
    r"bloods?|imp(?:ression)?|plan|o/e|on examination|history|examination|comment|s|o|a|p|triage|pmh|fhx?|shx?|dhx?|pc|hpc|mse|tto|"
    r"ttos|chart|current chart|obs|l&d summary|discharge summary|dx|diagnos[ie]s|interactions|icd-?10|template data|"
    r"gynae|reason|outcome|mental state(?: examination)?)\b[^.:;-]{0,24}(?::| - |  )"
)
_FRAME = re.compile(
    r"\bdear (?:dr|doctor|colleague)\b|\bthank you (?:very much )?for (?:referring|following up|your (?:enquiry|referral)|"
    r"asking (?:us|me) to see|seeing)|\bdictated\b.{0,20}signed|\byours sincerely\b|"
    r"\bi (?:reviewed|saw) (?:this|[a-z]+ (?:with|in|at))|\bthis (?:pleasant|delightful|lad|lady|gentleman|boy|girl|\d+[- ](?:year|"
    r"month|yr)[- ]old)|\bcc:? gp\b"
)
_BANNER = re.compile(
    r"\b(?:emis|systmone|vision 3|badgernet|rio|microtest|theseus|journal|printed|report path|local record|end of (?:journal|"
    r"record)|patient summary|tabbed|record view|snomed|ctv3|consultation|progress note|pathology|"
    r"last iss(?:ued)?|\d+ of \d+ iss|batch|category:|linked:|alerted:|status: (?:open|closed)|hosp id)\b"
)
_NEGATED = re.compile(r"\b(?:nad|neg(?:ative)?|normal|nil|not detected|immune|clear)\b")
_CAPITAL_ABBREVIATION = re.compile(r"\b[A-Z]{2,5}\d{0,2}\+{0,2}\b")
_FUNCTION = re.compile(
    r"\b(?:the|a|an|and|is|was|were|has|have|had|he|she|they|his|her|their|to|of|in|that|with|it|for|at|by|but|not|as|be|been|are|i|"
    r"we|who|when|which|from|said|would|will|this|there|because|about|my|our|you)\b"
)
_IDENTITY = re.compile(r"\b(?:nhs|dob|d\.o\.b|born|edd|children?|mother|father|author|signed|report)\b")
_CONFERENCE = re.compile(r"\b(?:conference|icpc|rcpc|cpc|cin|mash|s47|strategy|core group|marac|iro|social care|social worker|sw)\b")
_FIRST = re.compile(r"\b(?:i|we|my|our)\b")


def sentence_share(line: Line) -> float:
    """Small words that sentences need, to a word."""
    return len(_FUNCTION.findall(line.text)) / max(line.words, 1)


def signs_of(line: Line, raw: str, usual_shorthand: float = 0.0) -> dict[str, float]:
    """The signs one line or sentence shows, each 0 or more.

    Args:
        line: it, straightened.
        raw: its text as written.
        usual_shorthand: marks of shorthand to a word in the whole document; an author who writes so throughout pastes nothing.
    """
    text, words = line.text, max(line.words, 1)
    strengths, results = len(_STRENGTH.findall(text)), line.results
    function = sentence_share(line)
    shorthand = line.shorthand
    codes = len(_CODE.findall(text))
    return {
        "dated_not_sentence": float(line.is_dated and function < 0.2),
        "dated": float(line.is_dated),
        "timed_entry": float(line.is_timed_entry),
        "strength": float(strengths > 0),
        "strengths": float(min(strengths, 4)),
        "dosing": float(min(len(_DRUG_LIST.findall(text)), 4)),
        "strength_with_dosing": float(strengths > 0 and _DRUG_LIST.search(text) is not None),
        "results": float(min(results, 5)),
        "results_many": float(results >= 3),
        "observations": float(min(len(_OBS.findall(text)), 4)),
        "codes": float(min(codes, 4)),
        "code": float(codes > 0),
        "scales": float(min(len(_SCALE.findall(text)), 3)),
        "shorthand": float(min(shorthand, 6)),
        "shorthand_density": min(shorthand / words, 0.5),
        "record_label": float(_LABEL.match(text) is not None),
        "letter_frame": float(_FRAME.search(text) is not None),
        "banner": float(min(len(_BANNER.findall(text)), 2)),
        "finding_words": float(min(len(_NEGATED.findall(text)), 3)),
        "capital_abbreviations": float(min(len(_CAPITAL_ABBREVIATION.findall(raw)), 5)),
        "numbers": min(sum(char.isdigit() for char in text) / max(len(text), 1), 0.4),
        "sentence_words": function,
        "first_person": float(_FIRST.search(text) is not None),
        "identity": float(_IDENTITY.search(text) is not None),
        "conference": float(_CONFERENCE.search(text) is not None),
        "usual_shorthand": min(usual_shorthand, 0.2),
        "short": float(words <= 4),
        "quoted": float(raw[:1] in {'"', "“", "'", "‘"}),
        "lower_start": float(raw[:1].islower()),
        "list_marks": float(min(len(re.findall(r"[;/+]|  ", text)), 5)),
    }


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: int
    start: float
    weights: dict[str, float]
    says: dict[str, str]
    sure: float
    beside: float


@dataclass(frozen=True)
class RecordTable:
    """The weights of the signs, the score from which a line is a piece of record, and the one that is enough beside such a line."""

    start: float
    weights: dict[str, float]
    says: dict[str, str]
    sure: float
    beside: float

    @classmethod
    def load(cls, path: Path) -> RecordTable:
        """Reads the table.

        Raises:
            RulesError: it is missing, cannot be used, or names a sign that there is not.
        """
        try:
            table = _Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError) as error:
            raise RulesError(f"{path.name}: cannot be read: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            raise RulesError(f"{path.name}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
        known = signs_of(Line.of("x"), "x").keys()
        for name in table.weights:
            if name not in known:
                raise RulesError(f"{path.name}: there is no sign '{name}'; pipeline/recognition/record_signs.py lists them")
        return cls(table.start, table.weights, table.says, table.sure, table.beside)

    def score(self, signs: dict[str, float]) -> float:
        """How sure it is, 0 to 1, that a line with these signs is a piece of a record."""
        total = self.start + sum(self.weights.get(name, 0.0) * value for name, value in signs.items())
        return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))

    def why(self, signs: dict[str, float]) -> str:
        """The weightiest sign in words."""
        speaking = [name for name, value in signs.items() if value and name in self.says and self.weights.get(name, 0.0) > 0]
        best = max(speaking, key=lambda name: self.weights[name] * signs[name], default=None)
        return self.says[best] if best is not None else "it reads like an entry of a health record"
