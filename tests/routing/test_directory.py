"""The directory: whose mailbox it is, where mail goes, and every mistake in a file told with its line."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.domain.errors import RulesError
from pipeline.domain.mail import Address, AuthenticationResult, Submission
from pipeline.domain.text import PersonalText
from pipeline.routing import directory

ENTRY = """\
id: leeds
name: Leeds
mailboxes: [cp.reports.leeds@nhs.net]
reports_to: {label: Reports, address: reports@leeds.gov.uk}
copy_to:
  - {label: Safeguarding team, address: team@leeds-icb.nhs.uk}
admin: {label: Administration, address: admin@leeds.gov.uk}
secure_domains: [nhs.net, gov.uk]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules with one entry of ours."""
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "leeds.yaml").write_text(ENTRY)
    return tmp_path


def to(*addresses: str) -> Submission:
    """A message sent to these addresses."""
    return Submission(
        raw=b"",
        message_id="",
        sender=Address("a@nhs.net"),
        recipients=tuple(Address(address) for address in addresses),
        subject=PersonalText(""),
        received=datetime.now(UTC),
        sent=None,
        body=None,
        attachments=(),
        authentication=AuthenticationResult.PASS,
    )


def test_what_ships(rules_dir: Path) -> None:
    """Brent, Kent and Derby ship, each with its mailbox; none of them may be sent live mail until somebody sets real addresses."""
    shipped = directory.load(rules_dir)
    assert [authority.id for authority in shipped.authorities] == ["brent", "derby", "kent"]
    for authority in shipped.authorities:
        assert shipped.authority_for(to(f"cp.reports.{authority.id}@nhs.net")) is authority
        assert authority.secure_domains == ("nhs.net", "nhs.uk", "gov.uk")
        assert directory.why_not_live(authority.reports_to)
        assert all(directory.why_not_live(copy) for copy in authority.copy_to)
    assert len(directory.check(shipped)) == 9


def test_brent_prints_what_its_guidance_prints(rules_dir: Path) -> None:
    """Brent's printed addresses are kept, with the day and the reason they ended."""
    brent = directory.load(rules_dir).get("brent")
    assert brent is not None
    assert brent.reports_to.address == "child.protection@brent.gcsx.gov.uk"
    assert str(brent.reports_to.retired) == "2019-03-31"
    assert brent.copy_to[0].address == "BRECCG.SCT@nhs.net"
    assert str(brent.copy_to[0].retired) == "2022-07-01"
    assert "2019-03-31" in str(directory.why_not_live(brent.reports_to))


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (("cp.reports.brent@nhs.net",), "brent"),
        (("someone@nhs.net", "cp.reports.kent@nhs.net"), "kent"),
        (("someone@nhs.net",), None),
        (("cp.reports.brent@nhs.net.evil.example",), None),
        (("cp.reports.brent@nhs.net", "cp.reports.kent@nhs.net"), None),
        ((), None),
    ],
)
def test_whose_mailbox(rules_dir: Path, addresses: tuple[str, ...], expected: str | None) -> None:
    """One authority's mailbox names it; nobody's, or two authorities', name none, so that a person decides."""
    found = directory.load(rules_dir).authority_for(to(*addresses))
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("sender", "secure"),
    [
        ("a@nhs.net", True),
        ("a@trust.nhs.uk", True),
        ("a@brent.gov.uk", True),
        ("a@school.sch.uk", False),
        ("a@evilnhs.net", False),
        ("a@nhs.net.example", False),
        ("a@gmail.com", False),
        ("", False),
    ],
)
def test_secure_senders(rules_dir: Path, sender: str, secure: bool) -> None:
    """A domain is secure with everything below it, and nothing that only ends alike."""
    brent = directory.load(rules_dir).get("brent")
    assert brent is not None
    assert brent.is_secure(Address(sender)) is secure


