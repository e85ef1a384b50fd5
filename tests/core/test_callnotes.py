"""Transcripts in the forms that call tools hand out, and notes, read as who said what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.importing.callnotes import parse

VOICES = """WEBVTT - Weekly

NOTE made by a tool

STYLE
::cue { color: red }

1a
00:00:01.000 --> 00:00:04.000 align:start
<v Kim Osei>So what <b>made</b> you look?</v>

2b
00:00:05.000 --> 00:00:06.000
<v Jo Marsh>Our rota person left &amp; nobody

3c
00:00:06.500 --> 00:00:08.000
<v Jo Marsh>could read her sheet.</v>
"""
PREFIXES = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
Kim Osei: So what made you look?

2
00:00:05.000 --> 00:00:06.000
Jo Marsh: Our rota person left & nobody

3
00:00:06.000 --> 00:00:07.000
could read her sheet.

4
00:00:08.000 --> 00:00:09.000
Kim Osei: And then: what happened?

5
00:00:09.000 --> 00:00:10.000
Jo Marsh: Price: it doubled.
"""
TIGHT_SRT = "1\n00:00:01,000 --> 00:00:02,000\nKim: Why?\n2\n00:00:03,000 --> 00:00:04,000\nJo: Support.\n"
OLD_TEAMS = """0:0:3.120 --> 0:0:5.0
Kim Osei
What tipped it?

0:0:6.1 --> 0:0:9.0
Jo Marsh
Support.

0:0:10.1 --> 0:0:19.0
Jo Marsh
In the trial.
"""
SAID = [("Kim", "Why?"), ("Jo", "Support. In the trial.")]


def heard(text: str) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in parse(text).utterances]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            VOICES,
            [
                ("Kim Osei", "So what made you look?"),
                ("Jo Marsh", "Our rota person left & nobody could read her sheet."),
            ],
            id="vtt with voices",
        ),
        pytest.param(
            PREFIXES,
            [
                ("Kim Osei", "So what made you look?"),
                ("Jo Marsh", "Our rota person left & nobody could read her sheet."),
                ("Kim Osei", "And then: what happened?"),
                ("Jo Marsh", "Price: it doubled."),
            ],
            id="vtt with names before colons",
        ),
        pytest.param(TIGHT_SRT, [("Kim", "Why?"), ("Jo", "Support.")], id="srt without empty lines"),
        pytest.param(
            OLD_TEAMS, [("Kim Osei", "What tipped it?"), ("Jo Marsh", "Support. In the trial.")], id="name first"
        ),
        pytest.param("Kim   0:03\nWhy?\n\nJo   0:05\nSupport.\nIn the trial.\n", SAID, id="name and time above"),
        pytest.param("Kim\n0:03\nWhy?\n\nJo\n1:00:05\nSupport. In the trial.", SAID, id="time below the name"),
        pytest.param("[00:00:05] Kim: Why?\n[00:00:09] Jo: Support. In the trial.", SAID, id="time in front"),
        pytest.param("Kim (00:05): Why?\nJo (00:09): Support. In the trial.", SAID, id="time in brackets"),
        pytest.param("0:12 | Kim\nWhy?\n0:15 | Jo\nSupport. In the trial.", SAID, id="time, bar, name"),
        pytest.param("09:12:01 AM Kim: Why?\n09:12:09 AM Jo: Support. In the trial.", SAID, id="time of day"),
        pytest.param(
            "Kim: Why?\nJo: Support.\nIn the trial.\nKim: Ok.\nJo: Yes.",
            [*SAID, ("Kim", "Ok."), ("Jo", "Yes.")],
            id="names",
        ),
        pytest.param(
            "**Interviewer:** Why?\n\n**Jo:** Support. In the trial.", [("Interviewer", "Why?"), SAID[1]], id="bold"
        ),
        pytest.param(
            "Q: Why?\nA: Price: too high.", [("Q", "Why?"), ("A", "Price: too high.")], id="question and answer"
        ),
        pytest.param(
            "Kim: Why?\nSpeaker 2: It was\nSpeaker 2: support.",
            [("Kim", "Why?"), ("Speaker 2", "It was support.")],
            id="merged",
        ),
    ],
)
def test_transcripts(text: str, said: list[tuple[str, str]]) -> None:
    assert heard(text) == said


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (
            "- rota person left\n  in May\n- price too high\n\n1. wants support",
            ["rota person left in May", "price too high", "wants support"],
        ),
        (
            "Price: too high\nCompetitor: Shiftwell\nSupport: closes at six",
            ["Price: too high", "Competitor: Shiftwell", "Support: closes at six"],
        ),
        (
            "# Call with Jo\n\n• left in May\n• https://example.com said so",
            ["Call with Jo", "left in May", "https://example.com said so"],
        ),
        ("They went with Shiftwell.\nSupport decided it.", ["They went with Shiftwell.", "Support decided it."]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nNobody is named. Here either.", ["Nobody is named.", "Here either."]),
        ("", []),
    ],
)
def test_notes_name_nobody(text: str, points: list[str]) -> None:
    assert heard(text) == [("", point) for point in points]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[Kim Osei] 14:02:11\nWhy?\n\n[Jo Marsh] 14:02:20\nSupport.\nIn the trial.\n", id="zoom"),
        pytest.param("[Kim Osei] 14:02:11 Why?\n[Jo Marsh] 14:02:20 Support. In the trial.", id="zoom on one line"),
        pytest.param("Kim Osei   0:03\nWhy?\n\nJo Marsh   0:05\nSupport. In the trial.", id="teams"),
        pytest.param("00:00:00\n\nKim Osei: Why?\nJo Marsh: Support.\n\n00:05:00\n\nIn the trial.", id="meet"),
        pytest.param("Kim Osei  14:02\nWhy?\n\nJo Marsh  14:05\nSupport. In the trial.", id="otter"),
        pytest.param("0:12 | Kim Osei\nWhy?\n\n0:15 | Jo Marsh\nSupport. In the trial.", id="gong"),
        pytest.param("Kim Osei - 00:12\nWhy?\n\nJo Marsh - 00:15\nSupport. In the trial.", id="fireflies"),
        pytest.param("14:02:11 Kim Osei\nWhy?\n14:02:20 Jo Marsh\nSupport. In the trial.", id="time, then name"),
        pytest.param("Kim Osei: Why?\nJo Marsh: Support. In the trial.", id="plain, each once"),
    ],
)
@pytest.mark.parametrize("speech", [True, False])
def test_forms_of_call_tools(text: str, speech: bool) -> None:
    said = [(one.speaker, one.text) for one in parse(text, speech=speech).utterances]
    assert said == [("Kim Osei", "Why?"), ("Jo Marsh", "Support. In the trial.")]


