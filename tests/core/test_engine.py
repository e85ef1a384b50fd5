"""What follows what: transcript in, move out."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from interviewer.flows import catalogue, engine
from interviewer.flows import clock as clocks
from interviewer.flows.clock import Clock
from interviewer.flows.model import Flow
from interviewer.flows.moves import ASKED_ABOUT, Ask, Probe, Reply, ReplyTo
from interviewer.transcript import Act, AnswerKind, Assessment, Transcript
from tests.core.talk import FLOWS, LOSS, answered, said, started

EARLY, SOFT, HARD = Clock(20, 150, 210), Clock(155, 150, 210), Clock(215, 150, 210)
K = AnswerKind
FULL_HEAD = ("ask:trigger", "ask:alternatives", "ask:almost", "ask:decision")


def told(kind: AnswerKind, *covers: str, signals: tuple[str, ...] = (), hook: str = "", about: str = "") -> Assessment:
    return Assessment(kind, covers, signals, hook, about)


def clear(topic: str, *more: str) -> Assessment:
    return told(K.SPECIFIC, topic, *more)


VAGUE = told(K.VAGUE, signals=("vague",))
HINTED = told(K.VAGUE, signals=("vague",), hook="a few words that say little")
PRICE = told(K.VAGUE, signals=("price", "vague"), hook="the price")
NOTHING = told(K.NOTHING, signals=("nothing",))
UNSURE = told(K.NOTHING, signals=("unsure",))
REFUSES = told(K.REFUSES)
NAMES = told(K.SPECIFIC, "alternatives", signals=("bare_name",), hook="Brightline")
TABLE = told(K.SPECIFIC, "alternatives", signals=("status_quo", "bare_name"), hook="the spreadsheet")
PRAISE = told(K.VAGUE, signals=("praise", "vague"), hook="great tool")

TOLD_PROBES = ("almost:people", "decision:unsaid")
ORDER = [
    (said(), "ask:trigger"),
    (said("ask:trigger"), "wait"),
    (said(("ask:trigger", clear("trigger"))), "ask:alternatives"),
    (said(("ask:trigger", clear("trigger", "alternatives", "decision"))), "ask:almost"),
    (said(("ask:trigger", clear("trigger")), ("ask:alternatives", clear("alternatives", "peer"))), "ask:almost"),
    (
        said(("ask:trigger", clear("trigger")), ("ask:alternatives", clear("alternatives", "almost"))),
        "probe:almost:people",
    ),
    (said(*((key, clear(key[4:])) for key in FULL_HEAD)), "ask:peer"),
    (said(*((key, clear(key[4:])) for key in FULL_HEAD), ("ask:peer", clear("peer"))), "ask:anything_else"),
    (said(*((key, clear(key[4:], "peer")) for key in FULL_HEAD)), "ask:anything_else"),
    (said(("ask:trigger", clear(*catalogue.CORE))), "probe:almost:people"),
    (said(("ask:trigger", clear(*catalogue.CORE)), ("probe:almost:people", NOTHING)), "probe:decision:unsaid"),
    (
        said(("ask:trigger", clear(*catalogue.CORE)), *((f"probe:{probe}", NOTHING) for probe in TOLD_PROBES)),
        "ask:anything_else",
    ),
    (said(("ask:anything_else", NOTHING)), "ask:trigger"),
    (said("close:done"), "wait"),
]

PROBES = [
    (said(("ask:trigger", VAGUE)), "probe:trigger:month_before"),
    (said(("ask:trigger", told(K.VAGUE, signals=("politics",)))), "probe:trigger:people"),
    (said(("ask:alternatives", NAMES)), "probe:alternatives:credible"),
    (said(("ask:alternatives", TABLE)), "probe:alternatives:status_quo"),
    (said(("ask:alternatives", told(K.SPECIFIC, "alternatives", signals=("status_quo",)))), "ask:trigger"),
    (said(("ask:almost", NOTHING)), "probe:almost:doubt"),
    (said(("ask:almost", UNSURE)), "probe:almost:doubt"),
    (said(("ask:almost", NOTHING), ("probe:almost:doubt", NOTHING)), "ask:trigger"),
    (said(("ask:decision", PRICE)), "probe:decision:price"),
    (said(("ask:decision", VAGUE)), "probe:decision:practice"),
    (said(("ask:decision", told(K.VAGUE, signals=("product",)))), "probe:decision:where"),
    (said(("ask:decision", told(K.VAGUE, signals=("support",)))), "probe:decision:support"),
    (
        said(("ask:decision", told(K.SPECIFIC, "decision", signals=("price",), hook="4k of setup"))),
        "ask:trigger",
    ),
    (said(("ask:decision", told(K.SPECIFIC, "decision", hook="the board"))), "ask:trigger"),
    (said(("ask:peer", told(K.SPECIFIC, "peer", signals=("vague",), hook="the board"))), "ask:trigger"),
    (said(("ask:peer", PRAISE)), "probe:peer:watch_out"),
    (said(*((key, clear(key[4:])) for key in FULL_HEAD), ("ask:peer", PRAISE)), "probe:peer:watch_out"),
    (said(("ask:trigger", VAGUE), ("probe:trigger:month_before", VAGUE)), "ask:alternatives"),
    (
        said(
            ("ask:trigger", clear("trigger")),
            ("ask:almost", clear("almost")),
            ("ask:decision", PRICE),
            ("probe:decision:price", HINTED),
        ),
        "probe:decision:unsaid",
    ),
    (said(("ask:decision", PRICE), ("probe:decision:price", VAGUE)), "ask:trigger"),
    (said(("ask:decision", PRICE), ("probe:decision:price", clear("decision"))), "probe:decision:unsaid"),
    (said(("ask:decision", PRICE), ("probe:decision:price", NOTHING)), "ask:trigger"),
    (
        said(("ask:decision", PRICE), ("probe:decision:price", HINTED), ("probe:decision:unsaid", HINTED)),
        "ask:trigger",
    ),
    (said(("ask:anything_else", VAGUE)), "ask:trigger"),
]

AWKWARD = [
    (said(("ask:decision", REFUSES)), "ask:trigger"),
    (said(("ask:trigger", Act.SKIP)), "ask:alternatives"),
    (said(("ask:trigger", told(K.STOPS))), "close:stopped"),
    (said(("ask:trigger", told(K.WANTS_PERSON))), "reply:person:trigger"),
    (said(("ask:trigger", told(K.WANTS_DELETION))), "reply:deletion:trigger"),
    (said(("ask:trigger", told(K.ASKS_BACK, about="bot"))), "reply:bot:trigger"),
    (said(("ask:trigger", told(K.ASKS_BACK, about="confidentiality"))), "reply:confidentiality:trigger"),
    (said(("ask:trigger", told(K.ASKS_BACK, about="the weather"))), "reply:another:trigger"),
    (said(("ask:trigger", told(K.ASKS_BACK, "trigger", about="rep"))), "reply:rep:alternatives"),
    (said(("ask:trigger", told(K.CONFUSED))), "reply:confused:trigger"),
    (said(("ask:trigger", told(K.CONFUSED)), ("reply:confused:trigger", told(K.CONFUSED))), "ask:alternatives"),
    (said(("ask:trigger", told(K.OFF_TOPIC))), "reply:off_topic:trigger"),
    (said(("ask:trigger", told(K.OFF_TOPIC)), ("reply:off_topic:trigger", told(K.OFF_TOPIC))), "ask:alternatives"),
    (said(("ask:trigger", told(K.HOSTILE))), "reply:hostile:alternatives"),
    (said(("ask:trigger", told(K.HOSTILE)), ("reply:hostile:alternatives", told(K.HOSTILE))), "close:stopped"),
    (
        said(
            ("ask:trigger", told(K.HOSTILE)),
            ("reply:hostile:alternatives", clear("alternatives")),
            ("ask:almost", told(K.HOSTILE)),
        ),
        "reply:hostile:decision",
    ),
    (
        said(*(("reply:bot:trigger", told(K.ASKS_BACK, about="bot")) for _ in range(3))),
        "reply:bot:alternatives",
    ),
    (said(("ask:trigger", clear("trigger")), ("close:done", VAGUE)), "close:done"),
    (said(("ask:decision", PRICE), ("probe:decision:price", told(K.CONFUSED))), "reply:confused:decision"),
    (said(("ask:trigger", told(K.NOT_NOW))), "reply:later:trigger"),
    (said(("ask:trigger", told(K.NOT_NOW)), ("reply:later:trigger", clear("trigger"))), "ask:alternatives"),
    (said(("ask:trigger", told(K.MISTAKEN))), "reply:mistaken:trigger"),
    (said(("ask:trigger", told(K.ASKS_BACK, about="colleagues"))), "reply:colleagues:trigger"),
    (said(("close:done", told(K.WANTS_PERSON))), "reply:person:"),
    (said(("close:stopped", told(K.WANTS_DELETION))), "reply:deletion:"),
]


@pytest.mark.parametrize(("transcript", "key"), ORDER + PROBES + AWKWARD)
def test_next_move(transcript: Transcript, key: str) -> None:
    assert engine.next_move(LOSS, transcript, EARLY).key == key


CLOCK = [
    (said(("ask:decision", PRICE)), SOFT, "ask:trigger"),
    (said(("ask:trigger", clear("trigger"))), Clock(185, 150, 210), "ask:almost"),
    (said(("ask:trigger", clear("trigger"))), HARD, "one_more:almost"),
    (said(("ask:almost", clear("almost"))), HARD, "one_more:decision"),
    (said(("ask:almost", clear("almost", "decision"))), HARD, "one_more:peer"),
    (said(("ask:decision", clear("decision", "peer")), ("ask:almost", clear("almost"))), HARD, "close:capped"),
    (said(("ask:peer", clear("peer", "decision"))), HARD, "one_more:almost"),
    (said(("ask:almost", PRICE), ("one_more:decision", PRICE)), HARD, "close:capped"),
    (said(("ask:almost", PRICE), ("one_more:decision", NOTHING)), EARLY, "close:capped"),
    (said(("one_more:decision", told(K.STOPS))), HARD, "close:stopped"),
    (said(("one_more:decision", told(K.CONFUSED))), HARD, "close:capped"),
    (said(("one_more:decision", told(K.HOSTILE))), HARD, "close:capped"),
    (said(("one_more:decision", told(K.WANTS_PERSON))), HARD, "reply:person:decision"),
    (said(("one_more:decision", told(K.WANTS_PERSON)), ("reply:person:decision", VAGUE)), HARD, "close:capped"),
    (said(("ask:trigger", told(K.ASKS_BACK, about="bot"))), HARD, "reply:bot:trigger"),
    (said(("reply:bot:trigger", told(K.ASKS_BACK, about="bot"))), HARD, "one_more:almost"),
    (said(*((key, clear(key[4:])) for key in (*FULL_HEAD, "ask:peer"))), HARD, "close:done"),
    (said(*((key, clear(key[4:])) for key in (*FULL_HEAD, "ask:peer"))), Clock(204, 150, 210), "close:done"),
]


@pytest.mark.parametrize(("transcript", "clock", "key"), CLOCK)
def test_the_clock_decides_too(transcript: Transcript, clock: Clock, key: str) -> None:
    assert engine.next_move(LOSS, transcript, clock).key == key


THRIFTY = LOSS.model_copy(update={"budget": LOSS.budget.model_copy(update={"probes": 3})})


def test_a_probe_is_kept_for_each_heavy_topic_still_to_come() -> None:
    spent = said(("ask:trigger", VAGUE), ("probe:trigger:month_before", clear("trigger")), ("ask:alternatives", NAMES))
    assert engine.next_move(THRIFTY, spent, EARLY).key == "ask:almost"


@pytest.mark.parametrize(
    ("spent_s", "key"),
    [(20, "probe:trigger:month_before"), (80, "ask:alternatives"), (120, "ask:alternatives")],
)
def test_time_is_kept_for_a_probe_on_each_heavy_topic(spent_s: float, key: str) -> None:
    assert engine.next_move(LOSS, said(("ask:trigger", VAGUE)), Clock(spent_s, 150, 210)).key == key


def test_a_heavy_topic_gets_its_probe_up_to_the_soft_limit() -> None:
    story = said(*((key, clear(key[4:])) for key in FULL_HEAD[:3]), ("ask:decision", VAGUE))
    assert engine.next_move(LOSS, story, Clock(149, 150, 210)).key == "probe:decision:practice"
    assert engine.next_move(LOSS, story, Clock(150, 150, 210)).key == "ask:peer"


def test_no_more_probes_than_the_flow_allows() -> None:
    script = said(
        ("ask:trigger", VAGUE),
        ("probe:trigger:month_before", clear("trigger")),
        ("ask:almost", VAGUE),
        ("probe:almost:doubt", clear("almost")),
        ("ask:decision", VAGUE),
        ("probe:decision:practice", HINTED),
    )
    assert engine.next_move(THRIFTY, script, EARLY).key == "ask:alternatives"
    assert engine.next_move(LOSS, script, EARLY).key == "probe:decision:unsaid"


def test_a_long_answer_early_moves_the_weightiest_topics_forward() -> None:
    transcript = answered(said("ask:trigger"), "word " * 60, clear("trigger"))
    move = engine.next_move(LOSS, transcript, clocks.read(LOSS, transcript))
    assert move.key == "ask:almost"
    assert "weightiest" in move.why


def test_what_was_left_for_time_is_asked_when_there_is_time_after_all() -> None:
    transcript = said(
        ("ask:trigger", clear("trigger")), ("ask:almost", clear("almost")), ("ask:decision", clear("decision"))
    )
    assert engine.next_move(LOSS, transcript, EARLY).key == "ask:alternatives"


def test_a_removed_answer_was_asked_and_tells_nothing() -> None:
    transcript = said(("ask:trigger", clear("trigger", "almost")), ("ask:alternatives", clear("alternatives")))
    turns = list(transcript.turns)
    turns[1] = replace(turns[1], text="", removed=True)
    move = engine.next_move(LOSS, replace(transcript, turns=tuple(turns)), EARLY)
    assert move.key == "ask:almost"


def test_an_answer_that_nobody_assessed_is_read_by_the_rules() -> None:
    assert engine.next_move(LOSS, said(("ask:decision", "I'd rather not say")), EARLY).key == "ask:trigger"
    assert engine.next_move(LOSS, said(("ask:decision", "the price")), EARLY).key == "probe:decision:price"


def test_topics_of_another_flow_do_no_harm() -> None:
    move = engine.next_move(LOSS, said(("ask:long_gone", VAGUE), ("ask:trigger", clear("gone"))), EARLY)
    assert move.key == "ask:alternatives"


def test_a_hook_that_was_not_said_is_dropped() -> None:
    transcript = answered(said("ask:decision"), "too dear", told(K.VAGUE, signals=("price",), hook="the price"))
    move = engine.next_move(LOSS, transcript, EARLY)
    assert isinstance(move, Probe)
    assert move.hook == ""


def test_reasons_are_sentences_for_a_person() -> None:
    transcript = said(("ask:decision", VAGUE))
    move = engine.next_move(LOSS, transcript, Clock(20, 150, 210))
    assert move.why == "Vague answer on the topic with most weight, 190 s left."
    for script, key in ORDER + PROBES + AWKWARD:
        assert engine.next_move(LOSS, script, EARLY).why.endswith("."), key


def test_a_reply_carries_the_question_that_it_interrupted() -> None:
    move = engine.next_move(LOSS, said(("ask:almost", told(K.ASKS_BACK, about="time"))), EARLY)
    assert isinstance(move, Reply)
    assert move.then is not None
    assert move.then.topic == "almost"


@pytest.mark.parametrize("about", [str(to) for to in ASKED_ABOUT])
def test_after_a_question_back_the_topic_is_asked_again_even_from_a_probe(about: str) -> None:
    wondering = told(K.ASKS_BACK, about=about)
    move = engine.next_move(LOSS, said(("ask:decision", PRICE), ("probe:decision:price", wondering)), EARLY)
    assert isinstance(move, Reply)
    assert (move.to, move.then) == (ReplyTo(about), Ask("decision", "The question is still open."))


@pytest.mark.parametrize("kind", [K.WANTS_PERSON, K.WANTS_DELETION, K.NOT_NOW, K.MISTAKEN])
def test_who_wants_out_is_not_pressed_with_a_question(kind: AnswerKind) -> None:
    for script in (
        said(("ask:trigger", told(kind))),
        said(("ask:decision", PRICE), ("probe:decision:price", told(kind))),
    ):
        move = engine.next_move(LOSS, script, EARLY)
        assert isinstance(move, Reply)
        assert move.then is None


def test_what_was_said_before_is_not_asked_again() -> None:
    above = told(K.NOTHING, "almost", signals=("nothing",))
    assert engine.next_move(LOSS, said(("ask:almost", above)), EARLY).key == "ask:trigger"


@pytest.mark.parametrize(
    ("transcript", "done"),
    [
        (started(), 0),
        (said("ask:trigger"), 0),
        (said(("ask:trigger", VAGUE)), 1),
        (said(("ask:trigger", VAGUE), "probe:trigger:month_before"), 0),
        (said(("ask:trigger", clear("trigger")), "ask:alternatives"), 1),
        (said(("ask:trigger", clear("trigger", "almost", "decision")), "ask:alternatives"), 3),
        (said(("ask:trigger", Act.SKIP), "ask:alternatives"), 1),
        (said(*((key, REFUSES) for key in (*FULL_HEAD, "ask:peer")), "ask:anything_else"), 5),
    ],
)
def test_progress_counts_core_topics_left_behind(transcript: Transcript, done: int) -> None:
    assert engine.progress(LOSS, transcript) == (done, 5)


def test_options_put_probes_and_questions_first() -> None:
    found = engine.options(LOSS, said(("ask:decision", "price")), EARLY)
    kinds = [type(move) for move in found]
    assert kinds == sorted(kinds, key=[*dict.fromkeys(kinds)].index)
    assert kinds[0] is Probe
    assert Ask in kinds
    probes = [move for move in found if isinstance(move, Probe)]
    assert {move.hint for move in probes} == {hint.id for hint in LOSS.topic("decision").probes} - {"unsaid"}
    assert {move.hook for move in probes} == {""}


def test_options_where_nothing_is_to_be_judged_are_the_one_move_that_is_due() -> None:
    assert [move.key for move in engine.options(LOSS, started(), EARLY)] == ["ask:trigger"]
    assert [move.key for move in engine.options(LOSS, said("ask:trigger"), EARLY)] == ["wait"]
    assert [move.key for move in engine.options(LOSS, said(("ask:trigger", Act.SKIP)), EARLY)] == ["ask:alternatives"]


@pytest.mark.parametrize("flow", list(FLOWS), ids=FLOWS.ids)
def test_every_probe_of_every_flow_can_be_reached(flow: Flow) -> None:
    for topic in flow.core:
        first = said((f"ask:{topic.id}", "hm"))
        again = said((f"ask:{topic.id}", VAGUE), (f"probe:{topic.id}:none", "hm"))
        found = [*engine.options(flow, first, EARLY), *engine.options(flow, again, EARLY)]
        assert {hint.id for hint in topic.probes} == {
            move.hint for move in found if isinstance(move, Probe) and move.topic == topic.id
        }


@pytest.mark.parametrize("flow", list(FLOWS), ids=FLOWS.ids)
def test_questions_are_the_options_that_ask(flow: Flow) -> None:
    """Wherever an interview may stand: the fewer readings that are tried for them leave none out."""
    chance = random.Random(flow.id)
    topics = [topic.id for topic in flow.topics]
    for _ in range(20):
        so_far: list[tuple[str, Assessment | str | Act]] = []
        for topic in topics[: chance.randint(0, len(topics) - 1)]:
            covers = chance.sample(topics, chance.choice((0, 1, 1, 2)))
            so_far.append((f"ask:{topic}", told(chance.choice(list(K)), *covers, signals=("bare_name", "vague"))))
            hints = [probe.id for probe in flow.topic(topic).probes]
            if hints and chance.random() < 0.5:
                so_far.append((f"probe:{topic}:{chance.choice(hints)}", chance.choice((VAGUE, NOTHING, REFUSES))))
            if chance.random() < 0.3:
                so_far.append((f"reply:{chance.choice(list(ReplyTo))}:{topic}", clear(topic)))
        here = chance.choice(topics)
        lead = chance.choice(("ask", "ask", "one_more"))
        transcript = said(*so_far, (f"{lead}:{here}", chance.choice(("hm", "They were 20 % cheaper, and that was it"))))
        for clock in (EARLY, SOFT, HARD):
            every = engine.options(flow, transcript, clock)
            assert engine.questions(flow, transcript, clock) == tuple(
                move for move in every if isinstance(move, Ask | Probe)
            )