def test_a_new_authority_is_a_new_file(rules: Path) -> None:
    """An entry needs no Python; its pack is its id unless it says otherwise."""
    (authority,) = directory.load(rules).authorities
    assert (authority.id, authority.pack, authority.reports_to.address) == ("leeds", "leeds", "reports@leeds.gov.uk")
    assert directory.check(directory.load(rules)) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name: Leeds", "nam: Leeds", "leeds.yaml:2: nam: is not a key"),
        ("name: Leeds", "id: leeds", "leeds.yaml:2: the key 'id' stands here for the second time"),
        ("name: Leeds\n", "", "leeds.yaml:1: name: "),
        ("id: leeds", "id: york", "leeds.yaml:1: the id must be the name of the file, leeds"),
        ("id: leeds", "id: leeds: x", "leeds.yaml:1: this is not YAML"),
        ("reports@leeds.gov.uk", "reports", "leeds.yaml:4: reports_to.address"),
        ("team@leeds-icb.nhs.uk}", "team@leeds-icb.nhs.uk, fax: 1}", "leeds.yaml:6: copy_to.0.fax: is not a key"),
        (
            "{label: Safeguarding team, address",
            "{label: A, label: B, address",
            "leeds.yaml:6: the key 'label' stands here for the second time",
        ),
        ("mailboxes: [cp.reports.leeds@nhs.net]", "mailboxes: []", "leeds.yaml:3: mailboxes"),
        ("secure_domains: [nhs.net, gov.uk]", "secure_domains: [NHS NET]", "leeds.yaml:8: secure_domains.0"),
        (ENTRY, "just words", "leeds.yaml:1: a directory entry is"),
    ],
)
def test_mistakes_are_told_with_their_line(rules: Path, old: str, new: str, says: str) -> None:
    """An unknown, repeated, missing or wrong key names file and line."""
    (rules / "directory" / "leeds.yaml").write_text(ENTRY.replace(old, new))
    with pytest.raises(RulesError) as refused:
        directory.load(rules)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_mailbox_for_two(rules: Path) -> None:
    """Two entries may not claim one mailbox."""
    (rules / "directory" / "york.yaml").write_text(ENTRY.replace("leeds\n", "york\n", 1).replace("[cp", "[x@nhs.net, CP"))
    with pytest.raises(RulesError, match=r"york\.yaml:3: CP\.reports\.leeds@nhs\.net is claimed by leeds already"):
        directory.load(rules)


def test_no_entry_at_all(rules: Path) -> None:
    """Rules without a directory are refused, with what to do."""
    shutil.rmtree(rules / "directory")
    with pytest.raises(RulesError, match="add one file"):
        directory.load(rules)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("reports@leeds.gov.uk", "reports@leeds.example", "made up"),
        ("reports@leeds.gov.uk}", "reports@leeds.gov.uk, retired: 2024-01-01, because: it moved}", "retired on 2024-01-01 (it moved)"),
        ("reports@leeds.gov.uk", "cp.reports.leeds@nhs.net", "its own inbound mailbox"),
        ("[nhs.net, gov.uk]", "[nhs.net, gmail.com]", "gmail.com is open to anyone"),
    ],
)
def test_what_an_operator_is_told(rules: Path, old: str, new: str, says: str) -> None:
    """An entry that loads may still be unfit: made-up or retired addresses, a loop, a domain open to anyone."""
    (rules / "directory" / "leeds.yaml").write_text(ENTRY.replace(old, new))
    (concern,) = directory.check(directory.load(rules))
    assert says in concern


def test_names_the_chair_and_the_language_of_letters(rules: Path) -> None:
    """Both are entries in the file; a language without letters is refused, with the line."""
    entry = rules / "directory" / "leeds.yaml"
    entry.write_text(f"{ENTRY}chair: {{label: Chair, address: chair@leeds.gov.uk}}\nlanguage: cy\n")
    with pytest.raises(RulesError, match=r"leeds.yaml:10: there is no folder letters/cy"):
        directory.load(rules)
    (rules / "letters" / "cy").mkdir(parents=True)
    (leeds,) = directory.load(rules).authorities

    assert leeds.letters == rules / "letters" / "cy"
    assert leeds.destinations[-1].address == "chair@leeds.gov.uk"
