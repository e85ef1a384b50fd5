"""What a redaction hides besides its own place, and what not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer import masks, namesakes
from interviewer.lettering import plain
from tests.fakes.counting import calls

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
        ("Jo", "Jo asked Joanna, jo", f"{B * 2} asked Joanna, jo"),
        ("IT", "IT asked", "IT asked"),
        ("HP", "HP beat us, HP's price. hp, Hp and HPE", f"{B * 2} beat us, {B * 4} price. hp, Hp and HPE"),
        ("EY", "they say EY", f"they say {B * 2}"),
        ("3M", "3M and 3m", f"{B * 2} and 3m"),
        ("R&D", "the R&D desk, our r d", f"the {B * 3} desk, our r d"),
        ("42", "42 sites, 42", "42 sites, 42"),
        ("Dr Kim", "dr\n kim of R&D", f"{B * 7} of R&D"),
        ("Müller", "Frau Müller, Müllerei", f"Frau {B * 6}, Müllerei"),
        ("Иван", "Иван и Иванов", f"{B * 4} и Иванов"),
        ("王伟", "我们问王伟了", f"我们问{B * 2}了"),
        ("snake_case", "a snake_case, my_snake", f"a {B * 10}, my_snake"),
        ("we did it", "Then we did it anyway", "Then we did it anyway"),
        ("Will", "Will told us", f"{B * 4} told us"),
        ("will", "Will told us they will", f"{B * 4} told us they {B * 4}"),
        ("Will", "We will, WILL we?", "We will, WILL we?"),
        ("  ", "two words", "two words"),
        ("Anna,", "with Anna there", f"with {B * 4} there"),
        ("Mül\u00adler", "Ｍｕｌｌｅｒ und Mu\u0308l\u200bler", f"{B * 6} und {B * 8}"),
        ("김민수", "김민수가 말했다", f"{B * 3}가 말했다"),
        ("สมชาย", "ผมถามสมชายแล้ว", f"ผมถาม{B * 5}แล้ว"),
    ],
)
def test_repeats_are_hidden_as_whole_words(hidden: str, text: str, shown: str) -> None:
    assert masks.without(text, [hidden]) == shown


@pytest.mark.parametrize(
    ("hidden", "text", "shown"),
    [
        ("Kim Larsen", "Larsen's team said no. Kim signed", f"{B * 8} team said no. {B * 3} signed"),
        ("Kim Larsen", "i asked larsen, not kimberly", f"i asked {B * 6}, not kimberly"),
        ("Kim Larsen", "kim.larsen@x, LARSEN, Larsen, Kim", f"{B * 10}@x, {B * 6}, {B * 6}, {B * 3}"),
        ("ask for Jo Marsh, she", "Jo agreed, ask marsh; jo", f"{B * 2} agreed, ask {B * 5}; jo"),
        (
            "Will May",
            "May was bad. Will we? But Will and May, we may",
            f"May was bad. Will we? But {B * 4} and {B * 3}, we may",
        ),
        ("Frau Müller", "Frau Kern and Müller", f"Frau Kern and {B * 6}"),
        ("Brightwater Leisure Ltd", "Brightwater, a Ltd of leisure", f"{B * 11}, a Ltd of {B * 7}"),
        ("Anne van der Berg", "the Van der Hoek and Berg", f"the Van der Hoek and {B * 4}"),
        ("nine days of work", "nine weeks of work", "nine weeks of work"),
        ("Then Larsen", "Then Larsen, then Then", f"{B * 11}, then {B * 4}"),
        ("O’Brien Group", "the Brien Group", f"the {B * 5} {B * 5}"),
        ("Larsen. Then Kim", "Then we did", "Then we did"),
        ("THE PRICE WAS FAR TOO HIGH FOR US", "the price was high", "the price was high"),
        ("kim larsen", "larsen agreed. Larsen, and KIM; kimberly", f"{B * 6} agreed. {B * 6}, and {B * 3}; kimberly"),
        ("anne van der berg", "Berg said no, van der Hoek, anne", "Berg said no, van der Hoek, anne"),
        ("petra de vries", "Petra, vries, de Wit", f"{B * 5}, {B * 5}, de Wit"),
        ("will may", "Will we? We may. So Will said, in May", f"Will we? We may. So {B * 4} said, in {B * 3}"),
        ("kim of our", "kim, one of our own", f"{B * 3}, one of our own"),
        ("42 sites", "42 halls, three sites", f"42 halls, three {B * 5}"),
        ("KIM LARSEN OF THE BIG BLUE BANK", "Kim asked Larsen", f"{B * 3} asked {B * 6}"),
        (
            "Kim Larsen Head Of Procurement At Brightwater Leisure",
            "Larsen, of Brightwater, runs procurement",
            f"{B * 6}, of {B * 11}, runs procurement",
        ),
        ("김민수", "민수 씨가 말했다", f"{B * 2} 씨가 말했다"),
        ("王小明", "小明说太贵了，王", f"{B * 2}说太贵了，王"),
        ("田中太郎", "田中さんと太郎", f"{B * 2}さんと{B * 2}"),
        ("สมชาย", "สมัยนี้", "สมัยนี้"),
    ],
)
def test_parts_of_a_full_name_are_hidden_too(hidden: str, text: str, shown: str) -> None:
    assert masks.without(text, [hidden]) == shown


@given(st.text(), st.lists(st.text(max_size=8), max_size=3))
def test_bars_keep_every_place(text: str, hidden: list[str]) -> None:
    shown = masks.without(text, hidden)
    assert len(shown) == len(text)
    assert all(one in (other, B) for one, other in zip(shown, text, strict=True))
    assert masks.without(shown, hidden) == shown


ODD = "aiıIİσςΣsſSßẞéÉ \u0301.тᲄТ王"


@given(st.text(alphabet=ODD), st.text(alphabet="aiıIİσςΣsſSßẞÉтТ", min_size=1, max_size=3))
def test_words_are_found_in_whatever_case(text: str, word: str) -> None:
    said, wanted = plain(text), plain(word).text
    around = r"(?<![^\W_])", r"(?:['’]?s)?(?![^\W_])"
    every = re.compile(around[0] + re.escape(wanted) + around[1], re.IGNORECASE).finditer(said.text)
    assert {hit.span() for hit in every} <= {hit.span() for hit in namesakes.hits(said, (wanted,))}


@given(st.text(alphabet=ODD))
def test_signs_without_case_stay_where_they_are(text: str) -> None:
    said = plain(text)
    assert len(said.small) == len(said.text) == len(said.places)


def test_a_text_without_the_words_is_only_read_once() -> None:
    """Not once for each of them: a call has hundreds of turns, and what was redacted is in few of them."""
    hidden = [f"Kim{letter} Larsen{letter}" for letter in "abcdefghijklmnopqrst"]
    texts = [f"Nobody of the {number} was in this turn, who would be hidden" for number in range(50)]
    masks.places(" ".join(hidden), hidden)
    with calls() as counted:
        assert not any(masks.places(text, hidden) for text in texts)
    assert counted["plain"] == len(texts)
    assert not [name for name in counted if "finditer" in name or "Pattern.match" in name], "no pattern is tried"
    assert not {"_words", "_apart", "full_names", "normalize"} & counted.keys(), "nor are the words taken apart again"


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
