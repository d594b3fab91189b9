"""Reads rules/ into a library of rules and packs, refusing whatever is not exactly right."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.domain.errors import RulesError
from pipeline.guidance import lexicons as word_lists
from pipeline.guidance.detection import Detector, registry
from pipeline.guidance.files import ExamplesFile, GuidanceDocumentFile, PackFile, RuleFile
from pipeline.guidance.lexicons import Lexicons
from pipeline.guidance.merge import effective_pack
from pipeline.guidance.packs import Pack
from pipeline.guidance.rule import Advice, Rule, Source
from pipeline.guidance.strict import Location, RulesFile, read


@dataclass(frozen=True)
class RuleLibrary:
    """Everything under rules/ that concerns guidance.

    Attributes:
        rules: by id, in the order of groups and ids.
        examples: the proof each rule brings, by rule id.
        documents: the guidance documents by id, in the order of their numbers.
    """

    rules: dict[str, Rule]
    examples: dict[str, ExamplesFile]
    documents: dict[str, GuidanceDocumentFile]
    lexicons: Lexicons = field(repr=False)
    pack_files: dict[str, tuple[RulesFile, PackFile]] = field(repr=False)
    packs: dict[str, Pack] = field(repr=False)

    def pack(self, pack_id: str) -> Pack:
        """The pack in force under this id.

        Raises:
            RulesError: there is none.
        """
        try:
            return self.packs[pack_id]
        except KeyError:
            raise RulesError(f"there is no pack '{pack_id}' under rules/packs; there are {', '.join(sorted(self.packs))}") from None


def load(rules_dir: Path) -> RuleLibrary:
    """Reads documents, rules, packs and word lists.

    Raises:
        RulesError: with file and line, for the first thing that is wrong.
    """
    documents = _documents(rules_dir / "documents")
    rules, examples = _rules(rules_dir / "guidance", documents)
    files = _pack_files(rules_dir / "packs", documents)
    words = word_lists.load(rules_dir)
    packs = {pack_id: effective_pack(pack_id, files, rules, words) for pack_id in files if _has_deadline(pack_id, files, ())}
    return RuleLibrary(rules, examples, documents, words, files, packs)


def _listed(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise RulesError(f"{folder.name}/: no rules files here; set rules_dir to the folder that holds packs/ and guidance/")
    return paths


def _documents(folder: Path) -> dict[str, GuidanceDocumentFile]:
    found: dict[str, GuidanceDocumentFile] = {}
    for path in _listed(folder, "*.yaml"):
        file = read(path)
        document = file.as_model(GuidanceDocumentFile)
        _named_like_its_file(file, document.id)
        found[document.id] = document
    return dict(sorted(found.items(), key=lambda item: item[1].number))


def _named_like_its_file(file: RulesFile, given: str) -> None:
    if given != file.path.stem:
        raise file.refuse(f"id: '{given}' must be the name of its file", ("id",))


def _rules(folder: Path, documents: dict[str, GuidanceDocumentFile]) -> tuple[dict[str, Rule], dict[str, ExamplesFile]]:
    rules: dict[str, Rule] = {}
    examples: dict[str, ExamplesFile] = {}
    for path in _listed(folder, "*/*.yaml"):
        file = read(path)
        written = file.as_model(RuleFile)
        if written.id in rules:
            raise file.refuse(f"id: '{written.id}' is used already by {rules[written.id].file}", ("id",))
        _named_like_its_file(file, written.id)
        for number, source in enumerate(written.source):
            check_clause(file, documents, source.document, source.clause, ("source", number))
        rules[written.id] = _rule(file, written)
        examples[written.id] = written.examples
    return rules, examples


def _rule(file: RulesFile, written: RuleFile) -> Rule:
    detector = detector_named(file, written.detector)
    return Rule(
        id=written.id,
        title=written.title,
        group=file.path.parent.name,
        topic=written.topic,
        detector=written.detector,
        settings=written.parameters,
        parameters=checked_parameters(file, detector, written.parameters, ("parameters",)),
        weight=written.weight,
        action=written.action,
        status=written.status,
        sources=tuple(Source(source.document, source.clause, source.requirement) for source in written.source),
        advice=Advice(written.advice.what, written.advice.why, written.advice.how),
        known_misfires=written.known_misfires,
        file=f"{file.path.parent.name}/{file.path.name}",
    )


def detector_named(file: RulesFile, name: str) -> Detector:
    """The detector a rule asks for."""
    try:
        return registry()[name]
    except KeyError:
        raise file.refuse(f"detector: '{name}' is unknown; there are {', '.join(registry())}", ("detector",)) from None


def checked_parameters(file: RulesFile, detector: Detector, given: dict[str, Any], at: Location) -> Any:
    """The detector's parameters, each known and of the right kind."""
    return file.part(detector.parameters, given, at)


def check_clause(file: RulesFile, documents: dict[str, GuidanceDocumentFile], document: str, clause: str, at: Location) -> None:
    """Refuses a clause that no guidance document has."""
    if document not in documents:
        raise file.refuse(f"document: '{document}' is unknown; there are {', '.join(documents)}", (*at, "document"))
    if clause not in {known.clause for known in documents[document].clauses}:
        raise file.refuse(f"clause: '{clause}' is not one of documents/{document}.yaml", (*at, "clause"))


def _pack_files(folder: Path, documents: dict[str, GuidanceDocumentFile]) -> dict[str, tuple[RulesFile, PackFile]]:
    found: dict[str, tuple[RulesFile, PackFile]] = {}
    for path in _listed(folder, "*.yaml"):
        file = read(path)
        written = file.as_model(PackFile)
        _named_like_its_file(file, written.id)
        if written.deadline is not None:
            check_clause(file, documents, written.deadline.because.document, written.deadline.because.clause, ("deadline", "because"))
        for number, change in enumerate(written.adjust):
            check_clause(file, documents, change.because.document, change.because.clause, ("adjust", number, "because"))
        found[written.id] = (file, written)
    return found


def _has_deadline(pack_id: str, files: dict[str, tuple[RulesFile, PackFile]], above: tuple[str, ...]) -> bool:
    """Whether it is a pack an authority can use; one without a deadline is a part."""
    file, written = files[pack_id]
    for number, base in enumerate(written.builds_on):
        if base not in files:
            raise file.refuse(f"builds_on: there is no pack '{base}'", ("builds_on", number))
        if base in (*above, pack_id):
            raise file.refuse(f"builds_on: '{base}' builds on this pack in turn", ("builds_on", number))
    inherited = [_has_deadline(base, files, (*above, pack_id)) for base in written.builds_on]
    return written.deadline is not None or any(inherited)
