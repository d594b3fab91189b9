"""Whether the report says that consent to share was sought or given, or why it is shared without."""

from __future__ import annotations

import re

from pipeline.domain.findings import Action
from pipeline.domain.text import Span
from pipeline.guidance.answers import Answer, answer
from pipeline.guidance.detection import NOT_APPLICABLE, NOT_ASSESSABLE, Detection, Match, failed, passed
from pipeline.guidance.strict import Strict
from pipeline.guidance.view import CaseView, ReportView

PAPER = r"(?:report|letter|statement|draft|document|page|pages|form|paragraphs?)"
ABOUT_IT = (
    rf"(?:shar(?:e|ed|es|ing)|{PAPER}|(?:it|this|all of it|everything|that)(?: all)? (?:being|going|to be|to go|be|go|goes)|"
    rf"send|sent|sending|read out|writ(?:e|ing)|conference"
    r"|pass(?:ed|ing)? (?:it |this )?on|told (?:to )?(?:the|every)|tell(?:ing)? (?:you|the|every))"
)
WHOSE = r"(?:her|his|their|anyone's|anybody's|parental|the parents')"
CONSENT = re.compile(
    r"\bsaid yes to (?:this|it)\b|\bagree[ds]? with (?:it|this|the report)\b|\b(?:can|may) share (?:this|it)\b|"
    rf"\bconsent(?:s|ed|ing)?\b|\bpermission\b|\bagree(?:d|s|ment|able)?\b.{{0,70}}?\b{ABOUT_IT}\b|"
    rf"\b{ABOUT_IT}\b.{{0,60}}?\bagree(?:d|s|ment)?\b"
    rf"|\b(?:happy|content|willing|fine|ok|okay|no objections?|objects?|objected|objection|yes|said no|refused?|declined|"
    rf"minds?|minded|signed|wishes?|would like)\b.{{0,60}}?\b{ABOUT_IT}\b"
    rf"|\b(?:shar(?:ed|ing)|{PAPER}|read out)\b.{{0,50}}?\b(?:happy|content|willing|fine|ok|okay|said yes|says yes|said no|"
    rf"objected|refused|objection|signed|minded|say-so|blessing)\b"
    rf"|\b(?:read|went through|gone through|been through|go through|going through|goes through|shown|showed|talked|discussed|"
    rf"shared|wrote|written|settled)\b.{{0,25}}?"
    rf"\b(?:this|it|the|my|our|a|every|each)\b ?(?:{PAPER}|copy|page)?\b.{{0,20}}?\b(?:with|to|together|aloud|by) (?:her|him|"
    rf"them|both|mum|dad|mother|father|me|the|m[rs]+s?|miss|(?-i:[A-Z]))"
    rf"|\b(?:has|have|had|was|were) (?:all |both |also |each |now |been )*(?:read|seen|shown|heard|gone through|sent|given|"
    rf"had) (?:\w+ )?(?:this|it|the {PAPER}|my {PAPER}|a copy|a draft|every page)\b"
    rf"|\b(?:knows?|knew|aware|told|informed|explained)\b.{{0,40}}?\b(?:(?:i am|i'm|we are|we're|i was|i would be|am|"
    rf"being) (?:writing|sharing|sending|shared|sent)|(?:this|the|my|a|of|about) {PAPER}|what (?:i|we) (?:was|were|am|are|"
    rf"have|would|had|will))\b"
    rf"|\bwithout (?:asking|telling|{WHOSE})\b.{{0,20}}\b(?:agreement|consent|say-so|knowledge|{PAPER}|first)\b"
    r"|\b(?:agree[ds]?|agree) to (?:all of it|every word)\b|\basked for (?:his|her|their) (?:agreement|permission)\b"
    r"|\bsigned (?:a copy|to say|our|"
    r"the sharing)\b"
    rf"|\b(?:public interest|paramount|law allows|lawful|justif\w+|duty|legal basis|outweigh\w*)\b.{{0,80}}\b(?:shar\w+|"
    rf"tell\w*|safe\w*|protect\w*|agree\w*|sen[dt]|objection|writ\w+)\b"
    rf"|\bshar(?:e|ing|ed)\b.{{0,80}}\b(?:without|public interest|protect|outweighs?|not safe|unsafe|at risk)\b"
    rf"|\b(?:not|n't|nobody) (?:been )?(?:asked|told|ask|tell|informed|shown|sought|safe to ask)\b.{{0,60}}\b(?:because|"
    rf"as it|risk|safe|danger|reaction|{PAPER})\b",
    re.IGNORECASE,
)
NOT_THIS = re.compile(
    r"\b(?:police|operation|surgery|vaccin\w+|immunis\w+|school trip|photograph|adoption|treatment|"
    r"medical)\b.{0,50}\b(?:agreement|consent\w*|permission|agreed)\b"
    r"|\b(?:consent\w*|permission|agreed) (?:to|for) (?:the |an? |her |his |their |start |restart |having |go |see |come |"
    r"keep |a )(?!report|letter|agreement)"
    r"|\bconference (?:has |had )?agreed|\brefused (?:visit|access|entry|appointment)"
    r"|\ball agreed|\b(?:funding|place|bed|referral|visit|contact|date|order)\b[^.;]{0,12}\bagreed"
    r"|\bsex and consent|\bcapacity to consent|\bagreed to (?:go in|come in|stay|be seen)"
    r"|\b(?:consent\w*|permission|agreed|signed)\b.{0,40}\b(?:photograph|outings|trips?|operation|surgery|vaccin\w+|"
    r"immunis\w+|anaesthetic)",
    re.IGNORECASE,
)

