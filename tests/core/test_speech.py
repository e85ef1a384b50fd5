"""The flow's own words: what is said for each move, and how the buyer's words are picked up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from interviewer import languages
from interviewer.confidentiality import IN_FORCE, promise
from interviewer.errors import BadInput
from interviewer.flows import lint, phrases, speech
from interviewer.flows.model import Flow
from interviewer.flows.moves import Ask, Close, CloseReason, Move, OneMore, Probe, Reply, ReplyTo, Wait
from interviewer.flows.tokens import count, quoted
from interviewer.transcript import Act, AnswerKind, Assessment, Context, Transcript
from tests.core.talk import FLOWS, LOSS, PHRASES, answered, asked, heard, started

EN = PHRASES.get("en")
K = AnswerKind


def say(move: Move, transcript: Transcript, flow: Flow = LOSS) -> str:
    return speech.say(flow, move, transcript, PHRASES.get(transcript.language))


def after(answer: str, topic: str = "trigger", language: str = "en") -> Transcript:
    return heard(asked(started(language), LOSS, Ask(topic)), LOSS, answer)


def test_the_first_question_stands_alone() -> None:
    words = say(Ask("trigger"), started())
    assert words == "What was going on when you started looking for something like Tidewater Flow?"


def test_names_that_are_not_known_have_a_plain_stand_in() -> None:
    nobody = replace(started(), context=Context())
    assert say(Ask("trigger"), nobody).endswith("something like the product?")
    vendor_only = replace(started(), context=Context(vendor="Tidewater"))
    assert say(Ask("trigger"), vendor_only).endswith("something like Tidewater?")


@pytest.mark.parametrize(
    ("topic", "hint", "hook", "words"),
    [
        ("decision", "where", "better product", "You wrote “better product”. Where did that show?"),
        (
            "decision",
            "where",
            "they had the better product",
            "You wrote “they had the better product”. Where did that show?",
        ),
        ("decision", "where", "", "Where did that show?"),
        ("decision", "price", "the price", "What about the price decided it?"),
        ("alternatives", "status_quo", "we kept it going", "What kept that in the running?"),
        ("almost", "people", "our head of HR loved it", "Who on your side saw it the other way?"),
        ("alternatives", "status_quo", "the spreadsheet", "What kept the spreadsheet in the running?"),
        ("alternatives", "status_quo", "our spreadsheet", "What kept your spreadsheet in the running?"),
        ("alternatives", "status_quo", "The spreadsheet", "What kept the spreadsheet in the running?"),
        ("alternatives", "credible", "Brightline", "What made Brightline a serious option?"),
        ("alternatives", "credible", "shiftwell", "What made “shiftwell” a serious option?"),
        ("alternatives", "credible", "", "What made the others serious options?"),
    ],
)
def test_probes_pick_up_the_buyers_words(topic: str, hint: str, hook: str, words: str) -> None:
    assert say(Probe(topic, hint, hook), after("x", topic)) == words


def test_german_nouns_are_left_out_for_their_form_may_not_fit() -> None:
    transcript = after("Brightline und der alte Plan", "alternatives", "de")
    assert say(Probe("alternatives", "status_quo", "der alte Plan"), transcript) == ("Was hat das im Rennen gehalten?")
    assert "Was hat Brightline zu" in say(Probe("alternatives", "credible", "Brightline"), transcript)


def test_the_same_words_are_quoted_once_and_leads_take_turns() -> None:
    first = asked(after("it was time"), LOSS, Probe("trigger", "month_before", "it was time"))
    assert first.turns[-1].text.startswith("You wrote “it was time”. ")
    later = asked(answered(first, "the board met"), LOSS, Ask("decision"))
    words = say(Probe("decision", "where", "it was time"), answered(later, "it was time"))
    assert words == "Where did that show?"
    words = say(Probe("decision", "where", "a better tool"), answered(later, "a better tool"))
    assert words == "You say “a better tool”. Where did that show?"


def test_braces_in_an_answer_are_only_text() -> None:
    words = say(Probe("decision", "where", "so {product} {words}"), after("so {product} {words}"))
    assert words == "You wrote “so {product} {words}”. Where did that show?"


@pytest.mark.parametrize(
    ("answer", "among"),
    [
        ("our rota person left in may and nobody could read her sheet", EN.acknowledge.answered),
        ("I'd rather not say", EN.acknowledge.left),
        (None, EN.acknowledge.left),
        ("two outages in March, nobody called back, a disaster", EN.acknowledge.complaint),
    ],
)
def test_acknowledgements_fit_the_answer(answer: str | None, among: tuple[str, ...]) -> None:
    transcript = heard(asked(started(), LOSS, Ask("trigger")), LOSS, answer)
    assert say(Ask("alternatives"), transcript).startswith(among)


@pytest.mark.parametrize("answer", ["it was time", "nothing really", "two", "an awful lot of nothing"])
def test_an_answer_that_holds_little_is_left_alone(answer: str) -> None:
    transcript = answered(asked(started(), LOSS, Ask("trigger")), answer, Assessment(K.VAGUE))
    assert say(Ask("alternatives"), transcript) == LOSS.topic("alternatives").wording["en"]


def test_the_answer_to_a_probe_is_followed_without_a_word() -> None:
    transcript = asked(after("it was time"), LOSS, Probe("trigger", "month_before"))
    transcript = answered(transcript, "the board met in June", Assessment(K.SPECIFIC, ("trigger",)))
    assert say(Ask("alternatives"), transcript) == LOSS.topic("alternatives").wording["en"]


def test_a_story_that_told_more_is_acknowledged_as_such() -> None:
    told = Assessment(K.SPECIFIC, ("trigger", "alternatives"))
    transcript = answered(asked(started(), LOSS, Ask("trigger")), "a long story", told)
    assert say(Ask("almost"), transcript).startswith(EN.acknowledge.told_more)


def test_acknowledgements_do_not_repeat() -> None:
    transcript, first = started(), []
    for topic in LOSS.topics:
        transcript = asked(transcript, LOSS, Ask(topic.id))
        first.append(transcript.turns[-1].text.partition(".")[0])
        transcript = answered(transcript, "an answer", Assessment(K.SPECIFIC, (topic.id,)))
    small = ["Thanks" in text or "Thank you" in text for text in first]
    assert any(small)
    assert not any(one and two for one, two in pairwise(small))


def test_a_question_that_was_not_understood_is_left_kindly() -> None:
    assert say(Ask("alternatives"), after("what do you mean?")).startswith(EN.acknowledge.left)


def test_nothing_is_acknowledged_after_a_moment_that_was_not_an_answer() -> None:
    assert say(Ask("alternatives"), after("are you a bot?")) == LOSS.topic("alternatives").wording["en"]


def test_a_question_comes_back_in_other_words() -> None:
    transcript = after("are you a bot?", "decision")
    words = say(Reply(ReplyTo.BOT, "decision", Ask("decision")), transcript)
    assert words == f"{EN.reply[ReplyTo.BOT]} {LOSS.topic('decision').rephrased['en']}"


@pytest.mark.parametrize("language", PHRASES.languages)
@pytest.mark.parametrize("to", [ReplyTo.PERSON, ReplyTo.DELETION])
def test_a_wish_is_answered_in_one_sentence_and_no_question(to: ReplyTo, language: str) -> None:
    words = say(Reply(to, "decision"), after("x", "decision", language))
    assert words.count(".") == 1
    assert "?" not in words


@pytest.mark.parametrize("language", PHRASES.languages)
@pytest.mark.parametrize("to", [ReplyTo.COLLEAGUES, ReplyTo.CONFIDENTIALITY])
def test_a_question_about_trust_gets_the_promise_and_the_open_question(to: ReplyTo, language: str) -> None:
    for flow in FLOWS:
        for topic in flow.topics:
            transcript = asked(started(language), flow, Ask(topic.id))
            words = say(Reply(to, topic.id, Ask(topic.id)), answered(transcript, "will Dave see this?"), flow)
            told = promise(IN_FORCE, language)
            assert (told if to is ReplyTo.CONFIDENTIALITY else told.partition(". ")[0]) in words
            assert words.endswith(topic.rephrased[language].partition("}")[2])


def test_a_reply_too_long_with_its_question_keeps_its_beginning() -> None:
    long = replace(started(), context=Context("Tidewater", "The Tidewater Flow Crew and Berth Planning Suite"))
    transcript = asked(long, LOSS, Ask("peer"))
    words = say(Reply(ReplyTo.DATA, "peer", Ask("peer")), answered(transcript, "is this recorded?"))
    assert words.startswith("Your words are kept as text, not as a recording. ")
    assert "at the top" not in words
    assert count(words) <= speech.LONGEST


@pytest.mark.parametrize("language", PHRASES.languages)
def test_a_question_without_a_reply_of_its_own_costs_few_words(language: str) -> None:
    another = PHRASES.get(language).reply[ReplyTo.ANOTHER]
    assert count(another) <= 20
    assert "{promise}" not in another


@pytest.mark.parametrize("language", PHRASES.languages)
def test_what_is_kept_is_said_with_the_way_to_the_notice(language: str) -> None:
    """True with a model and without one: which vendor, if any, and for how long stands in the notice."""
    first, _, last = PHRASES.get(language).reply[ReplyTo.DATA].partition(". ")
    header = {
        "en": "AI interviewer",
        "de": "KI-Interview",
        "es": "Entrevista con IA",
        "fr": "Entretien par IA",
        "pt": "Entrevista com IA",
        "id": "Wawancara AI",
    }
    assert header[language] in last and header[language] not in first


def test_after_a_pause_the_question_comes_in_other_words() -> None:
    transcript = asked(after("i am driving", "decision"), LOSS, Reply(ReplyTo.LATER, "decision"))
    words = say(Reply(ReplyTo.CONFUSED, "decision", Ask("decision")), heard(transcript, LOSS, "i'm back"))
    assert words.endswith(LOSS.topic("decision").rephrased["en"])


def test_one_more_is_an_offer() -> None:
    words = say(OneMore("decision"), after("yes"))
    assert "finish here" in words
    assert words.endswith("What tipped it in the end?")


def test_nothing_is_said_while_the_buyer_has_the_word() -> None:
    with pytest.raises(ValueError, match="the buyer has the word"):
        say(Wait(), started())


def test_other_languages_get_english() -> None:
    assert say(Ask("decision"), after("si", language="it")).endswith("What tipped it in the end?")
    assert PHRASES.get("de-AT").language == "de"
    assert PHRASES.get("it").language == "en"


def every_move(flow: Flow) -> list[Move]:
    asks = [Ask(topic.id) for topic in flow.topics]
    probes = [
        Probe(topic.id, hint.id, hook)
        for topic in flow.core
        for hint in topic.probes
        for hook in ("a thing said", "")
        if hook or not hint.needs_hook
    ]
    replies = [Reply(to, "trigger", then) for to in ReplyTo for then in (*asks, None)]
    return [*asks, *probes, *replies, *(OneMore(t.id) for t in flow.core), *(Close(reason) for reason in CloseReason)]


@pytest.mark.parametrize("language", PHRASES.languages)
@pytest.mark.parametrize("flow", list(FLOWS), ids=FLOWS.ids)
def test_everything_that_can_be_said_may_be_said(flow: Flow, language: str) -> None:
    for kind in (K.SPECIFIC, K.VAGUE, K.REFUSES, K.CONFUSED):
        transcript = answered(started(language), "a thing said", Assessment(kind, hook="a thing said"))
        probed = kind in {K.SPECIFIC, K.VAGUE}  # the engine follows up nothing else
        for move in (move for move in every_move(flow) if probed or not isinstance(move, Probe)):
            words = speech.say(flow, move, transcript, PHRASES.get(language))
            assert lint.check(words, move, flow, transcript) == (), words
            assert count(words) <= speech.LONGEST
            assert "{" not in words


@pytest.mark.parametrize("language", PHRASES.languages)
@pytest.mark.parametrize("flow", list(FLOWS), ids=FLOWS.ids)
def test_no_probe_sounds_like_that_of_another_topic(flow: Flow, language: str) -> None:
    for first in (move for move in every_move(flow) if isinstance(move, Probe)):
        transcript = answered(started(language), "x", Assessment(K.VAGUE))
        transcript = answered(asked(transcript, flow, first), "a thing said, again", Assessment(K.VAGUE))
        for second in (move for move in every_move(flow) if isinstance(move, Probe) and move.topic != first.topic):
            words = say(second, transcript, flow)
            assert "repeat" not in lint.check(words, second, flow, transcript), (first.key, second.key, words)


@pytest.mark.parametrize("language", PHRASES.languages)
def test_buttons_are_called_as_the_page_calls_them(language: str) -> None:
    folder = Path(languages.__file__).parent
    pages = languages.load({path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.toml")}).get(
        language
    )
    labels = set(pages.words.values())
    for words in PHRASES.get(language).reply.values():
        assert set(quoted(words)) <= labels


def test_phrases_say_what_is_wrong_with_them() -> None:
    source = Path(phrases.__file__).parent / "phrases" / "en.toml"
    broken = source.read_text(encoding="utf-8").replace('rep = "', 'boss = "').replace("one_more = ", "two_more = ")
    with pytest.raises(BadInput) as caught:
        phrases.load({"en.toml": broken, "xx.toml": "= 1"})
    places = {problem.where for problem in caught.value.problems}
    assert {"en.toml: one_more", "en.toml: two_more", "xx.toml"} <= places
    with pytest.raises(BadInput, match=r"en\.toml: is missing"):
        phrases.load({})


def test_a_skip_is_no_answer() -> None:
    transcript = answered(asked(started(), LOSS, Ask("trigger")), "", act=Act.SKIP)
    assert say(Ask("alternatives"), transcript).startswith(EN.acknowledge.left)
