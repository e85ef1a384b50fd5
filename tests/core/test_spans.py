"""Quotes hold: whatever is written and whatever is claimed, a span is an exact slice of a buyer's words or nothing."""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.analysis import tags
from interviewer.analysis.case import Case
from interviewer.analysis.spans import align, fold
from interviewer.masks import BAR, masked
from interviewer.transcript import Speaker, Transcript, Turn

PIECES = (
    "price",
    "too slow",
    "couldn't",
    "Kilnworks",
    "you",
    "because",
    "never called back",
    "e\u0301cole",
    "naïve",
    "ﬁne",
    "İstanbul",
    "straße",
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "🇩🇪",
    "המחיר היה גבוה",
    "السعر مرتفع",
    "เราเลือกพวกเขา",
    "価格が高い",
    "\u202eabc\u202c",
    "…",
    "—",
    "'til",
    "\n",
    ".",
    ", ",
    "$19",
    "555-0142",
)
written = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=25).map(" ".join)


@given(written, st.text(max_size=40) | written)
def test_what_is_claimed_is_found_or_dropped(text: str, claimed: str) -> None:
    span = align(text, claimed)
    if span is not None:
        start, end = span
        assert 0 <= start < end <= len(text)
        assert fold(text[start:end]).strip()


@given(written, st.data())
def test_words_that_were_written_are_led_back_to_those_words(text: str, data: st.DataObject) -> None:
    said = text.split()
    first = data.draw(st.integers(0, len(said)))
    claimed = " ".join(said[first : data.draw(st.integers(first, len(said)))])
    span = align(text, claimed)
    if span is not None and "…" not in claimed and "..." not in claimed:
        assert re.findall(r"\w+", fold(text[slice(*span)])) == re.findall(r"\w+", fold(claimed))


@given(written, st.data())
def test_a_near_miss_is_led_back_or_dropped(text: str, data: st.DataObject) -> None:
    """A letter changed, another case, other quotation marks: never other words than were written."""
    start = data.draw(st.integers(0, len(text)))
    claimed = text[start:]
    place = data.draw(st.integers(0, max(len(claimed) - 1, 0)))
    missed = claimed[:place] + "x" + claimed[place + 1 :].upper().replace("'", "’")
    span = align(text, missed)
    if span is not None and "…" not in missed and "..." not in missed:
        assert SequenceMatcher(None, fold(text[slice(*span)]), fold(missed), autojunk=False).ratio() > 0.6


@given(written)
def test_a_span_takes_accents_and_joined_emoji_whole(text: str) -> None:
    for piece in PIECES:
        if (span := align(text, piece)) is not None:
            cut = text[span[1] : span[1] + 1]
            assert not cut or unicodedata.category(cut) not in {"Mn", "Me"}
            assert cut != "\u200d" and text[span[0]] != "\u200d"


topics = st.sampled_from(["trigger", "alternatives", "almost", "decision", "peer", "close"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(topics, written, st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=5),
    st.sampled_from(["loss", "win", "churn", "no_decision", "midpoint"]),
    st.sampled_from(["en", "de", "he", "th"]),
)
def test_marks_are_exact_apart_and_not_under_bars(
    answers: list[tuple[str, str, int, int]], flow: str, language: str
) -> None:
    turns: list[Turn] = []
    for topic, text, start, length in answers:
        turns.append(Turn(len(turns) + 1, Speaker.INTERVIEWER, "And then?", topic, move=f"ask:{topic}"))
        said = masked(text, [(start, min(start + length, len(text)))]) if start < len(text) else text
        turns.append(Turn(len(turns) + 1, Speaker.BUYER, said, topic))
    said_in = {turn.number: turn.text for turn in turns if turn.speaker is Speaker.BUYER}
    marks = tags.marks(Case(flow, Transcript(tuple(turns), language)))
    spans = [mark.span for mark in marks]
    assert spans == sorted(spans)
    assert not any(one.overlaps(other) for one, other in pairwise(spans))
    for mark in marks:
        assert mark.text == said_in[mark.span.turn_number][mark.span.start : mark.span.end]
        assert mark.text.strip(f"{BAR} \n")
        assert not mark.text.startswith(BAR) and not mark.text.endswith(BAR)
        assert "555-0142" not in mark.text
