"""What a redaction hides besides its own place, and what not."""

import pytest

from interviewer import masks

B = masks.BAR


@pytest.mark.parametrize(
    ("hidden", "text", "shown"),
    [
        ("you", "You said that your price rose", "You said that your price rose"),
        ("The", "They waited, rather long, for the other", "They waited, rather long, for the other"),
        ("art", "The art of starting a party", f"The {B * 3} of starting a party"),
        (
            "Anna",
            "Anna's hand, Annas Hand, and Annapolis; (ANNA)",
            f"{B * 6} hand, {B * 5} Hand, and Annapolis; ({B * 4})",
        ),
        ("Jo", "Jo asked Joanna", "Jo asked Joanna"),
        ("Dr Kim", "dr\n kim of R&D", f"{B * 7} of R&D"),
        ("Müller", "Frau Müller, Müllerei", f"Frau {B * 6}, Müllerei"),
        ("Иван", "Иван и Иванов", f"{B * 4} и Иванов"),
        ("王伟", "我们问王伟了", f"我们问{B * 2}了"),
        ("snake_case", "a snake_case, my_snake", f"a {B * 10}, my_snake"),
        ("we did it", "Then we did it anyway", "Then we did it anyway"),
        ("Will", "Will told us", f"{B * 4} told us"),
        ("  ", "two words", "two words"),
    ],
)
def test_repeats_are_hidden_as_whole_words(hidden: str, text: str, shown: str) -> None:
    assert masks.without(text, [hidden]) == shown


@pytest.mark.parametrize(
    ("text", "cut", "words"),
    [
        ("we asked Annabel twice", "nabe", "Annabel"),
        ("we asked Annabel twice", "Annabel", "Annabel"),
        ("we asked Annabel twice", "ked Ann", "asked Annabel"),
        ("le café noir", "fé", "café"),
        ("le cafe\u0301 noir", "caf", "cafe\u0301"),
        ("我们问王伟了", "王伟", "王伟"),
        ("(Ann)", "Ann", "Ann"),
        ("end", "n", "end"),
    ],
)
def test_a_cut_word_is_hidden_whole(text: str, cut: str, words: str) -> None:
    start = text.find(cut)
    span = masks.whole(text, start, start + len(cut))
    assert text[slice(*span)] == words
