"""What the tests of wording share: an interview at its first question, and a reply to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from interviewer import bootstrap, wording
from interviewer.deps import Deps
from interviewer.flows.model import Flow
from interviewer.llm.base import LLM
from interviewer.llm.scripted import ScriptedLLM
from interviewer.settings import Settings
from interviewer.transcript import Act, Context, Speaker, Transcript, Turn
from interviewer.wording import Spoken

CANARY = "zq-canary-71"
SETTINGS = Settings(
    organisation="Tidewater",
    product="Tidewater Flow",
    asker=f"Mara {CANARY}",
    contact=f"{CANARY}@tidewater.example",
    gift=f"a card {CANARY}",
    base_url=f"http://{CANARY}.example",
    reply_deadline_s=5,
)
FLOWS = bootstrap.read_flows(SETTINGS)
PHRASES = bootstrap.read_phrases()
PROMPTS = bootstrap.read_prompts()
LOSS = FLOWS.get("loss")
RICH = (
    "In March our CFO saw the audit report and asked why two systems disagreed, so we set up a project the same week."
)
VAGUE = "It was time."


def deps_with(llm: LLM, **settings: Any) -> Deps:
    """All that wording reads; it has no business with the rest."""
    parts = dict.fromkeys(("db", "links", "languages", "mail", "outbound", "jobs", "now", "new_id"))
    chosen = SETTINGS.model_copy(update=settings)
    return Deps(settings=chosen, flows=FLOWS, phrases=PHRASES, prompts=PROMPTS, llm=llm, **cast(Any, parts))


def opened(flow: Flow = LOSS, language: str = "en") -> Transcript:
    context = Context("Tidewater", "Tidewater Flow", flow.outcome, "economic buyer")
    empty = Transcript((), language, context)
    return spoken_to(empty, wording.open_with(deps_with(ScriptedLLM()), flow, empty))


def spoken_to(transcript: Transcript, spoken: Spoken) -> Transcript:
    """Keep the assessment and the message, as the turn loop does."""
    turns = list(transcript.turns)
    if turns and spoken.assessment:
        turns[-1] = replace(turns[-1], assessment=spoken.assessment)
    then = getattr(spoken.move, "then", None)
    topic = then.topic if then else spoken.move.topic
    turns.append(Turn(len(turns) + 1, Speaker.INTERVIEWER, spoken.text, topic, move=spoken.move.key))
    return replace(transcript, turns=tuple(turns))


def answered(transcript: Transcript, text: str, act: Act = Act.ANSWER) -> Transcript:
    last = transcript.last
    assert last is not None
    turn = Turn(len(transcript.turns) + 1, Speaker.BUYER, text, last.topic, act=act)
    return replace(transcript, turns=(*transcript.turns, turn))


def told_so_far(flow: Flow, topic: str, text: str) -> Transcript:
    """This answer to this topic's own question."""
    question = Turn(1, Speaker.INTERVIEWER, flow.topic(topic).wording["en"], topic, move=f"ask:{topic}")
    return answered(Transcript((question,), "en", opened(flow).context), text)


async def reply(llm: LLM, transcript: Transcript, flow: Flow = LOSS, **more: Any) -> Spoken:
    settings = {"reply_deadline_s": more.pop("deadline_s", 5.0)}
    used = {"model_turns": 0, "tokens_spent": 0} | more
    return await wording.respond(deps_with(llm, **settings), flow, transcript, **used)
