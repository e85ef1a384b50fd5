"""The bench's results as a table for a terminal and as JSON. The page of transcripts is in `page.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from interviewer.bench.score import Result, Standing, by_depth


@dataclass(frozen=True)
class Prices:
    """For a million tokens, in whatever currency."""

    read: float = 0.0
    written: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.read or self.written)


def table(standings: Sequence[Standing], prices: Prices) -> Table:
    """One column an interviewer."""
    shown = Table(title=f"{len(standings[0].results)} buyers", title_justify="left", show_edge=False, pad_edge=False)
    shown.add_column("", no_wrap=True)
    for standing in standings:
        shown.add_column(standing.name, justify="right")
    for label, cells in _rows(standings, prices):
        shown.add_row(label, *cells)
    return shown


def _rows(standings: Sequence[Standing], prices: Prices) -> list[tuple[str, list[str]]]:
    depths = [by_depth(standing) for standing in standings]
    rows = [
        ("drivers reached, mean", [f"{one.driver_share:.2f}" for one in standings]),
        ("drivers reached, pooled", [f"{one.driver_share_pooled:.2f}" for one in standings]),
        *(
            (f"facts of depth {depth}", [f"{found[depth][0]}/{found[depth][1]}" for found in depths])
            for depth in range(len(depths[0]))
        ),
        ("facts in three minutes", [f"{one.in_time:.1f}" for one in standings]),
        ("minutes on a phone", [f"{one.minutes:.1f}" for one in standings]),
        ("words typed", [f"{one.words:.0f}" for one in standings]),
        ("questions", [f"{one.questions:.1f}" for one in standings]),
    ]
    kinds = dict.fromkeys(kind for one in standings for kind in one.faults)
    rows += [
        (f"fault: {kind.replace('_', ' ')}", [str(one.faults.get(kind, 0) or "·") for one in standings])
        for kind in kinds
    ]
    if any(one.usage.calls for one in standings):
        rows += [
            ("model calls an interview", [f"{one.usage.calls / len(one.results):.1f}" for one in standings]),
            ("input tokens a turn", [f"{one.input_per_turn:.0f}" for one in standings]),
        ]
        if prices:
            rows.append(("cost of an interview", [f"{one.cost(prices.read, prices.written):.4f}" for one in standings]))
    return rows


def each(standing: Standing) -> Table:
    """One row a buyer."""
    shown = Table(title=standing.name, title_justify="left", show_edge=False, pad_edge=False)
    for name in ("buyer", "flow", "language", "style"):
        shown.add_column(name)
    for name in ("drivers", "facts", "minutes", "words", "questions"):
        shown.add_column(name, justify="right")
    shown.add_column("faults")
    for result in sorted(standing.results, key=lambda result: result.driver_share):
        buyer = result.played.buyer
        shown.add_row(
            buyer.id,
            buyer.flow,
            buyer.language,
            buyer.style,
            "{}/{}".format(*result.drivers),
            f"{len(result.reached)}/{len(result.facts)}",
            f"{result.seconds / 60:.1f}",
            str(result.words),
            str(result.questions),
            ", ".join(f"{fault.kind} ({fault.turn})" for fault in result.faults),
        )
    return shown


def data(standings: Sequence[Standing], prices: Prices) -> dict[str, Any]:
    """Everything, as JSON takes it."""
    return {"interviewers": [_standing(one, prices) for one in standings]}


def _standing(standing: Standing, prices: Prices) -> dict[str, Any]:
    return {
        "name": standing.name,
        "buyers": len(standing.results),
        "driver_share": round(standing.driver_share, 4),
        "driver_share_pooled": round(standing.driver_share_pooled, 4),
        "facts_by_depth": [{"reached": reached, "total": total} for reached, total in by_depth(standing)],
        "facts_in_three_minutes": round(standing.in_time, 2),
        "minutes": round(standing.minutes, 2),
        "words": round(standing.words, 1),
        "questions": round(standing.questions, 2),
        "faults": standing.faults,
        "usage": asdict(standing.usage),
        "input_tokens_a_turn": round(standing.input_per_turn, 1),
        "cost_of_an_interview": round(standing.cost(prices.read, prices.written), 6) if prices else None,
        "interviews": [_result(result) for result in standing.results],
    }


def _result(result: Result) -> dict[str, Any]:
    buyer = result.played.buyer
    return {
        "buyer": buyer.id,
        "flow": buyer.flow,
        "language": buyer.language,
        "style": buyer.style,
        "held_out": buyer.held_out,
        "drivers_reached": [fact.id for fact in buyer.facts if fact.driver and fact.id in result.reached],
        "drivers_missed": [fact.id for fact in buyer.facts if fact.driver and fact.id not in result.reached],
        "facts_missed": [fact.id for fact in buyer.facts if not fact.driver and fact.id not in result.reached],
        "minutes": round(result.seconds / 60, 2),
        "words": result.words,
        "questions": result.questions,
        "faults": [asdict(fault) for fault in result.faults],
        "turns": [
            {
                "topic": exchange.message.topic,
                "move": exchange.message.move,
                "asked": exchange.message.text,
                "broken": list(exchange.broken),
                "said": exchange.answer.text if exchange.answer else None,
                "facts": list(exchange.answer.facts) if exchange.answer else [],
            }
            for exchange in result.played.exchanges
        ],
    }
