"""The vocabulary of tags, and quotes found word for word in what a buyer wrote."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.analysis import words
from interviewer.analysis.clauses import clauses
from interviewer.analysis.codebook import CODEBOOK, Theme, theme
from interviewer.analysis.spans import align, fold

ANSWER = (
    "In the trial. Your desk  closes at six,\nour pools open at five — they couldn’t wait 👩‍👩‍👧."
    " “Never again”, José said"
)
TROUBLESOME = "aáäßİ \t\n.,;:'’“”-–…éeָאבجd👩🏽‍💻🇩🇪👨‍👩‍👧क्षिกำ漢字Ǆ12"
texts = st.text(alphabet=st.one_of(st.sampled_from(TROUBLESOME), st.characters(exclude_categories=["Cs"])), max_size=80)


def test_every_theme_of_the_domain_is_in_the_codebook() -> None:
    assert {str(known) for known in CODEBOOK} == {
        *("decision_factor", "competitor_mention", "feature_gap", "messaging_miss", "trigger", "pricing"),
        *("process_friction", "praise", "criticism", "hidden_criterion", "referral_language"),
        *("expectation_missed", "peer_recommendation", "stalled_at"),
    }
    assert all(entry.label and entry.meaning.endswith(".") for entry in CODEBOOK.values())


@pytest.mark.parametrize(
    ("said", "known"), [("pricing", Theme.PRICING), (" Feature_Gap ", Theme.FEATURE_GAP), ("budget", None), ("", None)]
)
def test_words_outside_the_codebook_are_no_themes(said: str, known: Theme | None) -> None:
    assert theme(said) is known


@pytest.mark.parametrize(
    ("claimed", "words"),
    [
        ("closes at six", "closes at six"),
        ("your desk closes at six", "Your desk  closes at six"),
        ("“Your desk closes at six.”", "Your desk  closes at six"),
        ("at six, our pools", "at six,\nour pools"),
        ("they couldn't wait", "they couldn’t wait"),
        ("open at five - they couldn't", "open at five — they couldn’t"),
        ("your desk … open at five", "Your desk  closes at six,\nour pools open at five"),
        ("your desk [...] open at five", "Your desk  closes at six,\nour pools open at five"),
        ("... our pools open at five ...", "our pools open at five"),
        ("desk closes at 6, our pools open at five", "desk  closes at six,\nour pools open at five"),
        ("'Never again', Jose said", "Never again”, José said"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("👩", "👩‍👩‍👧"),
    ],
)
def test_a_near_miss_is_led_back_to_what_was_written(claimed: str, words: str) -> None:
    span = align(ANSWER, claimed)
    assert span is not None
    assert ANSWER[slice(*span)] == words


@pytest.mark.parametrize(
    "claimed",
    [
        "",
        "   ",
        "…",
        "“”",
        "ools",
        "your desk closes at nine in the evening",
        "they could wait for it",
        "our pools do not open at five",
        "open at five … your desk closes",
        "we loved the product",
        "trial Never",
    ],
)
def test_what_was_not_written_is_dropped(claimed: str) -> None:
    assert align(ANSWER, claimed) is None


def test_right_to_left_words_are_found() -> None:
    text = "התמיכה שלכם נסגרת בשש, והבריכות נפתחות בחמש. كان السعر مرتفعًا جدًا"
    for claimed in ("והבריכות נפתחות בחמש", "كان السعر مرتفعا جدا"):
        span = align(text, claimed)
        assert span is not None
        assert fold(text[slice(*span)]) == fold(claimed)


def test_a_long_answer_is_searched_in_good_time() -> None:
    text = "the night shift could not log in and nobody picked up the phone again " * 56
    started = time.perf_counter()
    assert align(text[:4000], "the day shift could not sign in when somebody answered the phone") is None
    assert time.perf_counter() - started < 2


@given(texts, st.data())
def test_a_span_lies_in_the_text_and_cuts_no_character(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    claimed = data.draw(st.sampled_from([text[start:end], text[start:end].upper(), f"“{text[start:end]}”…"]))
    span = align(text, claimed)
    if span is not None:
        first, last = span
        assert 0 <= first < last <= len(text)
        for cut in (first, last):
            assert cut in (0, len(text)) or (text[cut - 1] != "\u200d" and text[cut] != "\u200d")


@given(st.lists(st.text(alphabet="abcdeé😀אب", min_size=1, max_size=6), min_size=1, max_size=12), st.data())
def test_whole_words_of_the_text_are_always_found_again(words: list[str], data: st.DataObject) -> None:
    text = "  ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    span = align(text, " ".join(words[first : last + 1]).upper())
    assert span is not None
    assert fold(text[slice(*span)]) == fold(" ".join(words[first : last + 1]))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "in the trial. your desk closes at six. they picked up at 4am, that was it really",
            ["in the trial", "your desk closes at six", "they picked up at 4am"],
        ),
        (
            "Well, it was great, but the onboarding was slow. No SAML, e.g. Okta, honestly.",
            ["it was great, but the onboarding was slow", "No SAML, e.g. Okta"],
        ),
        ("no.", ["no"]),
        ("🙂", []),
        ("... – ,", []),
        (
            "The night shift liked it because it was so simple to learn and we needed something that people could"
            " use without any kind of training, and we had to have it running by the end of June",
            [
                "The night shift liked it",
                "it was so simple to learn and we needed something that people could use without any kind of training",
                "we had to have it running by the end of June",
            ],
        ),
        (
            "we had three rounds of talks with your people in the spring, and the legal team went over every page of"
            " it, although nobody had asked them to, because the old contract had cost us a lot",
            [
                "we had three rounds of talks with your people in the spring,"
                " and the legal team went over every page of it",
                "although nobody had asked them to",
                "the old contract had cost us a lot",
            ],
        ),
    ],
)
def test_an_answer_is_cut_into_clauses(text: str, cut: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text, words.load("en"))] == cut


@given(texts, st.sampled_from(["en", "de", "he"]))
def test_clauses_are_in_order_and_apart(text: str, language: str) -> None:
    found = clauses(text, words.load(language))
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in found)


@pytest.mark.parametrize("language", words.languages())
def test_every_language_has_the_same_lists(language: str) -> None:
    known, english = words.load(language), words.load("en")
    assert known.cues.keys() == english.cues.keys()
    assert {label for label, _ in known.status_quo} == {label for label, _ in english.status_quo}
    assert {label for label, _ in known.subjects} <= {label for label, _ in english.subjects}
    assert set(known.exceptions) <= set(known.cues)


def test_an_answer_in_another_language_is_read_in_its_own() -> None:
    assert words.of("en", "Am Ende hat der Betriebsrat entschieden, und wir waren zu spät").language == "de"
    assert words.of("fr", "Le délai de mise en place").language == "fr"
    assert words.of("de-AT", "Excel").language == "de"
