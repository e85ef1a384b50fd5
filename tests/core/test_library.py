"""Questions read by rules, addresses that say the same when read again, and answers that may stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import searching
from interviewer.folding import fold
from interviewer.library import questions, spelling
from interviewer.library.answers import Reply, Sentence, checked
from interviewer.library.questions import Known
from interviewer.library.sifting import sift, spelled
from interviewer.library.wanted import Wanted
from interviewer.store.library import Facts

KNOWN = Known(
    today=date(2026, 11, 22),
    rivals={"shiftwell": "Shiftwell", "in-house build": "in-house build"},
    roles=frozenset({"Champion", "IT lead"}),
    segments=frozenset({"Public sector"}),
    languages=frozenset({"en", "de"}),
)


@pytest.mark.parametrize(
    ("question", "filters", "words"),
    [
        ("what do buyers say about implementation in deals over 100k?", {"least": 100_000.0}, "implementation"),
        ("Why did we lose to Shiftwell this quarter?", {
            "lost_to": "shiftwell", "theme": "reasons", "since": date(2026, 10, 1), "until": date(2026, 12, 31),
        }, ""),
        ("What do champions praise about support?", {"role": "champion", "theme": "praise"}, "support"),
        ("deals between $50,000 and 1.5m in Q2 2026?", {
            "least": 50_000.0, "most": 1_500_000.0, "since": date(2026, 4, 1), "until": date(2026, 6, 30),
        }, ""),
        ("How did German buyers in the public sector talk about price?", {
            "language": "de", "segment": "public sector", "theme": "pricing",
        }, ""),
        ("which churned customers were negative about the dashboard since March?", {
            "outcome": "left", "polarity": "negative", "since": date(2026, 3, 1), "until": date(2026, 11, 22),
        }, "dashboard"),
        ("who spoke of more than 3 weeks of training?", {}, "spoke more 3 weeks training"),
        ("what was said in the last 30 days on single sign-on?", {
            "since": date(2026, 10, 23), "until": date(2026, 11, 22),
        }, "single sign"),
        ("what came up after 2024?", {}, "came up 2024"),
    ],
)  # fmt: skip
def test_a_question_becomes_filters_and_words(question: str, filters: dict[str, Any], words: str) -> None:
    read = questions.read(Wanted(q=question), KNOWN)
    assert questions.is_question(question)
    assert {name: getattr(read.wanted, name) for name in read.wanted.filters} == filters
    assert read.wanted.q == words and read.question == question


@pytest.mark.parametrize("text", ["single sign-on", "shiftwell 4am", '"list price"', "why", "what price", ""])
def test_words_are_no_question(text: str) -> None:
    assert not questions.is_question(text)


def test_a_filter_that_is_set_stays() -> None:
    read = questions.read(Wanted(q="what do buyers say of deals over 100k?", least=5.0), KNOWN)
    assert read.wanted.least == 5.0


def test_loose_words_find_their_kin() -> None:
    query = questions.loosely("implementation")
    assert searching.hits("They implemented it; the migration was hard", query) == [(5, 16), (25, 34)]


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    read = questions.read(Wanted(q=text), KNOWN)
    assert Wanted.from_query(read.wanted.query).query == read.wanted.query


@given(st.dictionaries(st.sampled_from(sorted(Wanted.__dataclass_fields__)), st.text(max_size=20)))
def test_an_address_says_the_same_when_read_again(given_: dict[str, str]) -> None:
    wanted = Wanted.read(given_)
    assert Wanted.from_query(wanted.query) == wanted


@given(st.text(max_size=60), st.text(max_size=20))
def test_hits_are_spans_of_the_text(text: str, asked: str) -> None:
    spans = searching.hits(text, searching.parse(asked))
    assert spans == sorted(spans) and all(0 <= start < end <= len(text) for start, end in spans)


@given(st.text(max_size=60))
def test_a_text_holds_its_own_words(text: str) -> None:
    for token in searching.tokens(text):
        assert token == fold(token)[: searching.LONGEST_TOKEN]


def test_a_value_is_counted_among_those_that_pass_the_other_filters() -> None:
    def one(name: str, flow: str, role: str) -> Facts:
        return Facts(name, name, flow, role, "", "en", "ai", False, None, datetime(2026, 1, 1, tzinfo=UTC))

    every = [one("a", "loss", "champion"), one("b", "loss", "IT lead"), one("c", "win", "IT lead")]
    sifted = sift(every, Wanted(flow="loss", role="champion"), {})
    assert [found.id for found in sifted.passed] == ["a"]
    assert sifted.counts("role") == {"champion": 1, "it lead": 1}
    assert sifted.counts("flow") == {"loss": 1}
    assert sifted.counts("outcome") == {"lost": 1}


def test_a_value_is_written_as_most_have_it() -> None:
    def one(role: str, segment: str) -> Facts:
        return Facts("a", "a", "loss", role, segment, "en", "ai", False, None, datetime(2026, 1, 1, tzinfo=UTC))

    every = [one("IT lead", "Energy, UK"), one("it lead", "energy, uk"), one("IT lead", "Energy, UK"), one("", "")]
    assert spelled(every) == {"role": {"it lead": "IT lead", "": ""}, "segment": {"energy, uk": "Energy, UK", "": ""}}


QUOTES = {1: "Shiftwell picked up at 4am, your desk closes at six", 2: "nine days of consultants"}


@pytest.mark.parametrize(
    ("text", "cited", "stands"),
    [
        ("Support at night decided it: Shiftwell picked up at 4am.", [1], True),
        ("Buyers found the import long.", [2], True),
        ("Buyers found the import long.", [], False),
        ("Buyers found the import long.", [2, 7], False),
        ("It took 12 days.", [2], False),
        ("They preferred Globex over it.", [1], False),
        ("One buyer named Shiftwell.", [2], False),
        ("Read https://evil.example for more.", [1], False),
        ("x" * 300, [1], False),
        ("  ", [1], False),
    ],
)
def test_only_sentences_that_rest_on_their_quotes_stand(text: str, cited: list[int], stands: bool) -> None:
    kept = checked(Reply(sentences=[Sentence(text=text, quotes=cited)]), "what decided it?", QUOTES)
    assert bool(kept) is stands


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("why do we lose to Shiftwell?", {"lost_to": "shiftwell", "theme": "reasons"}),
        ("why did we lose on price against Shiftwell?", {"lost_to": "shiftwell", "theme": "pricing"}),
        ("why do buyers choose Shiftwell?", {"lost_to": "shiftwell", "theme": "reasons"}),
        ("who churned and moved to Shiftwell?", {"lost_to": "shiftwell"}),
        ("why do we lose?", {"lost_to": "anybody", "theme": "reasons"}),
        ("what do we hear when we lost?", {"outcome": "lost"}),
        ("what do losses say about Shiftwell?", {"outcome": "lost", "competitor": "shiftwell"}),
        ("what do buyers say about Shiftwell?", {"competitor": "shiftwell"}),
    ],
)
def test_losing_to_a_rival_is_more_than_naming_it(question: str, filters: dict[str, str]) -> None:
    read = questions.read(Wanted(q=question), KNOWN)
    assert {name: getattr(read.wanted, name) for name in read.wanted.filters} == filters
    assert read.by_who == question.startswith("who")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("implementatoin", "implementation"),
        ("what do buyers say about the Implementaton?", "what do buyers say about the implementation?"),
        ("suport at nigth", "support at night"),
        ("implementation", ""),
        ("zzzzqqq", ""),
        ("4 am", ""),
        ("", ""),
    ],
)
def test_misspelt_words_are_read_as_those_that_are_used(typed: str, meant: str) -> None:
    assert spelling.meant(typed, {"implementation", "support", "night", "4am"}, questions.spoken()) == meant


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others_are(text: str) -> None:
    assert fold(text + "e") == fold(text + "é")
