"""What a host noted, as an account of the call: each note answers its topic's question of the flow. Pure.

The words are the host's, so every turn of it is marked as noted, also where the host put a buyer's words in quotation
marks; a question stands as the flow words it, whatever was asked aloud.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from interviewer.analysis import clauses, topics, words
from interviewer.bookings.noting import ANYTHING_ELSE, REST, rest_of
from interviewer.evidence import Span
from interviewer.flows import plain
from interviewer.flows.likeness import stem
from interviewer.flows.model import Flow
from interviewer.flows.phrases import Phrases
from interviewer.flows.tokens import count, tokens
from interviewer.flows.words import Lexicon, lexicon
from interviewer.importing import callnotes
from interviewer.interchange import MAX_TEXT
from interviewer.transcript import Act, Speaker, Transcript, Turn

_RARE = 0.5
"""Weight of shared words from which a note follows from what was said: one that stands in two places at most."""
_SHARE = 0.25
"""Of what a note is about, from which it follows from what shares it."""
_PLAIN = 2
"""Shared words from which it follows where none of them is a name or a figure."""
_BESIDE = 0.6
"""Share of the best weight from which something else that was said carries a note as well."""
_ANYWHERE = ("function", "filler", "verb")
"""Lists of words that stand in sentences about anything."""
_MOST = 3
"""Places that carry one note."""


def turns(
    flow: Flow, said: Transcript, notes: Mapping[str, str], phrases: Phrases, held: tuple[datetime, datetime]
) -> tuple[Turn, ...]:
    """The turns that follow `said`, in the flow's order, judged, spread over the call from its beginning to its end.

    A question that the chat asked last, and that is still open, is not asked again.
    """
    told: list[Turn] = []
    for topic, text in _in_order(flow, notes):
        answers = list(_answers(text))
        if not answers:
            continue
        if topic != REST and not (not told and _asks(said.last, topic)):
            question = plain.topic_question(flow, topic, said.context, phrases)
            told.append(Turn(0, Speaker.INTERVIEWER, question, topic, move=f"ask:{topic}"))
        told += [Turn(0, Speaker.BUYER, answer, topic or ANYTHING_ELSE, act=Act.NOTED) for answer in answers]
    first, times = max((turn.number for turn in said), default=0) + 1, _times(told, held)
    placed = [replace(turn, number=first + place, at=times[place]) for place, turn in enumerate(told)]
    whole = topics.complete(replace(said, turns=(*said.turns, *placed)), flow)
    return whole.turns[len(said.turns) :]


def grounds(note: str, said: Transcript) -> tuple[Span, ...]:
    """The words that a note after the call follows from: those that share what it is about. None where none do.

    One word that anybody may use is no ground, as a note stands as its host's: two of them, or a name or a figure.
    """
    places = list(_places(said))
    wanted = _telling(note, said.language)
    rare = _rare(note, said.language).union(*(place.rare for place in places))
    known = Counter(word for place in places for word in place.telling)
    shared = [place.telling & wanted for place in places]
    carry = [len(one) >= max(_SHARE * len(wanted), 1 if one & rare else _PLAIN) for one in shared]
    weights = [sum(1 / known[word] for word in one) if is_so else 0.0 for one, is_so in zip(shared, carry, strict=True)]
    least = max(_RARE, _BESIDE * max(weights, default=0.0))
    best: dict[int, tuple[float, Span]] = {}
    for place, weight in zip(places, weights, strict=True):
        if weight >= least and weight > best.get(place.span.turn_number, (0.0, place.span))[0]:
            best[place.span.turn_number] = weight, place.span
    strongest = sorted(best.values(), key=lambda found: -found[0])[:_MOST]
    return tuple(sorted(span for _, span in strongest))


@dataclass(frozen=True)
class _Place:
    span: Span
    telling: frozenset[str]
    rare: frozenset[str]


def _in_order(flow: Flow, notes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The notes by topic; what fits none goes with what the flow asks for at its end."""
    rest = rest_of(flow)
    for topic in dict.fromkeys([*(topic.id for topic in flow.topics), rest]):
        found = [notes.get(topic, ""), notes.get(REST, "") if topic == rest != REST else ""]
        yield topic, "\n".join(text for text in found if text.strip())


def _answers(note: str) -> Iterator[str]:
    """A note as one answer, a line for each point; as several where it is too long for one."""
    lines: list[str] = []
    for point in callnotes.notes(note).utterances:
        for start in range(0, len(point.text), MAX_TEXT):
            line = point.text[start : start + MAX_TEXT]
            if lines and sum(map(len, lines)) + len(lines) + len(line) > MAX_TEXT:
                yield "\n".join(lines)
                lines = []
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _asks(turn: Turn | None, topic: str) -> bool:
    return turn is not None and turn.speaker is Speaker.INTERVIEWER and turn.topic == topic


def _times(told: Sequence[Turn], held: tuple[datetime, datetime]) -> list[datetime]:
    """When each was said, reckoned: the call's time shared out by the length of what was said."""
    begun, ended = held
    before = list(accumulate((count(turn.text) or 1 for turn in told), initial=0))
    span = max(ended - begun, timedelta())
    return [(begun + span * (at / before[-1])).replace(microsecond=0) for at in before[:-1]]


def _places(said: Transcript) -> Iterator[_Place]:
    """The clauses of the answers, with the words in them that tell something."""
    heard = words.of(said.language, "\n".join(turn.text for turn in said.answers))
    for turn in said.answers:
        for start, end in clauses.clauses(turn.text, heard):
            clause = turn.text[start:end]
            yield _Place(Span(turn.number, start, end), _telling(clause, said.language), _rare(clause, said.language))


def _telling(text: str, language: str) -> frozenset[str]:
    """Its words without those that any sentence has ("ask", "say", "need"), and without their endings."""
    known = lexicon(language)
    found = (token.low.partition("'")[0] for token in tokens(text))
    return frozenset(
        _stem(word, known) for word in found if (len(word) > 2 or word.isdigit()) and not known.is_in(word, *_ANYWHERE)
    )


def _rare(text: str, language: str) -> frozenset[str]:
    """Its names and figures: what has a capital inside a sentence, where that marks a name, or a digit."""
    known, found = lexicon(language), tokens(text)
    inside = {
        token.start for before, token in pairwise(found) if before.segment == token.segment and token.text[:1].isupper()
    }
    return frozenset(
        _stem(token.low.partition("'")[0], known)
        for token in found
        if any(letter.isdigit() for letter in token.text) or (known.names_by_capital and token.start in inside)
    )


def _stem(word: str, known: Lexicon) -> str:
    return stem(word, known.language)
