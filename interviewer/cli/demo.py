"""`interviewer demo`: everything at once, with a fictional vendor's history, on this machine and its network."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli.running import with_deps
from interviewer.cli.serve import bind, local_name, run
from interviewer.errors import InterviewerError

if TYPE_CHECKING:
    import socket

    from rich.console import Console

    from interviewer.demo.visit import Visit
    from interviewer.settings import Settings

TRIED_PORTS = 20
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  a phone in the same network is the point


def demo(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 127.0.0.1 keeps it on this machine, away from phones.")
    ] = EVERYWHERE[0],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; the next free one if it is taken.")] = 8000,
    data_dir: Annotated[Path, typer.Option(help="Folder that keeps the demo between runs.")] = Path("interviewer-demo"),
    flow: Annotated[str, typer.Option(help="Flow of your own interview.")] = "loss",
    language: Annotated[str, typer.Option(help="Language of your own interview: en, de, es, fr, id or pt.")] = "en",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw away what an earlier demo kept, and start anew.")
    ] = False,
) -> None:
    """Try it: a fictional vendor with some thirty deals, an interview on your phone, and the desk.

    Nothing has to be set. With OPENAI_API_KEY set, a model words your interview; the history is played without one.
    """
    from interviewer import bootstrap, logs
    from interviewer.demo import place, visit

    with _free(host, port) as listening:
        taken = listening.getsockname()[1]
        name = place.network_address() if host in EVERYWHERE else local_name(host)
        place.open_folder(data_dir)
        if fresh:
            place.empty(data_dir)
        settings = place.settings(data_dir, f"http://{name}:{taken}")
        logs.configure(settings)
        if port not in (0, taken):
            typer.echo(f"Port {port} is taken; this demo uses {taken}.")
        if not place.is_ready(data_dir):
            _play(settings)
        elif not place.is_current(data_dir):
            typer.echo("Your demo is kept as it is. --fresh plays the newer history instead, and drops what you did.")
        prepared = with_deps(lambda deps: visit.prepare(deps, flow=flow, language=language), settings)
        away = name not in ("127.0.0.1", "localhost")
        run(bootstrap.open_app(settings), listening, announce=lambda: _welcome(prepared, settings, in_network=away))
    typer.echo(f"\nStopped. The demo is kept in {data_dir}; start it again to go on.")


def _free(host: str, port: int) -> socket.socket:
    """The port, or the next one that is free. Raises InterviewerError where none is."""
    for candidate in range(port, min(port + TRIED_PORTS, 65535) if port else 1):
        with contextlib.suppress(InterviewerError):
            return bind(host, candidate)
    return bind(host, port)


def _play(settings: Settings) -> None:
    """Play the history, on an empty database. One that was cut short is thrown away first."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    from interviewer.demo import cast, history, place

    place.empty(settings.data_dir)
    deals = cast.load()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with bar if Console().is_terminal else contextlib.nullcontext():
        task = bar.add_task("Playing the demo's history", total=len(deals))
        with_deps(lambda deps: history.play(deps, deals, done=lambda: bar.advance(task)), settings)
    place.set_ready(settings.data_dir)


def _welcome(visit: Visit, settings: Settings, *, in_network: bool) -> None:
    """What to open. Links stand on lines of their own and are never broken, so that they can be copied."""
    from rich.console import Console
    from rich.panel import Panel

    console = Console(highlight=False)
    words = f"The model {visit.model} words" if visit.model else "No model is set: the flow's own words make"
    console.print()
    console.print(
        Panel(
            f"[bold]{settings.organisation}[/bold], its deals and its buyers are made up. {words} your interview.",
            title="[bold]Interviewer demo[/bold]",
            title_align="left",
            border_style="cyan",
            width=min(console.width, 90),
        )
    )
    where = "on your phone, in the same network" if in_network else "on this machine"
    _link(console, f"Be interviewed, {where}", visit.interview)
    if in_network:
        _qr_code(visit.interview)
    _link(console, "Read at the desk (works once; start the demo again for another)", visit.desk)
    console.print("[dim]Ctrl+C stops it. What you do is kept.[/dim]\n")


def _link(console: Console, title: str, link: str) -> None:
    console.print(f"[bold cyan]{title}[/bold cyan]")
    console.print(link, soft_wrap=True, markup=False)
    console.print()


def _qr_code(link: str) -> None:
    import segno

    with contextlib.suppress(UnicodeEncodeError):  # a terminal that has no half blocks
        segno.make(link, error="l", micro=False).terminal(sys.stdout, border=2, compact=True)
        typer.echo()
