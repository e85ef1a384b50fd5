"""Every event has words in every language, escapes what people wrote, and takes exactly its values."""

from types import SimpleNamespace
from typing import Any

import pytest

from interviewer.notify import events

EVIL = '<script>alert(1)</script> {{ 7 * 7 }} & "quotes"'
VALUES: dict[str, Any] = {
    "code": "123456",
    "link": "https://interviews.tidewater.example/desk/sign-in/abc",
    "product": EVIL,
    "answers": (
        SimpleNamespace(label="What started it", text=EVIL, noted=False),
        SimpleNamespace(label="Who else", text="Dislikes our rep", noted=True),
    ),
    "host": EVIL,
    "call": SimpleNamespace(
        name=EVIL,
        company=EVIL,
        scheduler=False,
        link="https://tidewater.example/desk/calls",
        when=SimpleNamespace(day="Tuesday 24 November", hours="2:30 pm", zone="New York", short="Tue 24 Nov, 2:30 pm"),
        host=EVIL,
        video="https://video.example/mara",
        page="https://interviews.tidewater.example/i/abc/call",
        chat="https://interviews.tidewater.example/i/abc",
        stop="https://interviews.tidewater.example/o/abc",
        by="buyer",
        kind="booked",
        day="Tuesday 24 November",
        hours="2:30 pm",
        zone="New York",
        short="Tue 24 Nov, 2:30 pm",
        brief="https://interviews.tidewater.example/desk/calls/1",
        settings="https://interviews.tidewater.example/desk/calls/hours",
    ),
    "told": SimpleNamespace(
        by=EVIL, role="pmm", whose=EVIL, at="2026-11-22 09:30 UTC", page="https://interviews.tidewater.example/desk"
    ),
}
TRANSLATED = sorted(set(events.EVENTS) - events.ENGLISH_ONLY)
OF_BUYERS = ("call_booked", "call_moved", "call_handed", "call_cancelled", "call_reminder", "call_missed")
COMMON = {"organisation": EVIL, "asker": "Mara Lindqvist", "contact": "research@tidewater.example"}


def letter(event: str, language: str, **given: object) -> events.Letter:
    """An event with every value evil; what is `given` takes their place."""
    values = {name: VALUES[name] for name in events.EVENTS[event]}
    return events.render(event, language, COMMON | values | given)


@pytest.mark.parametrize("language", events.LANGUAGES)
@pytest.mark.parametrize("event", events.EVENTS)
def test_what_people_wrote_stays_text(event: str, language: str) -> None:
    made = letter(event, language)
    assert made.subject and "\n" not in made.subject
    assert "<script>" not in made.html and "49" not in made.html
    assert f'lang="{"en" if event in events.ENGLISH_ONLY else language}"' in made.html
    for inline in ("style=", "onclick", "<script", "http-equiv", "<img"):
        assert inline not in made.html


@pytest.mark.parametrize("event", TRANSLATED)
def test_languages_differ_and_an_unknown_one_reads_english(event: str) -> None:
    english, german = letter(event, "en"), letter(event, "de-AT")
    assert english.text != german.text
    assert letter(event, "ja") == english


def test_the_copy_holds_every_answer_with_its_topic() -> None:
    made = letter("copy_of_answers", "en")
    assert "What started it" in made.text and EVIL in made.text
    assert "research@tidewater.example" in made.text
    assert "research@" not in letter("copy_of_answers", "en", contact="").text


@pytest.mark.parametrize(
    ("language", "by", "bare"),
    [
        ("en", "As noted by Mara in the call:", "As noted in the call:"),
        ("de", "Im Gespräch notiert von Mara:", "Im Gespräch notiert:"),
        ("fr", "Noté par Mara pendant l’appel:", "Noté pendant l’appel:"),
        ("es", "Anotado por Mara durante la llamada:", "Anotado durante la llamada:"),
        ("pt", "Anotado por Mara durante a chamada:", "Anotado durante a chamada:"),
        ("id", "Dicatat oleh Mara selama panggilan:", "Dicatat selama panggilan:"),
    ],
)
def test_the_copy_says_whose_words_notes_are(language: str, by: str, bare: str) -> None:
    for host, words in (("Mara", by), ("", bare)):
        made = letter("copy_of_answers", language, host=host)
        for part in (made.text, made.html):
            plain = " ".join(part.replace("\N{NO-BREAK SPACE}:", ":").split())
            assert plain.count(words) == 1
            assert plain.index("What started it") < plain.index("Who else") < plain.index(words)
            assert plain.index(words) < plain.index("Dislikes our rep")


