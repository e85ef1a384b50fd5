"""`interviewer bench`: simulated buyers with hidden facts, to try a flow, a prompt or a model before buyers see it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from interviewer.bench.buyers import Buyer
    from interviewer.bench.talk import Played
    from interviewer.flows.catalogue import Catalogue

WIDTH = 140
"""Columns of a table that is not shown on a terminal."""


class Sets(StrEnum):
    """Which labelled interviews are judged."""

    SHOWN = "shown"
    HELD_OUT = "held_out"
    ALL = "all"

    @property
    def names(self) -> tuple[str, ...]:
        return ("shown", "held_out") if self is Sets.ALL else (self.value,)


def bench(
    flow: Annotated[list[str] | None, typer.Option(help="Only buyers of this flow; may be repeated.")] = None,
    buyer: Annotated[list[str] | None, typer.Option(help="Only this buyer, by file name; may be repeated.")] = None,
    buyers: Annotated[Path | None, typer.Option(help="Folder with buyers of your own, instead of ours.")] = None,
    held_out: Annotated[
        bool | None,
        typer.Option("--held-out/--all", help="Only the buyers kept out of sight of the rules, or all of them."),
    ] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Also play the interviewer with the configured model.")
    ] = False,
    buyer_model: Annotated[
        bool, typer.Option("--buyer-model", help="Let the model word what buyers say; which facts stays decided.")
    ] = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Judge the reading of labelled answers instead of playing buyers.")
    ] = False,
    interviews: Annotated[
        bool, typer.Option("--interviews", help="Judge the analysis by labelled interviews instead of playing buyers.")
    ] = False,
    sets: Annotated[Sets, typer.Option("--set", help="With --interviews: which of the labelled ones.")] = Sets.ALL,
    each: Annotated[
        bool,
        typer.Option("--each", help="Also show a line for each buyer, answer that went wrong, or quote that differs."),
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write everything to this file as JSON.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the transcripts to this HTML file.")] = None,
    price_in: Annotated[float, typer.Option(min=0, help="Price of a million tokens read by the model.")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="Price of a million tokens written by the model.")] = 0.0,
) -> None:
    """Play simulated buyers over the real application, and say what each interviewer got out of them.

    Plain forms with the same questions are played beside it, to compare. Nothing is kept, nobody is written to.
    """
    from rich.console import Console

    from interviewer.bench import buyers as people
    from interviewer.bench import page as transcripts
    from interviewer.bench import report, score

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    if interviews:
        _interviews(console, json_file, sets.names, model=model, each=each)
        return
    wanted = None if held_out is False else bool(held_out)
    if answers:
        _answers(console, json_file, wanted, each=each)
        return
    found = people.load(people.read_folder(buyers)) if buyers else people.shipped()
    chosen = people.choose(found, flows=flow or (), ids=buyer or (), held_out=wanted)
    standings = score.standings(_play(chosen, console, model=model, buyer_model=buyer_model))
    prices = report.Prices(price_in, price_out)
    console.print(report.table(standings, prices))
    if each:
        console.print()
        console.print(report.each(standings[1 if model else 0]))
    if json_file:
        _write(json_file, report.as_json(standings, prices))
    if page:
        _write(page, transcripts.write(standings, _flows()))


def _answers(console: Console, json_file: Path | None, held_out: bool | None, *, each: bool) -> None:
    """Shares over all of them; one by one only those that were asked for, so that held-out ones stay out of sight."""
    from interviewer.bench import answers, report

    flows = _flows()
    reads = answers.read(flows, answers.shipped(flows))
    for shown in report.of_answers(reads):
        console.print(shown)
        console.print()
    if each:
        console.print(report.of_wrong(reads))
    if json_file:
        _write(json_file, report.answers_as_json(reads, held_out=held_out))


def _interviews(console: Console, json_file: Path | None, sets: tuple[str, ...], *, model: bool, each: bool) -> None:
    """A table for each set and kind of language. One by one only those that are shown."""
    from interviewer.bench import evidence_report, judging, labelled

    flows = _flows()
    judged = {name: judging.judge(labelled.shipped(flows, name), model=model) for name in sets}
    for name, groups in judged.items():
        for group in groups:
            console.print(evidence_report.table(f"{name}, {group.title}", group.columns, group.more))
            console.print()
    if each and (shown := judged.get("shown")):
        console.print(evidence_report.each(pair for group in shown for pair in group.found))
    if json_file:
        columns = {f"{name} {group.title}": group.columns for name, groups in judged.items() for group in groups}
        _write(json_file, json.dumps(evidence_report.as_json(columns), indent=2))


def _flows() -> Catalogue:
    from interviewer import bootstrap

    return bootstrap.read_flows(bootstrap.load_settings())


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _play(buyers: tuple[Buyer, ...], console: Console, *, model: bool, buyer_model: bool) -> list[Played]:
    from rich.progress import BarColumn, Progress, TextColumn

    from interviewer import logs
    from interviewer.bench import running, session

    bar = Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    task = bar.add_task("Playing buyers", total=running.plays(buyers, model=model))

    async def run() -> list[Played]:
        async with session.stage() as deps:
            logs.configure(deps.settings)
            return await running.run(deps, buyers, model=model, buyer_model=buyer_model, done=lambda: bar.advance(task))

    with bar if console.is_terminal else contextlib.nullcontext():
        return asyncio.run(run())
