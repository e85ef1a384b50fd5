"""`interviewer flows`: look at the interview plans, and check one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.errors import BadInput, Problem

if TYPE_CHECKING:
    from interviewer.flows.model import Flow

app = typer.Typer(help="The interview plans: list them, and check your own.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """Show every flow that an invitation can name."""
    from interviewer import bootstrap

    for flow in bootstrap.read_flows(bootstrap.load_settings()):
        typer.echo(f"{flow.id:<12} version {flow.version}  {flow.name} ({len(flow.core)} core topics)")


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Flow files. None: those that are shipped and those in INTERVIEWER_FLOWS_DIR."),
    ] = None,
) -> None:
    """Say what is wrong with flow files, by file and key."""
    from interviewer import bootstrap
    from interviewer.flows import catalogue

    if not files:
        flows = tuple(bootstrap.read_flows(bootstrap.load_settings()))
        typer.echo(f"{len(flows)} flows, nothing wrong.")
        for flow in flows:
            _tell(flow)
        return
    problems: list[Problem] = []
    for file in files:
        try:
            flow = catalogue.parse(file.read_text(encoding="utf-8"), file.name)
            typer.echo(f"{file.name}: flow {flow.id!r}, version {flow.version}, nothing wrong.")
            _tell(flow)
        except UnicodeDecodeError:
            problems.append(Problem(file.name, "is not UTF-8"))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)


def _tell(flow: Flow) -> None:
    """What is no fault and worth a look: rules that a person overruled, and questions that ask nearly the same."""
    from interviewer.flows import lint

    for topic in flow.topics:
        overruled = {topic.id: topic.approved, **{f"{topic.id}.{probe.id}": probe.approved for probe in topic.probes}}
        for name, rules in overruled.items():
            if rules:
                typer.echo(f"  {flow.id}: {name} overrules {', '.join(rules)}")
    for language in sorted({language for topic in flow.topics for language in topic.wording}):
        for one, other in lint.alike(flow, language):
            typer.echo(f"  {flow.id}: nearly the same in {language!r}: “{one}” and “{other}”")
