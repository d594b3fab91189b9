"""The contract of `assess`, on every labelled development message in one call."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

SCHEMA = Path(__file__).with_name("assessment.schema.json")
CORPUS = Path(__file__).parents[1] / "corpus"
WITHHELD_OR_CHANGED = {"redact", "withhold", "review"}


@dataclass(frozen=True)
class Assessed:
    """What one call over the whole corpus printed and wrote, by message in the order printed."""

    files: list[str]
    objects: dict[str, dict[str, Any]]
    err: str
    outgoing: Path

    def letter(self, file: str, kind: str) -> EmailMessage | None:
        """A letter that was written for a message."""
        path = self.outgoing / Path(file).stem / f"{kind}.eml"
        return email.message_from_bytes(path.read_bytes(), policy=email.policy.default) if path.exists() else None


@pytest.fixture(scope="session")
def order(corpus: Path) -> list[Path]:
    """The messages, not in the order of their names, so that the order of what is printed says something."""
    return sorted(corpus.glob("*.eml"), key=lambda path: (path.stem[::-1], path.stem))


@pytest.fixture(scope="session")
def assessed(run: Callable, order: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Assessed:
    """One call of the command over the whole corpus, as a process of its own."""
    folder = tmp_path_factory.mktemp("assess")
    said = run("assess", *order, "--json", "--outgoing", folder / "out", folder=folder)
    assert said.code == 0, said.err
    printed = [json.loads(line) for line in said.out.splitlines()]
    return Assessed([one["file"] for one in printed], {one["file"]: one for one in printed}, said.err, folder / "out")


pytestmark = pytest.mark.timeout(900)  # the first test pays for all


def test_there_is_one_object_a_line_in_the_order_given(assessed: Assessed, order: list[Path]) -> None:
    """As many objects as messages, in their order, and nothing else on either stream."""
    assert assessed.files == [path.name for path in order]
    assert assessed.err == ""


def test_every_object_is_of_the_published_schema(assessed: Assessed) -> None:
    """The schema in this folder says what other programs rely on."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    wrong = [
        f"{file}: {error.json_path}: {error.message[:120]}"
        for file, one in assessed.objects.items()
        for error in validator.iter_errors(one)
    ]
    assert not wrong


def test_a_release_holds_nothing_back(assessed: Assessed) -> None:
    """`release` only where every document goes as it is, nothing is to be redacted or looked at, and nothing was unreadable."""
    for one in assessed.objects.values():
        if one["decision"] == "release":
            assert {document["treatment"] for document in one["documents"]} == {"send"}
            assert not [finding for finding in one["findings"] if finding["action"] in WITHHELD_OR_CHANGED]
            assert "unreadable" not in {document["kind"] for document in one["documents"]}


def test_what_is_not_released_says_why(assessed: Assessed) -> None:
    """At least one plain sentence each."""
    assert not [file for file, one in assessed.objects.items() if one["decision"] != "release" and not one["reasons"]]


def test_each_finding_names_a_document_that_is_listed(assessed: Assessed) -> None:
    """A finding points at a listed document of the message, or at the message as a whole."""
    for one in assessed.objects.values():
        names = {document["name"] for document in one["documents"]}
        assert {finding["document"] for finding in one["findings"]} - {None} <= names


def test_a_pack_of_the_authority_scores_each_report(assessed: Assessed) -> None:
    """Every report has a score by the pack of the authority it was sent to."""
    for one in assessed.objects.values():
        assert one["scorecard"]["pack"] == one["authority"]
        if any(document["kind"] == "conference_report" for document in one["documents"]):
            assert one["scorecard"]["score"] is not None


def test_a_letter_is_written_where_the_report_would_leave_and_nowhere_else(assessed: Assessed, corpus: Path) -> None:
    """The letter to the authority is there exactly where `outgoing` names one, with the same To and Cc; else there is no file at all."""
    for file, one in assessed.objects.items():
        letter = assessed.letter(file, "to-authority")
        assert (letter is not None) == bool(one["outgoing"]["to"]), file
        if letter is not None:
            assert [address for _, address in getaddresses([letter["To"]])] == one["outgoing"]["to"]
            assert [address for _, address in getaddresses([letter["Cc"]])] == one["outgoing"]["cc"]
            assert letter["Subject"] == one["outgoing"]["subject"]


def test_nothing_is_written_for_mail_without_a_report_or_suspicious_mail(assessed: Assessed) -> None:
    """No file at all, and no address to send to."""
    for file, one in assessed.objects.items():
        if one["decision"] == "not_a_report" or one["route"] == "suspicious":
            assert not (assessed.outgoing / Path(file).stem).exists()
            assert one["outgoing"]["to"] == []


def test_only_promised_letters_are_written(assessed: Assessed) -> None:
    """`to-authority.eml` and `to-sender.eml`, and no other file."""
    assert {path.name for path in assessed.outgoing.rglob("*.eml")} <= {"to-authority.eml", "to-sender.eml"}


def test_withheld_files_are_in_no_letter(assessed: Assessed) -> None:
    """The bytes of a withheld file are in no letter, and there are no more enclosures than documents that may leave."""
    for file, one in assessed.objects.items():
        letter = assessed.letter(file, "to-authority")
        if letter is None:
            continue
        came = _files(email.message_from_bytes((CORPUS / file).read_bytes(), policy=email.policy.default))
        left = _files(letter)
        withheld = [came.get(document["name"]) for document in one["documents"] if document["treatment"] == "withhold"]
        assert not [raw for raw in withheld if raw in left.values()], file
        assert 1 <= len(left) <= len(one["documents"]) - len(withheld), file


def _files(message: EmailMessage) -> dict[str, bytes]:
    """The files of a message by name."""
    parts = [(part.get_filename(), part.get_payload(decode=True)) for part in message.walk()]
    return {name: raw for name, raw in parts if name and isinstance(raw, bytes)}


def test_what_was_found_is_quoted_as_it_was_written(assessed: Assessed) -> None:
    """A finding quotes the words of the message and none of ours."""
    for file, one in assessed.objects.items():
        case = yaml.safe_load((CORPUS / file).with_suffix(".yaml").read_text(encoding="utf-8"))
        plain = [part for part in case["attachments"] if part["render"] in {"docx", "txt"}]
        for part in plain:
            said = _letters(part["text"])
            for finding in one["findings"]:
                if finding["document"] == part["name"] and finding["action"] == "redact":
                    assert _letters(finding["quote"]) in said, (file, finding["quote"])


def _letters(text: str) -> str:
    """Letters and digits alone: what a rendering to Word does not change."""
    return "".join(character for character in text.casefold() if character.isalnum())


def test_bytes_that_are_no_message_are_an_object_too(call: Callable, tmp_path: Path, samples: Path) -> None:
    """What cannot be parsed is one object that asks for a person, and the next message is assessed all the same."""
    (tmp_path / "broken.eml").write_bytes(b"\x00\xff no header")
    (tmp_path / "after.eml").write_bytes((samples / "s10.eml").read_bytes())

    said = call("assess", tmp_path / "broken.eml", tmp_path / "after.eml", "--json", "--outgoing", tmp_path / "out")

    broken, after = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0
    assert (broken["file"], broken["decision"], broken["documents"]) == ("broken.eml", "review", [])
    assert after["decision"] == "not_a_report"
    assert not (tmp_path / "out").exists()


def test_without_json_it_prints_a_page_for_people(call: Callable, samples: Path) -> None:
    """Decision and reasons in words; exit 0 whatever it says."""
    said = call("assess", samples / "s13.eml")

    assert said.code == 0
    assert "a person must look" in said.out
    assert "deceive" in said.out
