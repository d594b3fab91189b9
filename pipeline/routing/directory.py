"""The directory: which local authority a mailbox belongs to, and where its mail goes. One file under rules/directory for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipeline.domain.authority import Authority, Destination
from pipeline.domain.errors import RulesError
from pipeline.domain.mail import Submission
from pipeline.routing import strict

EmailAddress = Annotated[str, StringConstraints(pattern=r"^[^\s@<>,;\"]+@[^\s@<>,;\".]+(\.[^\s@<>,;\".]+)+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net")
"""Domains that belong to nobody (RFC 2606), used for addresses that are made up."""

OPEN_TO_ANYONE = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "yahoo.com", "yahoo.co.uk", "icloud.com", "sch.uk", "co.uk", "org.uk"}
)
"""Domains in which anybody, or any school or firm, may have an address: never secure."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)


class _Destination(_Strict):
    label: Text
    address: EmailAddress
    retired: date | None = None
    because: str = ""


class _Entry(_Strict):
    id: Name
    name: Text
    pack: Name | None = None
    mailboxes: Annotated[list[EmailAddress], Field(min_length=1)]
    reports_to: _Destination
    copy_to: Annotated[list[_Destination], Field(min_length=1)]
    admin: _Destination
    secure_domains: Annotated[list[Domain], Field(min_length=1)]
    subject_marking: str = ""
    help_contact: str = ""
    chair: _Destination | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """Every authority there is an entry for, in the order of their ids."""

    authorities: tuple[Authority, ...]

    def authority_for(self, submission: Submission) -> Authority | None:
        """The authority whose mailbox the message was sent to; None where it is no one's, or more than one's."""
        addressed = {recipient.address for recipient in submission.recipients}
        found = [authority for authority in self.authorities if addressed & set(authority.mailboxes)]
        return found[0] if len(found) == 1 else None

    def get(self, authority_id: str) -> Authority | None:
        """The authority with that id."""
        return next((authority for authority in self.authorities if authority.id == authority_id), None)


def load(rules_dir: Path) -> Directory:
    """Reads every entry under `rules_dir/directory`.

    Raises:
        RulesError: an entry has an unknown, repeated, missing or wrong key, its id is not its file's name, there are no letters in its
            language under `rules_dir/letters`, or a mailbox is claimed by two entries; names file and line.
    """
    sources = [strict.load(file) for file in sorted((rules_dir / "directory").glob("*.yaml"))]
    if not sources:
        raise RulesError(f"there is no entry under {rules_dir.name}/directory: add one file for each local authority")
    entries = [(source, _entry(source)) for source in sources]
    _refuse_shared_mailboxes(entries)
    return Directory(tuple(_authority(entry, _letters(source, entry, rules_dir / "letters")) for source, entry in entries))


def _letters(source: strict.Source, entry: _Entry, folder: Path) -> Path | None:
    if entry.language is None:
        return None
    if not (folder / entry.language).is_dir():
        raise RulesError(
            f"{source.at(('language',))}: there is no folder letters/{entry.language} beside directory/; put its letters there"
        )
    return folder / entry.language


def why_not_live(destination: Destination) -> str | None:
    """Why live mail to this destination is refused, as one sentence that says what to do, or None where it may go."""
    if destination.retired:
        reason = f"was retired on {destination.retired.isoformat()}" + (f" ({destination.because})" if destination.because else "")
        return f"{destination.address} {reason}: set the current address in rules/directory"
    domain = destination.address.rpartition("@")[2].lower()
    if any(domain == made_up or domain.endswith("." + made_up) for made_up in RESERVED):
        return f"{destination.address} is made up: set the real address in rules/directory"
    return None


def check(directory: Directory) -> tuple[str, ...]:
    """What an operator should know of the entries although they can be loaded, one sentence each."""
    return tuple(sentence for authority in directory.authorities for sentence in _concerns(authority))


def _concerns(authority: Authority) -> list[str]:
    destinations = authority.destinations
    loops = [place.address for place in destinations if place.address.lower() in authority.mailboxes]
    open_domains = [domain for domain in authority.secure_domains if domain in OPEN_TO_ANYONE]
    concerns = [
        *(reason for reason in map(why_not_live, destinations) if reason),
        *(f"{address} is its own inbound mailbox, so its mail would come back to it" for address in loops),
        *(f"{domain} is open to anyone and cannot count as secure" for domain in open_domains),
    ]
    return [f"{authority.id}: {concern}" for concern in concerns]


def _entry(source: strict.Source) -> _Entry:
    if not isinstance(source.content, dict):
        raise RulesError(f"{source.at(())}: a directory entry is a list of keys and values")
    try:
        entry = _Entry.model_validate(source.content)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        first = min(found, key=lambda problem: problem["type"] != "extra_forbidden")  # a misspelt key explains the missing one
        place = tuple(part for part in first["loc"] if isinstance(part, str | int))
        key = ".".join(str(part) for part in place)
        problem = "is not a key of a directory entry" if first["type"] == "extra_forbidden" else first["msg"][0].lower() + first["msg"][1:]
        raise RulesError(f"{source.at(place)}: {key}: {problem}") from None
    if entry.id != source.file.stem:
        raise RulesError(f"{source.at(('id',))}: the id must be the name of the file, {source.file.stem}")
    return entry


def _refuse_shared_mailboxes(entries: list[tuple[strict.Source, _Entry]]) -> None:
    claimed: dict[str, str] = {}
    for source, entry in entries:
        for number, mailbox in enumerate(entry.mailboxes):
            if mailbox.lower() in claimed:
                where = source.at(("mailboxes", number))
                raise RulesError(f"{where}: {mailbox} is claimed by {claimed[mailbox.lower()]} already; mail to it could not be told apart")
            claimed[mailbox.lower()] = entry.id


def _authority(entry: _Entry, letters: Path | None) -> Authority:
    return Authority(
        id=entry.id,
        name=entry.name,
        pack=entry.pack or entry.id,
        mailboxes=tuple(mailbox.lower() for mailbox in entry.mailboxes),
        reports_to=_destination(entry.reports_to),
        copy_to=tuple(_destination(destination) for destination in entry.copy_to),
        admin=_destination(entry.admin),
        secure_domains=tuple(entry.secure_domains),
        subject_marking=entry.subject_marking,
        help_contact=entry.help_contact,
        chair=_destination(entry.chair) if entry.chair else None,
        letters=letters,
    )


def _destination(entry: _Destination) -> Destination:
    return Destination(entry.address, entry.label, entry.retired, entry.because)
