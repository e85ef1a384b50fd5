"""Conversations for tests of the core: written down in one line, or held by a buyer with a fixed store of answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from interviewer.flows import catalogue, clock, engine, phrases, reading, speech
from interviewer.flows.model import Flow
from interviewer.flows.moves import Move, Reply
from interviewer.transcript import Act, Assessment, Context, Speaker, Transcript, Turn

FOLDER = Path(catalogue.__file__).parent
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}
FLOWS = catalogue.load(SOURCES)
PHRASES = phrases.load({path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "phrases").glob("*.toml")})
LOSS = FLOWS.get("loss")
CONTEXT = Context("Tidewater", "Tidewater Flow", "chose another vendor", "champion")


def started(language: str = "en") -> Transcript:
    return Transcript((), language, CONTEXT)


def asked(transcript: Transcript, flow: Flow, move: Move, text: str = "") -> Transcript:
    """With the move said, in its scripted words unless others are given."""
    words = text or speech.say(flow, move, transcript, PHRASES.get(transcript.language))
    topic = move.then.topic if isinstance(move, Reply) and move.then else move.topic
    turn = Turn(len(transcript.turns) + 1, Speaker.INTERVIEWER, words, topic, move=move.key)
    return replace(transcript, turns=(*transcript.turns, turn))


def answered(transcript: Transcript, text: str, told: Assessment | None = None, act: Act = Act.ANSWER) -> Transcript:
    last = transcript.last
    topic = last.topic if last else "trigger"
    turn = Turn(len(transcript.turns) + 1, Speaker.BUYER, text, topic, act=act, assessment=told)
    return replace(transcript, turns=(*transcript.turns, turn))


def said(*script: str | tuple[str, Assessment | str | Act]) -> Transcript:
    """A transcript of move keys, each with what was answered: `said(("ask:trigger", SPECIFIC), "ask:almost")`.

    An answer is an assessment (with its topic covered where it says so), words to be read by the rules, or Act.SKIP.
    """
    transcript = started()
    for line in script:
        key, answer = line if isinstance(line, tuple) else (line, None)
        topic = "" if key.startswith("close") else key.split(":")[2 if key.startswith("reply") else 1]
        turn = Turn(len(transcript.turns) + 1, Speaker.INTERVIEWER, f"Question {key}?", topic, move=key)
        transcript = replace(transcript, turns=(*transcript.turns, turn))
        if isinstance(answer, Assessment):
            transcript = answered(transcript, answer.hook or "something", answer)
        elif isinstance(answer, Act):
            transcript = answered(transcript, "", act=answer)
        elif answer is not None:
            transcript = answered(transcript, answer)
    return transcript


def held(flow: Flow, answers: Iterable[str | None], language: str = "en", longest: int = 40) -> list[tuple[Move, str]]:
    """What the interviewer said to these answers (None skips), until it closed or the answers ran out."""
    transcript = started(language)
    messages: list[tuple[Move, str]] = []
    store = iter(answers)
    while len(messages) < longest:
        now = clock.read(flow, transcript)
        move = engine.next_move(flow, transcript, now)
        transcript = asked(transcript, flow, move)
        messages.append((move, transcript.turns[-1].text))
        text = next(store, "") if not move.key.startswith("close") else ""
        if text == "":
            return messages
        transcript = heard(transcript, flow, text)
    raise AssertionError(f"no end after {longest} messages: {[move.key for move, _ in messages]}")


def heard(transcript: Transcript, flow: Flow, text: str | None) -> Transcript:
    """With an answer as the turn loop keeps it: assessed by the rules, or skipped."""
    if text is None:
        return answered(transcript, "", act=Act.SKIP)
    transcript = answered(transcript, text)
    told = reading.assess(flow, transcript)
    return replace(transcript, turns=(*transcript.turns[:-1], replace(transcript.turns[-1], assessment=told)))


def read(text: str, topic: str = "decision", flow: Flow = LOSS, language: str = "en") -> Assessment:
    """One answer read by the rules."""
    turns = (
        Turn(1, Speaker.INTERVIEWER, "Question?", topic, move=f"ask:{topic}"),
        Turn(2, Speaker.BUYER, text, topic),
    )
    return reading.assess(flow, Transcript(turns, language, CONTEXT))
