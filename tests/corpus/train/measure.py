"""Measures the shipped sensitivity model on labelled cases, on their text alone: quick, and apart from reading and rendering.

`measure.py [FOLDER] [--passages] [--missed] [--harmed]`: FOLDER holds labelled cases (default: the development set beside this folder), or
passages in which all that is unmarked stays (`tests/corpus/fresh`, `fresh_halves` and `fresh_notes`). Beside it stands a baseline, the
dictionary: every statement with a cue of the lexicon goes. MEASURES.md says how each figure is counted.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
import authored
import labelled
import readings
import scoring

from pipeline.recognition import statements
from pipeline.recognition.sensitivity.model import SensitivityModel

RULES = Path(__file__).resolve().parents[3] / "rules"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=labelled.CORPUS)
    parser.add_argument("--passages", action="store_true", help="the folder holds passages with marks in them")
    parser.add_argument("--missed", action="store_true", help="print the quotes that were missed")
    parser.add_argument("--harmed", action="store_true", help="print what was taken out needlessly")
    arguments = parser.parse_args()
    model = SensitivityModel.load(RULES)
    documents = (authored if arguments.passages else labelled).read(arguments.folder)
    read = list(readings.by_model(documents, model.encoder))
    seen = [document for document, *_ in read]
    removed = [readings.removals(each, model) for each in read]
    counts = scoring.count(seen, removed)
    print(f"{arguments.folder.name}: {len(seen)} documents")
    print(f"  model       {counts.line()}")
    print(f"  dictionary  {scoring.count(seen, [_dictionary(document, model) for document in seen]).line()}")
    for title, table in (("category", counts.by_category), ("agency", counts.by_agency), ("writer", counts.by_letter)):
        print(f"  by {title}: " + ", ".join(f"{name} {caught}/{marked}" for name, (caught, marked) in sorted(table.items())))
    parts = [(document, cut) for document, cut, *_ in read]
    harmed, unmarked = scoring.statements(parts, removed)
    print(f"  statements without a mark from which something is removed: {harmed}/{unmarked}")
    taken, mixed = scoring.torn(parts, removed)
    print(f"  statements of which a part must go and the rest goes with it: {taken}/{mixed}")
    print(f"  needless removals: {len(counts.needless)}; false release {counts.false_release}; false hold {counts.false_hold}")
    if arguments.missed:
        print(*(f"missed {case} {why}: {quote}" for case, why, quote in counts.missed), sep="\n")
    if arguments.harmed:
        print(*(f"harmed {case}: {quote}" for case, quote in counts.harmed), sep="\n")
        print(*(f"needless {case}: {quote}" for case, quote in counts.needless), sep="\n")


def _dictionary(document: labelled.Labelled, model: SensitivityModel) -> list:
    cut = statements.split(document.document)
    return [each.span for each in cut if any(hit.cue.name != "relation" for hit in model.cues.find(document.document.text, each))]


if __name__ == "__main__":
    main()
