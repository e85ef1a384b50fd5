"""The transcripts as one HTML page that needs nothing else: to read what an interviewer really said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from interviewer.bench import faults
from interviewer.bench.score import Result, Standing
from interviewer.bench.talk import Exchange
from interviewer.flows.catalogue import Catalogue
from interviewer.flows.model import Flow
from interviewer.flows.moves import Ask, Close, Move, OneMore, Probe, Reply
from interviewer.transcript import Turn

LEGEND = """<p class="soft">“3/4 in 2.9 min”: of the four facts that moved this buyer's decision (the drivers, in
<b>bold</b> below) three came out, in that many minutes on a phone. Buyers are promised three. ✓ came out, – stayed
hidden. A fact of depth 0 is volunteered, one of depth 1 takes an open follow-up, one of depth 2 a second or a specific
one.</p>"""


def write(standings: Sequence[Standing], flows: Catalogue) -> str:
    """The page. Everything that was said stands in it as escaped text."""
    return "\n".join(_page(standings, flows))


def _page(standings: Sequence[Standing], flows: Catalogue) -> Iterator[str]:
    style = (files("interviewer.bench") / "page.css").read_text(encoding="utf-8")
    yield '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Interviewer bench</title>\n<style>\n{style}</style>\n<h1>Interviewer bench</h1>"
    yield LEGEND
    yield from _averages(standings)
    yield from _contents(standings)
    for position, result in enumerate(standings[0].results):
        yield from _buyer([standing.results[position] for standing in standings], flows.get(result.played.buyer.flow))
    yield "</html>"


def _averages(standings: Sequence[Standing]) -> Iterator[str]:
    """Means over all buyers, then over those of each flow."""
    yield from _scrolled("Averages", "Flow", *(standing.name for standing in standings))
    flows = dict.fromkeys(result.played.buyer.flow for result in standings[0].results)
    parts: list[tuple[str, Sequence[Standing]]] = [("all", standings)]
    if len(flows) > 1:
        parts += [(flow, [standing.of_flow(flow) for standing in standings]) for flow in flows]
    for name, part in parts:
        buyers = len(part[0].results)
        cells = "".join(f"<td>{_on_average(standing)}</td>" for standing in part)
        yield f"<tr><td>{_plain(name)} <small>{buyers} {'buyer' if buyers == 1 else 'buyers'}</small></td>{cells}</tr>"
    yield "</table></div>"


def _on_average(standing: Standing) -> str:
    return (
        f"<b>{standing.driver_share:.0%}</b> of drivers"
        f"<small>{standing.minutes:.1f} min, {standing.questions:.1f} questions</small>"
    )


def _contents(standings: Sequence[Standing]) -> Iterator[str]:
    """Drivers, minutes and faults of each buyer with each interviewer."""
    yield from _scrolled("Buyers", "Buyer", *(standing.name for standing in standings), "Flow", "Style")
    for position, result in enumerate(standings[0].results):
        buyer = result.played.buyer
        cells = "".join(f"<td>{_in_short(standing.results[position])}</td>" for standing in standings)
        about = f"<td>{_plain(buyer.flow)}, {escape(buyer.language)}</td><td>{_plain(buyer.style)}</td>"
        yield f'<tr><td><a href="#{escape(buyer.id)}">{_plain(buyer.id)}</a></td>{cells}{about}</tr>'
    yield "</table></div>"


def _scrolled(title: str, *heads: str) -> Iterator[str]:
    """The begin of a table that may be wider than a phone."""
    yield f'<h3>{title} <small class="sideways">scrolls sideways →</small></h3>'
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield f'<div class="scroll" role="region" aria-label="{title}" tabindex="0"><table>\n<tr>{cells}</tr>'


def _in_short(result: Result) -> str:
    reached, drivers = result.drivers
    times = len(result.faults)
    faults = f', <b class="fault">{times} {"fault" if times == 1 else "faults"}</b>' if times else ""
    return f"{reached}/{drivers} in {result.seconds / 60:.1f} min{faults}"


def _buyer(results: Sequence[Result], flow: Flow) -> Iterator[str]:
    """One buyer: who they are and, for each interviewer, what was said and what stayed hidden."""
    buyer = results[0].played.buyer
    about = ", ".join(part for part in (buyer.role, buyer.market, buyer.product) if part)
    yield f'<section id="{escape(buyer.id)}">\n<h2>{_plain(buyer.id)}</h2>\n<p class="soft">{escape(about)}</p>'
    for result in results:
        yield f"<details{' open' if result is results[0] else ''}>"
        yield f"<summary>{escape(result.played.interviewer)}: {_in_short(result)}</summary>"
        yield '<div class="both"><ol class="thread">'
        for exchange in result.played.exchanges:
            yield from _exchange(exchange, result, flow)
        yield "</ol>"
        yield from _facts(result, flow)
        yield "</div></details>"
    yield "</section>"


def _exchange(exchange: Exchange, result: Result, flow: Flow) -> Iterator[str]:
    message = exchange.message
    kinds = [fault.kind for fault in result.faults if fault.turn == message.number]
    marks = "".join(f' <b class="fault">{_plain(kind)}</b>' for kind in kinds)
    yield f'<li class="q" dir="auto">{escape(message.text)}<small>{escape(_purpose(message, flow))}{marks}</small></li>'
    if exchange.answer is not None:
        told = f"<small>{_plain(', '.join(exchange.answer.facts))}</small>" if exchange.answer.facts else ""
        text = escape(exchange.answer.text) if exchange.answer.text else '<i class="soft">skipped</i>'
        yield f'<li class="a" dir="auto">{text}{told}</li>'


def _purpose(message: Turn, flow: Flow) -> str:
    """What a message was for, in the words of the flow."""
    move: Move = faults.move_of(message)
    match move:
        case Ask(topic):
            return _label(flow, topic)
        case Probe(topic, hint):
            seeks = (probe.seeks for one in flow.topics if one.id == topic for probe in one.probes if probe.id == hint)
            return f"{_label(flow, topic)}, follow-up: {next(seeks, hint.replace('_', ' '))}"
        case Reply(to, topic):
            return f"reply ({to.replace('_', ' ')}): {_label(flow, topic)}"
        case OneMore(topic):
            return f"finish, or one more: {_label(flow, topic)}"
        case Close():
            return "close"
        case _:
            return "wait"


def _label(flow: Flow, topic: str) -> str:
    return next((one.label["en"] for one in flow.topics if one.id == topic), topic.replace("_", " "))


def _facts(result: Result, flow: Flow) -> Iterator[str]:
    yield '<table class="facts">\n<tr><th>Fact</th><th>Depth</th><th>What it is</th></tr>'
    for fact in result.facts:
        kind = "reached" if fact.id in result.reached else "missed"
        name = f"<b>{_plain(fact.id)}</b>" if fact.driver else _plain(fact.id)
        said = f"<small>{escape(_label(flow, fact.topic))}</small> {escape(fact.says)}"
        cells = f"<td>{name}</td><td>{fact.depth}</td><td>{said}</td>"
        yield f'<tr class="{kind}">{cells}</tr>'
    yield "</table>"


def _plain(name: str) -> str:
    return escape(name.replace("_", " "))