@pytest.mark.parametrize("wrong", [{}, {"code": "1", "link": "x"}])
def test_missing_and_unknown_values_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="proof_code takes"):
        events.render("proof_code", "en", COMMON | wrong)


def test_a_line_break_in_a_name_does_not_reach_the_subject() -> None:
    call = SimpleNamespace(name="Eve\r\nBcc: all@example.com", company="", scheduler=True, link="x")
    assert letter("call_requested", "en", call=call).subject == "Eve Bcc: all@example.com would rather talk"


def call(**given: object) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(VALUES["call"]), **given})


@pytest.mark.parametrize("language", events.LANGUAGES)
@pytest.mark.parametrize("event", OF_BUYERS)
def test_mails_of_calls_are_short_and_say_all_in_plain_text(event: str, language: str) -> None:
    made = letter(event, language, call=call(host="Mara", name="", company=""), organisation="Tidewater")
    assert len(made.text.split()) < 75
    assert "Tuesday 24 November" in made.text and "\n\n\n" not in made.text
    links = {word for word in made.text.split() if word.startswith("https://")}
    assert links == {word for word in made.html.split('"') if word.startswith("https://")}
    paragraphs = [paragraph.splitlines() for paragraph in made.text.split("\n\n")]
    assert all(len(lines) == 2 for lines in paragraphs if lines[-1] in links)  # a label, then the link
    assert VALUES["call"].page in links
    assert (VALUES["call"].video in links) == (event in ("call_booked", "call_moved", "call_handed", "call_reminder"))
    assert (VALUES["call"].chat in links) == (event in ("call_cancelled", "call_missed"))
    assert (VALUES["call"].stop in links) == (event == "call_missed")


@pytest.mark.parametrize("language", events.LANGUAGES)
def test_a_call_that_is_off_says_by_whom(language: str) -> None:
    texts = {letter("call_cancelled", language, call=call(by=by)).text for by in ("buyer", "host", "scheduler")}
    assert len(texts) == 3


@pytest.mark.parametrize("language", events.LANGUAGES)
@pytest.mark.parametrize("event", OF_BUYERS)
def test_a_link_that_is_not_there_leaves_no_words_behind(event: str, language: str) -> None:
    made = letter(event, language, call=call(page="", chat="", video="", host=""))
    whole = letter(event, language)
    offered = letter(event, language, call=call(video="")).text.split("\n\n")
    assert [len(paragraph.splitlines()) for paragraph in offered if VALUES["call"].page in paragraph] == [2]
    assert "/i/abc" not in made.text + made.html and 'href=""' not in made.html
    assert made.text.count(":\n") < whole.text.count(":\n") and "\n\n\n" not in made.text


@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled", "handed_on", "reminder", "withdrawn"])
def test_a_host_is_told_what_happened_and_when(kind: str) -> None:
    made = letter("host_call", "de", call=call(kind=kind, name="Kim", company="Pools"))
    assert "Tuesday 24 November\n2:30 pm\nNew York" in made.text and "2:30 pm" in made.subject
    assert ("Kim of Pools" in made.text) == (kind != "withdrawn")
    coming = kind in ("booked", "moved", "reminder")
    assert ("https://video.example/mara" in made.text) == coming == ("The brief" in made.text)
    without = letter("host_call", "en", call=call(kind=kind, video=""))
    assert ("no video link yet" in without.text) == coming


@pytest.mark.parametrize("language", events.LANGUAGES)
def test_the_calendar_entry_says_what_is_needed_where_no_mail_is_shown(language: str) -> None:
    facts = {
        "organisation": "Tide\r\nwater",
        "product": "Flow",
        "host": EVIL,
        "video": "https://v.example",
        "page": "https://p",
    }
    summary, text = events.entry(language, **facts)
    assert "Tide water" in summary and "\n" not in summary
    for fact in ("15", "Flow", EVIL, "https://v.example", "https://p"):
        assert fact in text
    _, bare = events.entry(language, **dict.fromkeys(facts, ""))
    assert "https" not in bare and not bare.endswith("\n")
