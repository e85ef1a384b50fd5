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
    "answers": (SimpleNamespace(label="What started it", text=EVIL),),
    "call": SimpleNamespace(name=EVIL, company=EVIL, scheduler=False, link="https://tidewater.example/desk/calls"),
}
COMMON = {"organisation": EVIL, "asker": "Mara Lindqvist", "contact": "research@tidewater.example"}


def letter(event: str, language: str, **given: object) -> events.Letter:
    values = {name: VALUES[name] for name in events.EVENTS[event]}
    return events.render(event, language, COMMON | values | given)


@pytest.mark.parametrize("language", events.LANGUAGES)
@pytest.mark.parametrize("event", events.EVENTS)
def test_what_people_wrote_stays_text(event: str, language: str) -> None:
    made = letter(event, language)
    assert made.subject and "\n" not in made.subject
    assert "<script>" not in made.html and "49" not in made.html
    assert f'lang="{language}"' in made.html
    for inline in ("style=", "onclick", "<script", "http-equiv", "<img"):
        assert inline not in made.html


@pytest.mark.parametrize("event", events.EVENTS)
def test_languages_differ_and_an_unknown_one_reads_english(event: str) -> None:
    english, german = letter(event, "en"), letter(event, "de-AT")
    assert english.text != german.text
    assert letter(event, "ja") == english


def test_the_copy_holds_every_answer_with_its_topic() -> None:
    made = letter("copy_of_answers", "en")
    assert "What started it" in made.text and EVIL in made.text
    assert "research@tidewater.example" in made.text
    assert "research@" not in letter("copy_of_answers", "en", contact="").text


@pytest.mark.parametrize("wrong", [{}, {"code": "1", "link": "x"}])
def test_missing_and_unknown_values_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="proof_code takes"):
        events.render("proof_code", "en", COMMON | wrong)


def test_a_line_break_in_a_name_does_not_reach_the_subject() -> None:
    call = SimpleNamespace(name="Eve\r\nBcc: all@example.com", company="", scheduler=True, link="x")
    assert letter("call_requested", "en", call=call).subject == "Eve Bcc: all@example.com would rather talk"
