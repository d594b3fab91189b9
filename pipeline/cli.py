"""The verbs at the prompt. Each loads what it needs when it is called, and turns every expected failure into one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="reportgate",
    help="Takes in reports for child protection conferences, finds what must not go on, and sends the rest on time and provably clean.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback could show what a message says
    add_completion=False,
    rich_markup_mode=None,  # loading rich to draw a page of help would cost three times as much as all the rest
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 140},
)
rules_app = typer.Typer(help="Prove, show and explain the rules.", no_args_is_help=True)
audit_app = typer.Typer(help="The record of who did what, and its proof.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")
app.add_typer(audit_app, name="audit")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a page for people.")]
By = Annotated[str, typer.Option("--by", help="Who decides: your name or staff number, for the audit record.")]
SubmissionId = Annotated[str, typer.Argument(metavar="ID", help="The submission's id, such as shown by: reportgate queue")]


@app.callback()
def _main(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="The settings file (else REPORTGATE_CONFIG or ./reportgate.toml).")
    ] = None,
) -> None:
    context.obj = config


@app.command()
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where reportgate.toml and the data folder are made.")] = Path(),
) -> None:
    """Write a commented settings file that works, make the vault key and the store."""
    from pipeline.commands import setup

    setup.init(folder, context.obj)


@app.command()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Look at everything the gateway depends on, and say how to mend what is wrong."""
    from pipeline.commands import setup

    setup.doctor(context.obj, as_json=json)


@app.command()
def assess(
    context: typer.Context,
    messages: Annotated[list[Path], typer.Argument(metavar="MESSAGE.eml...", help="One or more messages, as files.")],
    json: Json = False,
    outgoing: Annotated[
        Path | None,
        typer.Option("--outgoing", metavar="DIR", help="Write every letter that would leave if a reviewer accepted every proposal."),
    ] = None,
) -> None:
    """Say what the gateway would do with a message. Changes nothing; needs no mailbox, database or network."""
    from pipeline.commands import assess as command

    command.assess(context.obj, messages, as_json=json, outgoing=outgoing)


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Labelled mail: pairs of <id>.eml and <id>.yaml.")],
    json: Json = False,
    baselines: Annotated[bool, typer.Option(help="Measure Presidio's defaults and a dictionary on the same text, too.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the figures into this .svg file.")] = None,
) -> None:
    """Measure assessments against what a careful reviewer would have done with the same mail."""
    from pipeline.commands import evaluate as command

    command.evaluate(context.obj, folder, as_json=json, baselines=baselines, plot=plot)


@app.command()
def extract(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Any file.")],
    json: Json = False,
) -> None:
    """Show what is read from a file, layer by layer, and what could not be read."""
    from pipeline.commands import extract as command

    command.extract(context.obj, file, as_json=json)


@app.command()
def collect(context: typer.Context) -> None:
    """Fetch new mail from every mailbox into the store."""
    from pipeline.commands import road

    road.collect(context.obj)


@app.command()
def process(context: typer.Context) -> None:
    """Assess everything received, hold what needs a person, and queue what may leave."""
    from pipeline.commands import road

    road.process(context.obj)


@app.command()
def dispatch(context: typer.Context) -> None:
    """Send every letter that is due."""
    from pipeline.commands import road

    road.dispatch(context.obj)


@app.command()
def queue(context: typer.Context, json: Json = False) -> None:
    """List what waits for a person, the nearest conference first."""
    from pipeline.commands import desk

    desk.queue(context.obj, as_json=json)


@app.command()
def show(context: typer.Context, submission: SubmissionId, json: Json = False) -> None:
    """Show one submission: what it is, what was found, what would leave, and what happened so far."""
    from pipeline.commands import desk

    desk.show(context.obj, submission, as_json=json)


@app.command()
def release(
    context: typer.Context,
    submission: SubmissionId,
    by: By,
    why: Annotated[str, typer.Option("--why", help="A reason for the record; no names.")] = "",
) -> None:
    """Release a held submission with every proposal as it stands."""
    from pipeline.commands import desk

    desk.release(context.obj, submission, by=by, why=why)


@app.command()
def amend(  # noqa: PLR0913 - one option for each kind of change
    context: typer.Context,
    submission: SubmissionId,
    *,
    by: By,
    drop: Annotated[list[int] | None, typer.Option("--drop", metavar="N", help="Keep what removal N would take out.")] = None,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar='DOCUMENT:"WORDS"', help="Take these words out wherever the document has them.")
    ] = None,
    because: Annotated[
        str | None, typer.Option("--because", metavar="CATEGORY", help="Why the added words go, such as adult_health_not_relevant.")
    ] = None,
    widen: Annotated[
        list[str] | None, typer.Option("--widen", metavar='N:"WORDS"', help="Have removal N reach over all of these words.")
    ] = None,
    narrow: Annotated[
        list[str] | None, typer.Option("--narrow", metavar='N:"WORDS"', help="Have removal N take out these of its words only.")
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="For locked files: one password a line.")
    ] = None,
) -> None:
    """Change what is taken out of a held submission, by the numbers of `show`; its copies and letters are made and proved anew."""
    from pipeline.commands import desk

    asked = desk.Asked(drop or (), add or (), because, widen or (), narrow or ())
    desk.amend(context.obj, submission, asked, by=by, password_file=password_file)


