"""The bench's results as a table for a terminal and as JSON. The page of transcripts is in `page.py`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from interviewer.bench import answers
from interviewer.bench.answers import Read
from interviewer.bench.score import Result, Standing, by_depth
from interviewer.transcript import AnswerKind

SHORT = {
    AnswerKind.SPECIFIC: "spec",
    AnswerKind.VAGUE: "vague",
    AnswerKind.NOTHING: "none",
    AnswerKind.REFUSES: "refus",
    AnswerKind.STOPS: "stop",
    AnswerKind.OFF_TOPIC: "off",
    AnswerKind.HOSTILE: "hostl",
    AnswerKind.ASKS_BACK: "asks",
    AnswerKind.CONFUSED: "confu",
    AnswerKind.WANTS_PERSON: "pers",
    AnswerKind.WANTS_DELETION: "delet",
    AnswerKind.NOT_NOW: "later",
    AnswerKind.MISTAKEN: "wrong",
}
"""By these names all kinds fit one table."""
MOST_WRONG = 20
CUT_AT = 60


@dataclass(frozen=True)
class Prices:
    """For a million tokens, in whatever currency."""

    read: float = 0.0
    written: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.read or self.written)


def table(standings: Sequence[Standing], prices: Prices) -> Table:
    """One column an interviewer."""
    shown = _plain_table(_buyers(standings[0]), "", *(standing.name for standing in standings))
    for label, cells in _rows(standings, prices):
        shown.add_row(label, *cells)
    return shown


def _buyers(standing: Standing) -> str:
    return "1 buyer" if len(standing.results) == 1 else f"{len(standing.results)} buyers"


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
    for label, cells in _model_rows(standings, prices) if any(one.usage.calls for one in standings) else ():
        rows.append((label, [cell if one.usage.calls else "·" for one, cell in zip(standings, cells, strict=True)]))
    return rows


def _model_rows(standings: Sequence[Standing], prices: Prices) -> Iterator[tuple[str, list[str]]]:
    yield "model calls an interview", [f"{one.usage.calls / len(one.results):.1f}" for one in standings]
    yield "messages in its words", [f"{one.usage.worded}/{one.usage.turns}" for one in standings]
    yield "input tokens a turn", [f"{one.input_per_turn:.0f}" for one in standings]
    if prices:
        yield "cost of an interview", [f"{one.cost(prices.read, prices.written):.4f}" for one in standings]


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
            ", ".join(f"{kind} {times}" for kind, times in Counter(f.kind for f in result.faults).items()),
        )
    return shown


def as_json(standings: Sequence[Standing], prices: Prices) -> str:
    """Everything, transcripts included."""
    return _json({"interviewers": [_standing(one, prices) for one in standings]})


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


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


def of_answers(reads: Sequence[Read]) -> Iterator[Table]:
    """The confusion of kinds, then what share was read as a person did: by language, and the held-out part apart."""
    yield _confusion(reads)
    shown = _plain_table("answers read as labelled", "", "answers", "probe or move on", "next in all", "kind")
    languages = sorted({one.label.language for one in reads})
    parts: list[tuple[str, list[Read]]] = [("all", list(reads))]
    parts += [(language, [one for one in reads if one.label.language == language]) for language in languages]
    parts += [
        ("seen", [one for one in reads if not one.label.held_out]),
        ("held out", [one for one in reads if one.label.held_out]),
    ]
    for name, part in parts:
        shown.add_row(name, str(len(part)), *(f"{share:.2f}" for share in _shares(part)))
    yield shown


def _shares(reads: Sequence[Read]) -> tuple[float, float, float]:
    probing = answers.about_probing(reads)
    return answers.share(probing), answers.share(reads), answers.share(reads, of="kind")


def _confusion(reads: Sequence[Read]) -> Table:
    """Labelled kinds down, read kinds across, by names so short that all of them fit 80 columns."""
    counted = answers.confusion(reads)
    kinds = [kind for kind in AnswerKind if any(kind in pair for pair in counted)]
    shown = _plain_table("rows: the label, columns: the reading", "", *(SHORT[kind] for kind in kinds))
    shown.padding = (0, 0)
    shown.caption_justify = "left"
    shown.caption = ", ".join(f"{SHORT[kind]} = {_words(kind)}" for kind in kinds if SHORT[kind] != kind)
    for label in kinds:
        row = [counted[label, kind] for kind in kinds]
        if any(row):
            shown.add_row(SHORT[label], *(str(times or "·") for times in row))
    return shown


def of_wrong(reads: Sequence[Read]) -> Table:
    """The answers that were not read as labelled, those first after which the wrong thing follows. Held-out ones stay
    out of sight."""
    wrong = sorted((one for one in reads if one.wrong and not one.label.held_out), key=lambda one: one.same_next)
    shown = Table(title=f"read otherwise: {min(len(wrong), MOST_WRONG)} of {len(wrong)}", title_justify="left")
    shown.show_edge, shown.pad_edge = False, False
    for name in ("in", "label", "reading", "answer"):
        shown.add_column(name)
    for one in wrong[:MOST_WRONG]:
        labelled = f"{_words(one.label.kind)}: {_words(one.label.next)}"
        shown.add_row(one.label.language, labelled, f"{_words(one.kind)}: {_words(one.next)}", _cut(one.label.text))
    return shown


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= CUT_AT else f"{flat[: CUT_AT - 1].rstrip()}…"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain_table(title: str, first: str, *others: str) -> Table:
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    shown.add_column(first, no_wrap=True)
    for name in others:
        shown.add_column(name, justify="right")
    return shown


def answers_as_json(reads: Sequence[Read], *, held_out: bool | None = None) -> str:
    """Shares over all, and what each answer was read as; `held_out` leaves out the others, None is everyone."""
    probing, following, kind = _shares(reads)
    return _json(
        {
            "probe_or_move_on": round(probing, 4),
            "next": round(following, 4),
            "kind": round(kind, 4),
            "answers": [
                {**one.label.model_dump(mode="json"), "read_kind": one.kind, "read_next": one.next}
                for one in reads
                if held_out is None or one.label.held_out is held_out
            ],
        }
    )