BARE = re.compile(r"\bagree[ds]?\b(?: to (?:this|it)\b| too\b| by (?:text|phone|telephone|email)\b|\s*[.;,]|$)", re.IGNORECASE)
"""Agreement without a word on what to: about the report where it stands near its head or foot, or where it says how it was given."""
BY = re.compile(r"\b(?:phone|telephone|text|email|e-mail|verbal\w*|in person|face to face|in writing|written|signed|read)\b", re.IGNORECASE)
SIGNATURE = re.compile(r"(?:dr|mr|mrs|ms|miss|prof|sr|nurse)\b[\w .'’-]{2,40}", re.IGNORECASE)
NEAR = 0.25
"""The share of a report at its head, and at its foot, in which agreement without an object is about the report."""

UNTICKED = re.compile(r"\[ \]\s*yes\s*\[x\]\s*no|(?:\[ \]|☐|□)?\s*yes\s*(?:/|\[ \]|☐|□|or)?\s*no\s*(?:\[ \]|☐|□)?", re.IGNORECASE)


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
    asked = [section for section in report.sections if section.slot == "consent"]
    for section in asked:
        if answer(section.text(report.text)) is Answer.GIVEN and _answers(section.text(report.text)):
            return section.body[0]
    for sentence in report.sentences:
        words = report.text[sentence.start : sentence.end].replace("’", "'")
        begins_blank = any(section.title.overlaps(sentence) for section in asked)
        if not begins_blank and not words.rstrip().endswith("?") and _tells(words, sentence, report) and not _other(words):
            return sentence
    return None


def _tells(words: str, sentence: Span, report: ReportView) -> bool:
    """Whether a sentence tells of agreement to the report."""
    if CONSENT.search(words):
        return True
    where = sentence.start / max(1, len(report.text))
    return bool(BARE.search(words)) and (bool(BY.search(words)) or not NEAR < where < 1 - NEAR)


def _answers(text: str) -> bool:
    """Whether an answer under a title on consent is one: words, or a box that is ticked, and not the name of who signs below."""
    return not UNTICKED.fullmatch(text.strip()) and not SIGNATURE.fullmatch(text.strip())


def _other(words: str) -> bool:
    """Whether the agreement told of is to something else."""
    return bool(NOT_THIS.search(words)) and not re.search(r"\bshar|\breport|\bletter|\binformation", words, re.IGNORECASE)
