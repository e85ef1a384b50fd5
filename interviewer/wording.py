"""What the interviewer says next: judge the answer, let the engine decide, put the move into words.

With a model one call judges and words; code decides all the same (`engine.next_move`), and the model's words are used
only for the move that the engine chose and only when the lint lets them pass. In every other case the flow's own
words stand, so trouble with a model is never the buyer's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, TypeVarTuple

from pydantic import ValidationError

from interviewer import briefing
from interviewer.briefing import Judged, Worded
from interviewer.deps import Deps
from interviewer.errors import LLMUnavailable
from interviewer.flows import belated, engine, lint, reading, speech, tongues
from interviewer.flows import clock as clocks
from interviewer.flows.history import is_answer
from interviewer.flows.hooks import leads_elsewhere
from interviewer.flows.model import Flow
from interviewer.flows.moves import Ask, Move, Probe
from interviewer.flows.tokens import count
from interviewer.llm.base import Completion
from interviewer.transcript import AnswerKind, Assessment, Transcript

MODEL_TURNS = 12
"""Turns of one interview that may use the model (trust.md 19); then the flow's own words carry on."""
TOKENS = 40_000
"""Tokens that one interview may cost, read and written."""
LEAST_S = 1.0
"""With less than this left, words that failed the lint are not asked for again."""
LONGEST_HOOK = 80
_LONG = 1_000
"""Characters of an interview's answers from which they are read in a thread, for others wait meanwhile."""

_CLEAR = frozenset(
    {
        AnswerKind.REFUSES,
        AnswerKind.STOPS,
        AnswerKind.WANTS_PERSON,
        AnswerKind.WANTS_DELETION,
        AnswerKind.NOT_NOW,
        AnswerKind.MISTAKEN,
        AnswerKind.OFF_TOPIC,
    }
)
"""What the rules of reading hear here is honoured at once, whatever a model would say; so is a question that they
know an answer to, for it may be about trust."""

FAREWELL_WORDS = 8
_ENDING = frozenset({AnswerKind.STOPS, AnswerKind.HOSTILE})
_ANSWERED = frozenset({AnswerKind.SPECIFIC, AnswerKind.VAGUE})
"""Where the rules hear an answer, a model alone does not end the interview (trust.md 18)."""

_INTERVIEW_SPENT = "This interview has had its share of the model."
_DAY_SPENT = "The model's budget for the day is used up."

_Given = TypeVarTuple("_Given")
_Told = TypeVar("_Told")

Source = Literal["flow", "model", "fallback"]


@dataclass(frozen=True)
class Spoken:
    """A message, why it was chosen, and what it took. `source` is as in `TurnRow`."""

    move: Move
    text: str
    source: Source
    assessment: Assessment | None = None
    """Of the answer replied to; None when there was none to assess."""
    model: str = ""
    prompt_id: str = ""
    calls: int = 0
    latency_ms: int = 0
    verdicts: tuple[str, ...] = ()
    """What the lint said of the model's words, try by try; "passed" where it had nothing to say."""
    input_tokens: int = 0
    output_tokens: int = 0


def open_with(deps: Deps, flow: Flow, transcript: Transcript) -> Spoken:
    """The first question, in the flow's own words."""
    return _scripted(deps, flow, transcript, None, "flow")


async def respond(
    deps: Deps,
    flow: Flow,
    transcript: Transcript,
    *,
    model_turns: int,
    tokens_spent: int,
    alone: bool = False,
    over_budget: bool = False,
) -> Spoken:
    """The reply to the buyer's last turn, within `reply_deadline_s`, in the language that the buyer has come to write.
    Never raises for trouble with the model.

    `model_turns` and `tokens_spent` are what this interview has used; `over_budget`: all together used up the day's.
    `alone` keeps the model out of it.
    """
    transcript = replace(transcript, language=await _aside(transcript, tongues.followed, transcript))
    last = transcript.last
    if last is None or not is_answer(last):
        return _scripted(deps, flow, transcript, None, "flow")
    ruled = await _aside(transcript, reading.assess, flow, transcript)
    plain = ruled.kind in _CLEAR or bool(ruled.about) or belated.SIGNAL in ruled.signals
    if deps.llm.scripted or alone or plain:
        return _scripted(deps, flow, transcript, ruled, "flow")
    if over_budget or model_turns >= MODEL_TURNS or tokens_spent >= TOKENS:
        spoken = _scripted(deps, flow, transcript, ruled, "flow")
        spent = _DAY_SPENT if over_budget else _INTERVIEW_SPENT
        return replace(spoken, move=replace(spoken.move, why=f"{spoken.move.why} {spent}".strip()))
    worded = _to_word(flow, _with(transcript, ruled))
    if not worded:
        return _scripted(deps, flow, transcript, ruled, "flow")
    return await _Reply(deps, flow, transcript, ruled, worded).speak()


