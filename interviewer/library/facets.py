"""What a search can be narrowed to: the values of each filter with the interviews behind them, as links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from interviewer.analysis.codebook import CODEBOOK, Tint, theme
from interviewer.deps import Deps
from interviewer.errors import NotFound
from interviewer.languages import names
from interviewer.library.sifting import VALUES, Sifted, spelled
from interviewer.library.wanted import Wanted
from interviewer.records import library as shown
from interviewer.store import library as shelves
from interviewer.store.db import Tx
from interviewer.store.library import Facts, Tagged

MOST = 8
"""Values of one filter on the page; the chosen one is there besides."""
LABELS = {
    "outcome": "Outcome",
    "flow": "Flow",
    "theme": "Theme",
    "polarity": "Polarity",
    "competitor": "Competitor",
    "lost_to": "Lost to",
    "subject": "Subject",
    "role": "Role",
    "segment": "Segment",
    "language": "Language",
    "status": "Review",
    "mode": "Held by",
}
_WORDS = {
    "won": "Won",
    "lost": "Lost",
    "left": "Left",
    "reviewed": "Reviewed",
    "open": "Not reviewed",
    "ai": "AI interviewer",
    "human": "A person",
}
Values = Iterable[tuple[str, str, int]]
"""Value, label, interviews."""
Spellings = Mapping[str, Mapping[str, str]]
"""As `sifting.spelled` gives them."""


async def of(
    deps: Deps, tx: Tx, sifted: Sifted, wanted: Wanted, tagged: Tagged, every: Sequence[Facts]
) -> tuple[shown.Facet, ...]:
    """Every filter that leaves a choice, or is chosen."""
    written, everything = spelled(every), len(every)
    values: dict[str, Values] = {name: _most(deps, name, sifted, written) for name in VALUES}
    bearing = _ids(sifted.without("tags"), everything)
    themes = await shelves.themes(tx, bearing, replace(tagged, theme=""))
    values["theme"] = [(value, label(deps, "theme", value, written), number) for value, number in themes.items()]
    polarities = await shelves.polarities(tx, bearing, replace(tagged, polarity=""))
    values["polarity"] = [(value, value.capitalize(), number) for value, number in polarities.items()]
    values["subject"] = await shelves.subjects(tx, bearing, replace(tagged, subject=""), MOST)
    values["competitor"] = await shelves.rivals(tx, _ids(sifted.without("competitor"), everything), MOST)
    made = (_facet(deps, wanted, name, values[name], written) for name in LABELS if name in values)
    return tuple(facet for facet in made if len(facet.choices) > 1 or any(one.chosen for one in facet.choices))


def chosen(deps: Deps, wanted: Wanted, every: Sequence[Facts]) -> tuple[shown.Choice, ...]:
    """What is narrowed to, each with the search without it."""
    written = spelled(every)
    return tuple(
        shown.Choice(
            name, _told(deps, name, getattr(wanted, name), written), 0, True, wanted.but(**_cleared(name)).query
        )
        for name in wanted.filters
    )


def mark(wanted: Wanted, value: str, subject: str, polarity: str) -> shown.Mark:
    """A theme on a quote, with the search for more of it."""
    known = theme(value)
    entry = CODEBOOK[known] if known else None
    return shown.Mark(
        label=entry.label if entry else value.replace("_", " "),
        tint=(entry.tint if entry else Tint.FACTOR).value,
        subject=subject,
        query=wanted.but(theme=value, kind="quote").query,
    )


def flow_name(deps: Deps, flow: str) -> str:
    try:
        return deps.flows.get(flow).name
    except NotFound:
        return flow.replace("_", " ").capitalize()


def label(deps: Deps, name: str, value: str, written: Spellings) -> str:
    """What a page calls a value. Anybody's words are spelled as most have it; what is all small gets a capital."""
    kinds: dict[str, Callable[[str], str]] = {
        "flow": lambda flow: flow_name(deps, flow),
        "language": names.name,
        "theme": lambda known: mark(Wanted(), known, "", "").label.capitalize(),
    }
    if name in kinds:
        return kinds[name](value)
    said = written.get(name, {}).get(value) or _WORDS.get(value, value)
    return said[:1].upper() + said[1:] if said.islower() else said


def _ids(interviews: Sequence[Facts], everything: int) -> list[str] | None:
    """None where they are all there is: then nothing has to be looked up among them."""
    return None if len(interviews) == everything else [one.id for one in interviews]


def _most(deps: Deps, name: str, sifted: Sifted, written: Spellings) -> Values:
    return [
        (value, label(deps, name, value, written), number) for value, number in sifted.counts(name).most_common(MOST)
    ]


def _facet(deps: Deps, wanted: Wanted, name: str, values: Values, written: Spellings) -> shown.Facet:
    asked = getattr(wanted, name)
    choices = [
        shown.Choice(value, said, number, value == asked, wanted.but(**{name: "" if value == asked else value}).query)
        for value, said, number in values
    ]
    if asked and not any(one.chosen for one in choices):
        choices.append(shown.Choice(asked, label(deps, name, asked, written), 0, True, wanted.but(**{name: ""}).query))
    return shown.Facet(name, LABELS[name], tuple(choices))


def _told(deps: Deps, name: str, value: object, written: Spellings) -> str:
    match name:
        case "least":
            return f"From {value:,.0f}"
        case "most":
            return f"Up to {value:,.0f}"
        case "since":
            return f"Since {value}"
        case "until":
            return f"Until {value}"
    return f"{LABELS[name]}: {label(deps, name, str(value), written)}"


def _cleared(name: str) -> dict[str, object]:
    return {name: getattr(Wanted(), name)}
