"""Whether the report says that consent to share was sought or given, or why it is shared without."""

from __future__ import annotations

import re

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer, answer
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

WHAT = r"(?:report|letter|form|this|it|all of it|everything|information|what i|what we|(?:me|us|my|our) (?:writing|sharing|sending|telling)|shar\w+|sent|sending|read out|conference|known|going to)"
WHO = r"(?:mum|mother|dad|father|parents?|both|she|he|they|mr|ms|mrs|miss|carers?|family|nan|gran\w*|[A-Z][a-zà-ÿ'-]+)"
CONSENT = re.compile(
    rf"\b(?:consent|permission)\b(?! (?:to|for) (?:the |an? |her |his |their )?(?:operation|treatment|surgery|vaccin\w*|immunis\w*|adoption|medical|examination|photograph\w*|contact the police))"
    rf"|\bagree(?:d|s|ment)?\b.{{0,60}}\b{WHAT}\b|\b{WHAT}\b.{{0,60}}\bagree(?:d|s|ment)?\b"
    rf"|\b(?:happy|content|willing|fine|ok|okay|glad|comfortable|said yes|says yes|says ok|no objection\w*|objects?|objected|refused?|declined)\b.{{0,60}}\b{WHAT}\b"
    rf"|\b{WHAT}\b.{{0,60}}\b(?:happy|content|willing|said yes|says yes|said no|objected|refused|with (?:her|his|their) (?:blessing|knowledge|say-so))\b"
    rf"|\b(?:read|reads|went|gone|been|talked|taken|go|shown?|showed|shared|discussed|seen|sent|given) (?:\w+ ){{0,4}}(?:this|it|the report|this report|my report|a copy|a draft|the letter|this letter|every page|each page|page by page)\b.{{0,50}}\b{WHO}\b"
    rf"|\b{WHO}\b.{{0,40}}\b(?:has|have|had|was|were|been)\b.{{0,25}}\b(?:read|seen|shown|heard|gone through|been through|a copy of|told about|told of|told that|told what|aware of|asked about|sent a copy)\b.{{0,25}}\b{WHAT}\b"
    rf"|\b(?:know|knows|knew|aware)\b.{{0,30}}\b(?:i am|i'm|we are|we're|this|report|sharing|writing|being shared|about it)\b"
    rf"|\b(?:told|informed|explained to|asked|rang|spoke to)\b.{{0,40}}\b{WHO}?\b.{{0,40}}\b(?:this report|the report|what i (?:was|am|would|have)|i (?:was|am|would be) (?:writing|sharing|sending)|this letter|to (?:be )?shar\w+|what it says|what is in it)\b"
    rf"|\b(?:without|despite) (?:asking|telling|her|his|their|anyone's|any)\b.{{0,30}}\b(?:agreement|consent|permission|knowledge)\b"
    rf"|\b(?:duty|basis|lawful|law allows|public interest|paramount|best interests?|justif\w+|grounds)\b.{{0,50}}\b(?:shar\w+|tell|report|disclos\w+|safe\w*)\b"
    rf"|\bshar\w+\b.{{0,60}}\b(?:without|public interest|risk of harm|protect|outweigh\w*|safe\w*)\b",
    re.IGNORECASE,
)
NOT_THIS = re.compile(
    r"\b(?:police|operation|surgery|vaccin\w+|immunis\w+|school trip|photograph)\b.{0,30}\b(?:told|with her agreement|consent)",
    re.IGNORECASE,
)


class Parameters(Strict):
    """It has no settings."""


def detect(view: CaseView, parameters: Parameters) -> Detection:
    """A section on consent with an answer, or a sentence that tells of it anywhere in the report."""
    del parameters
    if not view.carries_report:
        return NOT_APPLICABLE
    if not view.reports:
        return NOT_ASSESSABLE
    for report in view.reports:
        said = _said(report)
        if said is not None:
            return passed(str(said.of(report.text)))
    return failed(Match(Action.ADVISE, "The report does not say whether anyone was asked to agree to it.", view.reports[0].index))


def _said(report: ReportView) -> Span | None:
    for section in report.sections:
        text = section.text(report.text)
        if section.slot == "consent" and answer(text) is Answer.GIVEN and len(text.split()) >= 1:
            return section.body[0]
    for sentence in report.sentences:
        words = report.text[sentence.start : sentence.end].replace("’", "'")
        if not report.is_title(sentence) and not words.rstrip().endswith("?") and CONSENT.search(words) and not NOT_THIS.search(words):
            return sentence
    return None