@app.command(name="return")
def return_(
    context: typer.Context,
    submission: SubmissionId,
    by: By,
    why: Annotated[str, typer.Option("--why", help="A reason for the record; no names.")] = "",
) -> None:
    """Return a held submission to its author, with what to mend."""
    from pipeline.commands import desk

    desk.return_to_author(context.obj, submission, by=by, why=why)


@app.command()
def unlock(
    context: typer.Context,
    submission: SubmissionId,
    by: By,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="One password a line, instead of being asked for it.")
    ] = None,
) -> None:
    """Read a held submission again with the password to its locked files; the password is kept nowhere."""
    from pipeline.commands import desk

    desk.unlock(context.obj, submission, by=by, password_file=password_file)


@app.command()
def rerun(context: typer.Context, submission: SubmissionId, by: By) -> None:
    """Assess a parked, held or filed submission again, from the bytes in the vault."""
    from pipeline.commands import desk

    desk.rerun(context.obj, submission, by=by)


@app.command()
def reassess(
    context: typer.Context,
    submission: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The submission's id, such as shown by: reportgate queue")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every submission whose pack has changed since it was assessed.")] = False,
    json: Json = False,
) -> None:
    """Show what the rules now in force make of mail that was assessed before. Saves and sends nothing."""
    from pipeline.commands import reassess as command

    command.reassess(context.obj, submission, every=all_, as_json=json)


@app.command()
def preview(
    context: typer.Context,
    submission: SubmissionId,
    open_: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    document: Annotated[int | None, typer.Option("--document", help="Only this one, counted from 1 as in: reportgate show")] = None,
    plan: Annotated[int | None, typer.Option("--plan", help="This version of the plan instead of the newest.")] = None,
) -> None:
    """Show what would leave, page by page, beside what came; in a private folder, whose paths are printed."""
    from pipeline.commands import preview as command

    command.preview(context.obj, submission, document=document, version=plan, show=open_)


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that is said to be the copy of a document.")],
    against: Annotated[
        str, typer.Option("--against", metavar="PLAN", help="A plan in the store: ID, ID:VERSION, ID#DOCUMENT or ID:VERSION#DOCUMENT.")
    ],
    json: Json = False,
) -> None:
    """Prove that a file holds all that stays and nothing that goes under a plan; exit code 1 and one line if not."""
    from pipeline.commands import verify as command

    command.verify(context.obj, file, against=against, as_json=json)


@rules_app.command("check")
def rules_check(context: typer.Context) -> None:
    """Prove every pack, every directory entry and every rule's own examples."""
    from pipeline.commands import rules

    rules.check(context.obj)


@rules_app.command("show")
def rules_show(context: typer.Context, authority: Annotated[str, typer.Argument(help="Such as brent.")], json: Json = False) -> None:
    """Show the rules in force for an authority, and where each value comes from."""
    from pipeline.commands import rules

    rules.show(context.obj, authority, as_json=json)


@rules_app.command("docs")
def rules_docs(context: typer.Context, write: Annotated[bool, typer.Option("--write", help="Write rules/README.md.")] = False) -> None:
    """The page that shows, clause by clause, which rule or feature carries the guidance."""
    from pipeline.commands import rules

    rules.docs(context.obj, write=write)


@rules_app.command("new")
def rules_new(
    context: typer.Context,
    place: Annotated[str, typer.Argument(metavar="GROUP/ID", help="Such as child/siblings-named.")],
    like: Annotated[str, typer.Option("--like", metavar="RULE", help="A rule whose topic, clause and way of judging it begins with.")],
) -> None:
    """Write a new rule as a draft, to be filled in and then tried."""
    from pipeline.commands import rules

    rules.new(context.obj, place, like=like)


@audit_app.command("verify")
def audit_verify(context: typer.Context) -> None:
    """Prove that no entry of the audit record was changed, taken out or put in between."""
    from pipeline.commands import desk

    desk.audit_verify(context.obj)


def main() -> None:
    """Runs the command; what it could not do is one line on standard error and exit code 1."""
    from pipeline.domain.errors import ReportgateError

    try:
        app()
    except ReportgateError as error:
        print(f"reportgate: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - the last stop: no traceback, since it could show what a message says
        place = _innermost(error)
        print(
            f"reportgate: an error nobody foresaw ({type(error).__name__} at {place}); nothing was lost, please report it", file=sys.stderr
        )
        raise SystemExit(1) from None


def _innermost(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
