"""The verb `preview`: every page that would leave beside the page it was made from, in a private folder, for as long as it is looked at."""

from __future__ import annotations

import os
import shutil
import sys
import webbrowser
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from rich.console import Console

from pipeline import dossier, facts_told, gateway, reopening, settings
from pipeline.domain.errors import NothingChanged
from pipeline.domain.plan import DocumentPlan, Treatment
from pipeline.leavings import PREVIEWS
from pipeline.records.store import Store
from pipeline.redaction.preview import PreviewPage

PAGE = "preview.html"
_SAID = {
    Treatment.SEND: "leaves; nothing on its face is taken out",
    Treatment.REDACT: "leaves redacted",
    Treatment.WITHHOLD: "stays behind",
}

Shown = Sequence[tuple[DocumentPlan, tuple[PreviewPage, ...] | None]]


def preview(config: Path | None, submission: str, *, document: int | None, version: int | None, show: bool) -> None:
    """Writes the pages before and after into a folder only its owner may open, and shows them; the last preview's are deleted first.

    They show what must not leave, so they go again: when the reader says so at a terminal, else with the next preview,
    or after an hour by the service.

    Raises:
        NothingChanged: there is no such submission, plan or document.
    """
    chosen = settings.load(config)
    folder = chosen.data_dir / PREVIEWS
    shutil.rmtree(folder, ignore_errors=True)
    with gateway.store(chosen) as store, gateway.thinking(chosen) as tools:
        opened = reopening.reopened(store, tools, submission, version)
        shown = reopening.previews(opened, tools, document)
        facts = _facts(store, submission)
    page = _written(folder, submission, opened.plan.version, shown, facts)
    print(page.resolve())
    for picture in sorted(folder.glob("*.png")):
        print(picture.resolve())
    if show:
        _show(page)


def _show(page: Path) -> None:
    webbrowser.open(page.resolve().as_uri())
    if sys.stdin is not None and sys.stdin.isatty():
        input("Press Enter when you have looked: the pictures are then deleted. ")
        shutil.rmtree(page.parent, ignore_errors=True)
    else:
        Console(stderr=True).print(
            "The pictures show what must not leave; they are deleted with the next preview, or by the service after an hour."
        )


def _written(folder: Path, submission: str, version: int, shown: Shown, facts: str) -> Path:
    try:
        folder.mkdir(parents=True, mode=0o700)
        for plan, pages in shown:
            for page in pages or ():
                for side, picture in (("original", page.original), ("redacted", page.redacted)):
                    if picture is not None:
                        _private(folder / f"{plan.document + 1:02}-{page.number:03}-{side}.png", picture)
        return _private(folder / PAGE, "".join(_html(submission, version, shown, facts)).encode())
    except OSError as error:
        raise NothingChanged(f"{folder} cannot be written ({error.strerror}); see to its permissions") from None


def _private(path: Path, content: bytes) -> Path:
    """Writes a file that from its first byte only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path


_HEAD = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Preview of {title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
body {{ font: 16px/1.5 Arial, sans-serif; margin: 2em auto; max-width: 110em; padding: 0 1em; background: #f0f4f5; color: #212b32 }}
table {{ width: 100%; border-spacing: 1em 0; table-layout: fixed }} th {{ text-align: left }} td {{ vertical-align: top }}
img {{ width: 100%; border: 1px solid #768692; background: #fff }}
</style></head><body>
<h1>Preview of {title}, plan {version}</h1>
<p>OFFICIAL-SENSITIVE. The left side is as it came and must not be passed on. Delete this page when you have looked.</p>
"""
_FACTS = (
    "<h2>What it says of itself</h2><table><thead><tr>"
    '<th scope="col">What</th><th scope="col">Is</th><th scope="col">As it says</th></tr></thead><tbody>{0}</tbody></table>\n'
)
_FACT = '<tr><th scope="row">{0}</th><td>{1}</td><td>{2}</td></tr>'
_ROW = "<tr><td>{0}</td><td>{1}</td></tr>"


def _facts(store: Store, submission: str) -> str:
    """What the submission says of itself, and what there is to know of its pack."""
    with store.reading() as work:
        found = work.dossiers.assessment(submission)
    if found is None:
        return ""
    view = dossier.unpacked(found.payload).view
    rows = "".join(
        _FACT.format(escape(one.label), escape(one.value), "<br>".join(map(escape, one.places))) for one in facts_told.told(view)
    )
    warned = "".join(f"<p><strong>{escape(one)}</strong></p>" for one in facts_told.pack_warnings(view, gateway.now().date()))
    return warned + (_FACTS.format(rows) if rows else "")


def _html(submission: str, version: int, shown: Shown, facts: str) -> Iterator[str]:
    yield _HEAD.format(title=escape(submission), version=version)
    yield facts
    for plan, pages in shown:
        name = f": {plan.outgoing_name}" if plan.outgoing_name else ""
        yield f"<h2>Document {plan.document + 1}{escape(name)}</h2><p>{_SAID[plan.treatment]}{escape(_why(plan))}</p>"
        if pages is None:
            yield "<p>There are no pictures of it: it could not be read in full, or no copy of it could be proven clean.</p>"
            continue
        yield '<table><thead><tr><th scope="col">As it came</th><th scope="col">As it would leave</th></tr></thead><tbody>'
        for page in pages:
            yield _ROW.format(_image(page.original, "as it came", page.number), _image(page.redacted, "as it would leave", page.number))
        yield "</tbody></table>"
    yield "</body></html>\n"


def _why(plan: DocumentPlan) -> str:
    parts = f"; {len(plan.removals)} part(s) taken out" if plan.removals else ""
    return f"{parts}{f': {plan.reason}' if plan.reason else ''}"


def _image(picture: bytes | None, side: str, number: int) -> str:
    if picture is None:
        return "no such page"
    return f'<img alt="Page {number} {side}" src="data:image/png;base64,{b64encode(picture).decode()}">'