def test_three_people_who_speak_once() -> None:
    text = "Mara: What tipped it?\nJo: Support hours.\nPat: And the price."
    assert heard(text) == [("Mara", "What tipped it?"), ("Jo", "Support hours."), ("Pat", "And the price.")]


def test_what_is_known_to_be_speech_may_name_anything() -> None:
    assert parse("Price: too high\nCompetitor: Shiftwell", speech=True).speakers == ("Price", "Competitor")


def test_times_of_day_count_from_the_first() -> None:
    talk = parse("09:12:01 Kim: Why?\n09:13:06 Jo: Support.")
    assert [one.at_s for one in talk.utterances] == [0.0, 65.0]


@pytest.mark.parametrize(
    "text",
    ["0:07 Kim: Why?\n1:12 Jo: Support.", "0:07 --> 0:09\n<v Kim>Why?\n\n1:12 --> 1:15\n<v Jo>Support."],
    ids=["transcript", "subtitles"],
)
def test_times_of_a_recording_stay_those_of_the_recording(text: str) -> None:
    assert [one.at_s for one in parse(text).utterances] == [7.0, 72.0]


@given(st.text(alphabet="aZ:–-> \n\t0123456789.,[]()<>v/*#|\u202e\U0001f600é", max_size=300))
def test_whatever_is_pasted_is_read(text: str) -> None:
    talk = parse(text)
    assert all(one.text.strip() == one.text for one in talk.utterances)
    assert all(one.text or one.speaker for one in talk.utterances)


@pytest.mark.parametrize(
    "line", ["A" * 60 + " ", "Kim a b c d e f " * 20 + "\n", "0:12 " + "a " * 40 + "\n", "<v " * 50]
)
def test_long_texts_are_read_in_no_time(line: str) -> None:
    parse(line * (200_000 // len(line)))


def test_a_voice_that_is_never_closed_does_not_reach_into_the_next() -> None:
    """Else each one is looked for to the end of the file, and a file of them takes the square of its length."""
    talk = parse("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Jo <v Ann>hello there")
    assert talk.speakers == ("Ann",)
