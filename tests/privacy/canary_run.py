"""A process that sends canary messages along the road, each failing at another step with the canary words in its exception.

Everything it writes stays under the folder it is given; test_canary.py searches that folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1])
sys.path[:0] = [str(Path(__file__).parent)]
NAMES: set[str] = set()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes every file name and every command line of this process, those of files long gone too."""
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "subprocess.Popen", "tempfile.mkstemp", "tempfile.mkdtemp"}:
        NAMES.add(f"{event} {arguments}")


sys.addaudithook(_note)
logging.basicConfig(level=logging.DEBUG, filename=FOLDER / "debug.log")

from canary import WORDS, message  # noqa: E402 - the hook must stand before anything else is loaded

from flows.collect import collect  # noqa: E402
from flows.dispatch import dispatch  # noqa: E402
from flows.process import process  # noqa: E402
from flows.workshop import Workshop, lent, opened  # noqa: E402
from pipeline import gateway, settings, storyline, thinking  # noqa: E402
from pipeline.domain.states import SubmissionState  # noqa: E402


def fail(*_: Any, **__: Any) -> Any:
    """Fails as code would that puts what it works on into its exception."""
    raise ValueError(" ".join(WORDS))


class Wrapped:
    """A part of the gateway that does all it did, but one thing."""

    def __init__(self, inner: Any, **instead: Callable[..., Any]) -> None:
        self.inner, self.instead = inner, instead

    def __getattr__(self, name: str) -> Any:
        return self.instead.get(name) or getattr(self.inner, name)

    def __enter__(self) -> Any:
        self.inner.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.inner.__exit__(*exc)


@contextlib.contextmanager
def patched(place: Any, name: str) -> Iterator[None]:
    """With one entry function failing."""
    good = getattr(place, name)
    setattr(place, name, fail)
    try:
        yield
    finally:
        setattr(place, name, good)


def entry(place: Any, name: str) -> Callable[[Workshop], Any]:
    """Fails at an entry function."""
    return lambda shop: patched(place, name)


def sandboxed(work: str) -> Callable[[Workshop], Any]:
    """Fails at what is done in the reading process."""

    def failing(shop: Workshop) -> Any:
        def run(function: Any, *arguments: Any) -> Any:
            return fail() if function.__name__ == work else shop.tools.sandbox.run(function, *arguments)

        return lent(dataclasses.replace(shop, tools=dataclasses.replace(shop.tools, sandbox=Wrapped(shop.tools.sandbox, run=run))))

    return failing


def at_mailbox(name: str) -> Callable[[Workshop], Any]:
    """Fails at the mailbox."""
    return lambda shop: lent(dataclasses.replace(shop, mailboxes=tuple(Named(box, name) for box in shop.mailboxes)))


class Named(Wrapped):
    """A mailbox under its own name that fails at one thing."""

    def __init__(self, box: Any, method: str) -> None:
        super().__init__(box, **{method: fail})
        self.name = box.name


def at_transport(shop: Workshop) -> Any:
    """Fails at handing a letter over."""
    return lent(dataclasses.replace(shop, outbox=gateway.Outbox(shop.outbox.letters, Wrapped(shop.outbox.transport, send=fail))))


STEPS: dict[str, Callable[[Workshop], Any]] = {
    "nothing": lambda shop: contextlib.nullcontext(),
    "collect": at_mailbox("new"),
    "parse": entry(thinking.mime, "parse"),
    "unpack": sandboxed("unpack"),
    "read": sandboxed("read"),
    "recognise": entry(thinking, "recognise"),
    "facts": entry(thinking.facts, "establish"),
    "assess": entry(thinking, "judge"),
    "plan": entry(thinking.plan, "propose"),
    "decide": entry(thinking, "decide"),
    "copy": sandboxed("make"),
    "letters": entry(thinking.correspondence, "to_authority"),
    "save": entry(storyline.dossier, "packed"),
    "settle": at_mailbox("settle"),
    "send": at_transport,
}


async def _sweep() -> int:
    """One round; prints what came back over the border. Returns how many parts of it failed."""
    failed = 0
    for flow in (collect, process, dispatch):
        state = await flow(return_state=True)
        print(repr(state), state.message, repr(await state.aresult(raise_on_failure=False)))
        failed += not state.is_completed()
    return failed


def _release_all(shop: Workshop) -> None:
    with shop.store.reading() as work:
        held = [entry.id for entry in work.submissions.in_state(SubmissionState.HELD)]
    for submission in held:
        storyline.release(shop.store, submission, reviewer="nurse.7", why="", now=gateway.now())


def main() -> None:
    """A message for each step, failing there; then everything goes through, is released and sent."""
    chosen = settings.load()
    inbox = chosen.data_dir / "in" / "new"
    with opened(chosen) as shop:
        for number, (step, failing) in enumerate(STEPS.items()):
            (inbox / f"{1_800_000_000 + number}.M{number}.test").write_bytes(message(number))
            with failing(shop):
                if step == "send":
                    asyncio.run(process())
                    _release_all(shop)
                failed = asyncio.run(_sweep())
            print(f"failing at {step}: {failed} of 3 parts failed")
            asyncio.run(_sweep())
            print("attempt", number, repr(shop.tools.directory)[:0])
        assessment = thinking.assess(message(99), shop.tools, collected=gateway.now())
        print(repr(assessment), repr(thinking.outgoing(assessment, shop.tools, now=gateway.now())))
        with shop.store.reading() as work:
            print("states", sorted({entry.state.value for entry in work.submissions.in_state(*SubmissionState)}))
            print("entries", [repr(entry) for entry in work.submissions.in_state(*SubmissionState)])
    (FOLDER / "names.log").write_text("\n".join(sorted(NAMES)))


if __name__ == "__main__":
    main()
