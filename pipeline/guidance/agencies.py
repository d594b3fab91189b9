"""Who reports: the agency of the author, from the sender, the signature and the report's own head."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.domain.mail import Agency, Submission
from pipeline.domain.people import DocumentKind, Reading

HEAD = 700
"""Characters at the top of a report in which its author introduces himself."""
TITLE = 110
"""Characters at the very top, where a report or its letterhead is named."""
INTRODUCTION = 2500
"""Characters within which an author says 'I am the …'."""
OWN_WORDS = re.compile(
    r"\b(?:I am|I'm|I’m|I write as|writing as|I have been|I've been|report(?: of| by| from)|author|from|completed by|written by|agency"
    r"|writer|role|worker|prescriber)\b[^.\n]{3,90}",
    re.IGNORECASE,
)
FOOT = 350
"""Characters at the end of a mail or report in which it is signed."""

# What people call themselves and their teams. A more exact word scores higher: a school nurse also says "school" and "nurse".
_SIGNS: tuple[tuple[Agency, float, re.Pattern[str]], ...] = tuple(
    (agency, points, re.compile(pattern, re.IGNORECASE))
    for agency, points, pattern in (
        (
            Agency.SCHOOL_NURSE,
            4.0,
            r"\bschool (?:health )?nurs\w+|\bschool health\b|\bSCPHN\b|specialist community public health nurse|\bSN report\b|0-19 team",
        ),
        (Agency.HEALTH_VISITOR, 4.0, r"\bhealth visit\w+|\bHV\b|family nurse|\bFNP\b"),
        (Agency.MIDWIFE, 4.0, r"\bmidwi\w+|\bmaternity\b|\bantenatal\b"),
        (
            Agency.SUBSTANCE_MISUSE,
            4.0,
            (
                r"\b(?:substance|drug and alcohol|drugs? & alcohol|(?:alcohol|drug) (?:service|worker|counsellor|nurse|team|prescrib\w+)"
                r"|prescrib(?:er\w*|ing pharmacist)|harm reduction|recovery (?:worker|service|hub"
                r"|centre|team|partnership|coordinator))|\brecovery\b"
            ),
        ),
        (
            Agency.ADULT_MENTAL_HEALTH,
            4.0,
            (
                r"\b(?:CMHT|community mental health|mental health (?:nurse|team|trust|practitioner|service|social)"
                r"|psychiatr\w+|care co-?ordinator|perinatal mental"
                r"|clinical psychologist|CPN|IAPT|talking therapies|early intervention in psychosis|adult MH"
                r"|adult mental health|crisis (?:resolution|team)|CRHT|adult eating disorders"
                r"|dual diagnosis)\b"
            ),
        ),
        (
            Agency.HOSPITAL,
            3.5,
            (
                r"\b(?:paediatric\w*|consultant|hospital|ward|named nurse|emergency department|A&E|ED (?:consultant"
                r"|sister|nurse)|neonatal|NNU|registrar|infirmary|special care|diabetes team|discharge liaison"
                r"|matron|associate specialist)\b"
            ),
        ),
        (
            Agency.SCHOOL,
            3.5,
            (
                r"\b(?:head ?teacher|deputy head|assistant head|DSL|designated safeguarding lead|pastoral"
                r"|primary school|primary|academy|nursery manager|pre-?school"
                r"|class teacher|SENCO|year \d+ (?:lead|tutor)|education report|school report|attendance officer"
                r"|inclusion lead|college|nursery school|learning mentor|pupil referral|PRU"
                r"|education welfare|EWO|head of year|specialist teacher"
                r"|setting manager)\b|\.sch\.uk"
            ),
        ),
        (
            Agency.GP,
            3.0,
            (
                r"\b(?:GP|general practi\w+|surgery|medical (?:practice|centre)|health centre|practice manager"
                r"|practice nurse|salaried|locum|primary care|partner"
                r"|practice|medical group|family doctor)\b"
            ),
        ),
        (
            Agency.OTHER,
            3.5,
            (
                r"\b(?:social worker|children.s social care|police|probation|housing (?:officer|association)|refuge"
                r"|IDVA|domestic abuse (?:worker|service|adviser)|dentist|dental"
                r"|youth (?:justice|offending|worker)|conference admin\w*|family support|early help|fire service"
                r"|charity|CAMHS|optom\w+|pharmac\w+|speech and language|dietiti\w+"
                r"|physiotherap\w+|ambulance|outreach worker|domestic abuse outreach|children.s centre|family centre|prison healthcare|"
                r"child and adolescent mental health|nursery nurse|childminder|sexual health)\b"
            ),
        ),
    )
)


def agency_of(submission: Submission, readings: Sequence[Reading]) -> Agency:
    """The agency that reports; `other` where nothing says which."""
    return strongest(_introductions(submission, readings))


def strongest(texts: Iterable[tuple[str, float]]) -> Agency:
    """The agency most spoken for; each text comes with what it counts."""
    totals: defaultdict[Agency, float] = defaultdict(float)
    for text, weight in texts:
        for agency, points, pattern in _SIGNS:
            if pattern.search(text):
                totals[agency] += points * weight
    return max(totals, key=lambda agency: totals[agency], default=Agency.OTHER)


def _introductions(submission: Submission, readings: Sequence[Reading]) -> Iterable[tuple[str, float]]:
    """Where an author says who he is, and how much each place counts."""
    yield f"{submission.sender.name} {submission.sender.address}", 1.5
    yield str(submission.subject), 1.0
    for reading in readings:
        text = str(reading.document.text)
        if reading.document.attachment.is_body:
            yield signature(text), 1.2
        if reading.kind.kind is DocumentKind.CONFERENCE_REPORT:
            yield text[:TITLE], 0.8
            yield text[:HEAD], 0.8
            yield " ".join(OWN_WORDS.findall(text[:INTRODUCTION])), 1.0
            yield text[-FOOT:], 0.6


def signature(text: str) -> str:
    """The end of a mail's own text, above any thread quoted below it and any disclaimer of asterisks."""
    own = re.split(r"(?m)^(?:>|-{3,}\s*original message|_{8,}|\*{8,}|from:\s)", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return own.rstrip()[-FOOT:]