async def _aside(transcript: Transcript, read: Callable[[*_Given], _Told], *given: *_Given) -> _Told:
    """What `read` gives, from a thread where there is much to read."""
    much = sum(len(turn.text) for turn in transcript.answers) > _LONG
    return await asyncio.to_thread(read, *given) if much else read(*given)


def _to_word(flow: Flow, transcript: Transcript) -> tuple[Worded, ...]:
    """The options that a model may word. Follow-ups for which there is time only if the answer happened to tell
    other topics as well are left out: the rule that the model chooses by does not know the clock."""
    clock = clocks.read(flow, transcript)
    worded = engine.questions(flow, transcript, clock)
    probes = [move for move in worded if isinstance(move, Probe)]
    if not probes or transcript.last is None:
        return worded
    heard = {fit for move in probes for fit in flow.topic(move.topic).probe(move.hint).fits}
    vague = Assessment(AnswerKind.VAGUE, signals=tuple(sorted(heard)), hook=transcript.last.text)
    if isinstance(engine.next_move(flow, _with(transcript, vague), clock), Probe):
        return worded
    return tuple(move for move in worded if isinstance(move, Ask))


def _scripted(deps: Deps, flow: Flow, transcript: Transcript, assessment: Assessment | None, source: Source) -> Spoken:
    assessed = _with(transcript, assessment)
    move = engine.next_move(flow, assessed, clocks.read(flow, assessed))
    words = speech.say(flow, move, assessed, deps.phrases.get(transcript.language))
    return Spoken(move, words, source, assessment)


def _with(transcript: Transcript, assessment: Assessment | None) -> Transcript:
    """The transcript with its last turn assessed."""
    if assessment is None:
        return transcript
    *before, last = transcript.turns
    return replace(transcript, turns=(*before, replace(last, assessment=assessment)))


