"""Requests about one's own answers, and answers that only sound like them: `objections/`, in six languages.

What is `held` was written before the lists were mended and is never mended for; so a few of it may be misread. The
mixed messages are no longer blind: their first run showed that whole sentences were lost.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from interviewer import masks
from interviewer.flows import engine
from interviewer.flows.clock import read as clock_of
from interviewer.flows.wishes import asides
from interviewer.transcript import AnswerKind as K
from interviewer.transcript import Turn
from tests.core.talk import LOSS, asked, heard, read, started

CORPUS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "objections").glob("*.toml"))
}


def _all(what: str, part: str) -> list[tuple[str, str]]:
    return [(language, text) for language, lists in CORPUS.items() for text in lists[what][part]]


def _is_asked(text: str, language: str, topic: str = "decision") -> bool:
    return read(text, topic, language=language).kind is K.WANTS_DELETION


def _answers(text: str, language: str, topic: str) -> bool:
    return read(text, topic, language=language).kind in {K.SPECIFIC, K.VAGUE}


def _turn(text: str, language: str) -> Turn:
    opening = started(language)
    return heard(asked(opening, LOSS, engine.next_move(LOSS, opening, clock_of(LOSS, opening))), LOSS, text).turns[-1]


def _evidence(text: str, language: str) -> str:
    return masks.masked(text, asides(_turn(text, language), language)).replace(masks.BAR, "").strip(" .,;!?¿")


@pytest.mark.parametrize("topic", ["trigger", "decision"])
@pytest.mark.parametrize(("language", "text"), _all("asked", "seen"))
def test_a_request_is_heard(language: str, text: str, topic: str) -> None:
    assert _is_asked(text, language, topic)
    assert not _evidence(text, language)


@pytest.mark.parametrize("topic", ["trigger", "decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all("told", "seen"))
def test_what_a_vendor_did_with_data_is_an_answer(language: str, text: str, topic: str) -> None:
    assert _answers(text, language, topic)


@pytest.mark.parametrize(("language", "text"), _all("both", "seen"))
def test_an_answer_beside_a_request_stays_evidence(language: str, text: str) -> None:
    assert _is_asked(text, language)
    left = _evidence(text, language)
    assert left and left != text.strip(" .")
    assert not _is_asked(left, language)


@pytest.mark.parametrize(("language", "text"), _all("unused", "seen"))
def test_a_wish_that_the_last_answer_be_not_used_is_heard(language: str, text: str) -> None:
    assert _is_asked(text, language)


@pytest.mark.parametrize(("language", "text"), _all("joined", "seen"))
def test_a_request_is_heard_however_it_is_joined_on(language: str, text: str) -> None:
    assert _is_asked(text, language)


def test_almost_no_story_like_those_is_taken_for_a_request() -> None:
    """A request missed is far worse than a story misheard, so a few may be."""
    alarms = [text for language, text in _all("near", "seen") if _is_asked(text, language)]
    assert len(alarms) <= 3, alarms


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        (
            "en",
            "the migration took nine weeks and we'd like you to delete our answers",
            "the migration took nine weeks",
        ),
        ("en", "the price was too high and delete my answers", "the price was too high"),
        ("en", "the price was too high and delete my answers please", "the price was too high"),
        (
            "de",
            "die Migration dauerte neun Wochen und löschen Sie meine Antworten",
            "die Migration dauerte neun Wochen",
        ),
        (
            "fr",
            "la migration a pris neuf semaines et on aimerait que vous supprimiez nos réponses",
            "la migration a pris neuf semaines",
        ),
        (
            "es",
            "la migración tardó nueve semanas y quiero que borren mis respuestas",
            "la migración tardó nueve semanas",
        ),
        ("pt", "a migração levou nove semanas e apaguem minhas respostas", "a migração levou nove semanas"),
        ("id", "migrasinya sembilan minggu dan tolong hapus jawaban saya", "migrasinya sembilan minggu"),
    ],
)
def test_what_a_request_is_joined_to_stays_evidence(language: str, text: str, left: str) -> None:
    assert _is_asked(text, language)
    assert _evidence(text, language) == left


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "don't use this"),
        ("de", "Verwenden Sie das nicht"),
        ("es", "no uses esto"),
        ("fr", "n'utilise pas ça"),
        ("pt", "não use isto"),
        ("id", "jangan pakai ini"),
    ],
)
def test_where_advice_was_asked_for_it_may_be_just_that(language: str, text: str) -> None:
    assert _is_asked(text, language)
    assert not _is_asked(text, language, "peer")


@pytest.mark.parametrize("topic", ["trigger", "alternatives", "decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all("halts", "seen"))
def test_an_order_to_stop_ends_the_interview(language: str, text: str, topic: str) -> None:
    assert read(text, topic, language=language).kind is K.STOPS


@pytest.mark.parametrize("language", list(CORPUS))
def test_an_order_to_stop_is_answered_by_the_close(language: str) -> None:
    opening = started(language)
    opening = asked(opening, LOSS, engine.next_move(LOSS, opening, clock_of(LOSS, opening)))
    for text in CORPUS[language]["halts"]["seen"]:
        transcript = heard(opening, LOSS, text)
        assert engine.next_move(LOSS, transcript, clock_of(LOSS, transcript)).key == "close:stopped"


@pytest.mark.parametrize("topic", ["trigger", "decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all("halts", "stories"))
def test_who_told_somebody_else_to_stop_tells_a_story(language: str, text: str, topic: str) -> None:
    assert _answers(text, language, topic)


def test_what_stands_beside_an_order_to_stop_stays_evidence() -> None:
    text = "The import took 40 minutes every Monday, so stop asking me questions."
    assert read(text, "decision").kind is K.STOPS
    assert _evidence(text, "en") == "The import took 40 minutes every Monday"


@pytest.mark.parametrize("topic", ["trigger", "alternatives", "decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all("taken_back", "seen"))
def test_one_answer_is_taken_back_and_nothing_of_it_is_a_name(language: str, text: str, topic: str) -> None:
    told = read(text, topic, language=language)
    assert told.kind is K.WANTS_DELETION and not told.hook
    assert not _evidence(text, language)


@pytest.mark.parametrize("topic", ["trigger", "decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all("taken_back", "stories"))
def test_what_others_answered_or_took_back_is_a_story(language: str, text: str, topic: str) -> None:
    assert _answers(text, language, topic)


def test_what_was_never_mended_for() -> None:
    misses = [text for language, text in _all("asked", "held") if not _is_asked(text, language)]
    alarms = [text for language, text in _all("told", "held") if not _answers(text, language, "decision")]
    joined = [text for language, text in _all("joined", "held") if not _is_asked(text, language)]
    near = [text for language, text in _all("near", "held") if _is_asked(text, language)]
    both = _all("both", "held")
    lost = [text for language, text in both if not (_is_asked(text, language) and _evidence(text, language))]
    assert len(misses) <= 3, misses
    assert len(alarms) <= 6, alarms
    assert len(lost) <= 3, lost
    assert len(joined) <= 4, joined
    assert len(near) <= 1, near
