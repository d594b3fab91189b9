"""The verb `extract`: what was read from a file, layer by layer, and what was not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hiding_places import LAYERS, SEEN, full_parts

from pipeline.commands.extract import extract
from pipeline.domain.errors import NothingChanged


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts in a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_every_hiding_place_of_a_word_file_is_shown_under_its_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON: the face, each planted word in the layer of its kind and not on the face, the notes, and the file found inside."""
    file = tmp_path / "full.docx"
    file.write_bytes(zipped(full_parts()))
    extract(None, file, as_json=True)
    whole, *inside = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [word for word in SEEN if word not in whole["text"]] == []
    assert "hid" not in whole["text"]
    for kind, words in LAYERS.items():
        held = " ".join(layer["text"] for layer in whole["hidden"] if layer["kind"] == kind.value)
        assert [word for word in words if word not in held] == [], kind
    assert {"macros", "embedded_file_unread"} <= {note["code"] for note in whole["notes"]}
    assert [one["name"] for one in inside] == whole["embedded"] == ["afchunk1.htm"]


def test_the_same_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As a page: the layers as a table beside the face."""
    monkeypatch.setenv("COLUMNS", "200")
    file = tmp_path / "full.docx"
    file.write_bytes(zipped(full_parts()))
    extract(None, file, as_json=False)
    shown = capsys.readouterr().out
    for kind in LAYERS:
        assert kind.value.replace("_", " ") in shown
    assert "macros:" in shown
    assert "inside it: afchunk1.htm" in shown


def test_hidden_text_that_is_cut_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A long hidden layer is shown in part with how much is missing, and whole as JSON."""
    monkeypatch.setenv("COLUMNS", "600")
    file = tmp_path / "a.html"
    file.write_text(f"<p>seen</p><p hidden>{'word ' * 300}end</p>")
    extract(None, file, as_json=False)
    assert "(1,103 characters more; --json shows all)" in " ".join(capsys.readouterr().out.split())
    extract(None, file, as_json=True)
    assert json.loads(capsys.readouterr().out)["hidden"][0]["text"].endswith("word end")


def test_what_could_not_be_read_is_named_beside_what_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A zip with a good file, a damaged one and a locked archive: three documents, two with their reason."""
    file = tmp_path / "a.zip"
    file.write_bytes(zipped({"a.txt": "Robin is well", "b.pdf": "%PDF-1.4 nonsense", "c.rar": b"Rar!\x1a\x07\x01\x00 rest"}))
    extract(None, file, as_json=True)
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["name"], one["container"], one["problem"]) for one in found] == [
        ("a.txt", "a.zip", None),
        ("b.pdf", "a.zip", "damaged"),
        ("c.rar", "a.zip", "unsupported"),
    ]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """The reason, and no traceback."""
    with pytest.raises(NothingChanged, match="cannot be read"):
        extract(None, tmp_path / "none.pdf", as_json=False)