class _Reply:
    """One reply with a model: a call, and a second one only when the lint turned the first words down."""

    def __init__(
        self, deps: Deps, flow: Flow, transcript: Transcript, ruled: Assessment, worded: tuple[Worded, ...]
    ) -> None:
        self._deps, self._flow, self._transcript = deps, flow, transcript
        self._ruled, self._worded = ruled, worded
        self._started = time.perf_counter()
        self._calls = self._input = self._output = 0
        self._model, self._prompt_id = deps.llm.name, ""
        self._verdicts: list[str] = []

    async def speak(self) -> Spoken:
        try:
            judged = await self._ask("")
        except LLMUnavailable:
            return self._own_words(self._ruled, "fallback")
        assessment = self._assessed(judged)
        move = self._move(judged, assessment)
        if move.key != judged.option:
            return self._own_words(assessment, "flow")
        broken = await self._broken(move, judged, assessment)
        if broken and self._left_s() >= LEAST_S:
            try:
                judged = await self._ask(_turned_down(move, broken))
            except LLMUnavailable:
                return self._own_words(assessment, "fallback")
            if judged.option == move.key:
                broken = await self._broken(move, judged, assessment)
        if not broken:
            return self._priced(Spoken(move, judged.message.strip(), "model", assessment))
        return self._own_words(assessment, "fallback")

    async def _ask(self, note: str) -> Judged:
        read = _with(self._transcript, self._ruled)
        values = briefing.instructions(self._flow, read, self._worded, note)
        prompt, changes = briefing.divided(self._deps.prompts.load("ask_buyer", **values))
        self._prompt_id = prompt.id
        try:
            done: Completion[Judged] = await self._deps.llm.complete(
                prompt,
                briefing.conversation(self._transcript, changes),
                Judged,
                deadline_s=self._left_s(),
                enough=None if note else self._words_are_no_use,
            )
        except LLMUnavailable as error:
            self._calls += error.calls
            self._input += error.input_tokens
            self._output += error.output_tokens
            raise
        self._model = done.model
        self._calls += done.calls
        self._input += done.input_tokens
        self._output += done.output_tokens
        return done.value

    def _words_are_no_use(self, fields: Mapping[str, Any]) -> bool:
        """Whether the model is about to word another move than the engine's, so that nobody need wait for it."""
        try:
            judged = Judged.model_validate(fields)
        except ValidationError:
            return False
        return self._move(judged, self._assessed(judged)).key != judged.option

    def _assessed(self, judged: Judged) -> Assessment:
        """The model's judgement as far as it holds: known topics and signals, and a hook that was really said."""
        last = self._transcript.last
        hook = judged.hook.strip()
        said = last is not None and len(hook) <= LONGEST_HOOK and hook in last.text and not leads_elsewhere(hook)
        topics = [topic.id for topic in self._flow.topics]
        known = briefing.signals(self._flow)
        kind = judged.kind
        if self._ruled.kind is AnswerKind.HOSTILE and kind is AnswerKind.STOPS:
            kind = AnswerKind.HOSTILE  # an angry buyer is not sent away
        if kind in _ENDING and self._ruled.kind in _ANSWERED and last is not None and count(last.text) > FAREWELL_WORDS:
            return self._ruled  # nor is one who complains at length; who wants to go says so in few words
        return Assessment(
            kind=kind,
            covers=tuple(topic for topic in topics if topic in judged.covers),
            signals=tuple(dict.fromkeys(signal for signal in judged.signals if signal in known)),
            hook=hook if said else "",
            about=judged.about if kind is AnswerKind.ASKS_BACK else "",
            by="model",
        )

    def _move(self, judged: Judged, assessment: Assessment) -> Move:
        """The engine's move. Where that follows up, and the model worded another follow-up that listens for what was
        heard as well, that one: which of two fitting ones goes first is no more than the order of a list."""
        assessed = _with(self._transcript, assessment)
        move = engine.next_move(self._flow, assessed, clocks.read(self._flow, assessed))
        meant = next((option for option in self._worded if option.key == judged.option), None)
        if not (isinstance(move, Probe) and isinstance(meant, Probe) and meant.topic == move.topic):
            return move
        hint = self._flow.topic(meant.topic).probe(meant.hint)
        fits = {assessment.kind, *assessment.signals} & set(hint.fits)
        return replace(move, hint=hint.id) if fits and (move.hook or not hint.needs_hook) else move

    async def _broken(self, move: Move, judged: Judged, assessment: Assessment) -> tuple[str, ...]:
        """The rules of the lint that the model's words for `move` break."""
        assessed = _with(self._transcript, assessment)
        broken = await _aside(assessed, lint.check, judged.message.strip(), move, self._flow, assessed)
        self._verdicts.append(", ".join(broken) or "passed")
        return broken

    def _left_s(self) -> float:
        return max(0.0, self._deps.settings.reply_deadline_s - (time.perf_counter() - self._started))

    def _own_words(self, assessment: Assessment, source: Source) -> Spoken:
        return self._priced(_scripted(self._deps, self._flow, self._transcript, assessment, source))

    def _priced(self, spoken: Spoken) -> Spoken:
        return replace(
            spoken,
            model=self._model,
            prompt_id=self._prompt_id,
            calls=self._calls,
            latency_ms=round((time.perf_counter() - self._started) * 1000),
            verdicts=tuple(self._verdicts),
            input_tokens=self._input,
            output_tokens=self._output,
        )


def _turned_down(move: Move, broken: tuple[str, ...]) -> str:
    rules = "\n".join(f"- {name}: {lint.RULES[name]}" for name in broken)
    return (
        f"Your first words for `{move.key}` were turned down. They must keep these rules:\n{rules}\n"
        f"Judge as before, choose `{move.key}`, and word it in another way."
    )
