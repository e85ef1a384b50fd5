"""The transcripts as one HTML page that needs nothing else: to read what an interviewer really said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from interviewer.bench.score import Result, Standing
from interviewer.bench.talk import Exchange


def write(standings: Sequence[Standing]) -> str:
    """The page. Everything that was said stands in it as escaped text."""
    return "\n".join(_page(standings))


def _page(standings: Sequence[Standing]) -> Iterator[str]:
    style = (files("interviewer.bench") / "page.css").read_text(encoding="utf-8")
    yield '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Interviewer bench</title>\n<style>\n{style}</style>\n<h1>Interviewer bench</h1>"
    yield from _contents(standings)
    for position in range(len(standings[0].results)):
        yield from _buyer([standing.results[position] for standing in standings])
    yield "</html>"


def _contents(standings: Sequence[Standing]) -> Iterator[str]:
    """Drivers, minutes and faults of each buyer with each interviewer."""
    names = "".join(f"<th>{escape(standing.name)}</th>" for standing in standings)
    yield f"<table>\n<tr><th>Buyer</th><th>Flow</th><th>Style</th>{names}</tr>"
    for position, result in enumerate(standings[0].results):
        buyer = result.played.buyer
        cells = "".join(f"<td>{_in_short(standing.results[position])}</td>" for standing in standings)
        about = f"<td>{escape(buyer.flow)}, {escape(buyer.language)}</td><td>{_plain(buyer.style)}</td>"
        yield f'<tr><td><a href="#{escape(buyer.id)}">{_plain(buyer.id)}</a></td>{about}{cells}</tr>'
    yield "</table>"


def _in_short(result: Result) -> str:
    reached, drivers = result.drivers
    times = len(result.faults)
    faults = f', <b class="fault">{times} {"fault" if times == 1 else "faults"}</b>' if times else ""
    return f"{reached}/{drivers} in {result.seconds / 60:.1f} min{faults}"


def _buyer(results: Sequence[Result]) -> Iterator[str]:
    """One buyer: who they are and, for each interviewer, what was said and what stayed hidden."""
    buyer = results[0].played.buyer
    about = ", ".join(part for part in (buyer.role, buyer.market, buyer.product) if part)
    yield f'<section id="{escape(buyer.id)}">\n<h2>{_plain(buyer.id)}</h2>\n<p class="soft">{escape(about)}</p>'
    for result in results:
        yield f"<details{' open' if result is results[0] else ''}>"
        yield f"<summary>{escape(result.played.interviewer)}: {_in_short(result)}</summary>"
        yield '<div class="both"><ol class="thread">'
        for exchange in result.played.exchanges:
            yield from _exchange(exchange, result)
        yield "</ol>"
        yield from _facts(result)
        yield "</div></details>"
    yield "</section>"


def _exchange(exchange: Exchange, result: Result) -> Iterator[str]:
    message = exchange.message
    kinds = [fault.kind for fault in result.faults if fault.turn == message.number]
    marks = "".join(f' <b class="fault">{_plain(kind)}</b>' for kind in kinds)
    yield f'<li class="q" dir="auto">{escape(message.text)}<small>{escape(message.move)}{marks}</small></li>'
    if exchange.answer is not None:
        told = f"<small>{escape(', '.join(exchange.answer.facts))}</small>" if exchange.answer.facts else ""
        text = escape(exchange.answer.text) if exchange.answer.text else '<i class="soft">skipped</i>'
        yield f'<li class="a" dir="auto">{text}{told}</li>'


def _facts(result: Result) -> Iterator[str]:
    yield "<table>\n<tr><th>Fact</th><th>Depth</th><th>What it is</th></tr>"
    for fact in result.facts:
        kind = "reached" if fact.id in result.reached else "missed"
        name = f"<b>{_plain(fact.id)}</b>" if fact.driver else _plain(fact.id)
        cells = f"<td>{name}</td><td>{fact.depth}</td><td>{escape(fact.topic)}: {escape(fact.says)}</td>"
        yield f'<tr class="{kind}">{cells}</tr>'
    yield "</table>"


def _plain(name: str) -> str:
    return escape(name.replace("_", " "))
