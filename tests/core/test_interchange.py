"""The JSON that exports write and imports read."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewer import interchange
from interviewer.errors import BadInput
from interviewer.importing import checking
from interviewer.interchange import Document, Interview, Turn
from interviewer.transcript import Speaker

DOCS = Path(__file__).parents[2] / "docs" / "import.md"
LEAST: dict[str, Any] = {"flow": "loss", "turns": [{"speaker": "buyer", "text": "Support closed at six."}]}


def read(value: Any) -> interchange.Reading:
    return interchange.read(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (json.dumps({"format": "interviewer/1", "interviews": [LEAST, LEAST]}), ("interviews[0]", "interviews[1]")),
        (json.dumps([LEAST]), ("[0]",)),
        (json.dumps(LEAST), ("",)),
        ("\ufeff" + json.dumps(LEAST) + "\n\n" + json.dumps(LEAST) + "\n", ("line 1", "line 3")),
        (json.dumps({"interviews": []}), ()),
    ],
)
def test_a_document_a_list_one_alone_or_one_a_line(data: str, places: tuple[str, ...]) -> None:
    assert interchange.read(data.encode()).places == places


def test_what_is_written_is_read() -> None:
    written = Document(interviews=(Interview(flow="win", turns=(Turn(speaker=Speaker.BUYER, text="Ja 😀\n"),)),))
    assert interchange.read(written.model_dump_json().encode()).interviews == written.interviews


def test_a_null_says_nothing() -> None:
    assert read(LEAST | {"product": None, "deal": None, "quotes": None}).interviews == read(LEAST).interviews


def test_keys_that_are_not_known_are_left_out_with_a_note() -> None:
    turn = LEAST["turns"][0] | {"mood": "cross"}
    noted = read({"interviews": [LEAST | {"turns": [turn], "score": 3, "deal": {"stage": "x"}}]}).notes
    assert [note.where for note in noted] == [
        "interviews[0].score",
        "interviews[0].turns[0].mood",
        "interviews[0].deal.stage",
    ]


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"interviews": [LEAST, LEAST | {"turns": [{"speaker": "buyer", "text": 3}]}]}, "interviews[1].turns[0].text"),
        ({"interviews": [LEAST | {"turns": [{"speaker": "host", "text": ""}]}]}, "interviews[0].turns[0].speaker"),
        ({"interviews": [{}]}, "interviews[0].flow"),
        ({"interviews": [LEAST | {"turns": []}]}, "interviews[0].turns"),
        ({"interviews": [LEAST | {"started_at": "2026-11-01T09:00:00"}]}, "interviews[0].started_at"),
        ({"interviews": [LEAST | {"deal": {"amount": "lots"}}]}, "interviews[0].deal.amount"),
        ({"interviews": [LEAST | {"deal": {"currency": "Euro"}}]}, "interviews[0].deal.currency"),
        ({"interviews": [LEAST | {"product": "x" * 201}]}, "interviews[0].product"),
        ({"interviews": 3}, "interviews"),
        ({"format": "interviewer/9", "interviews": []}, "format"),
        ([1], "[0]"),
        ({"turns": LEAST["turns"]}, "flow"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(value: Any, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(value)
    assert where in [problem.where for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"not json", "file"),
        (b"\xff\xfe{", "byte 0"),
        (b"[" * 100_000, "file"),
        (json.dumps(LEAST).encode() + b"\n{", "line 2"),
        (json.dumps(LEAST).encode() + b'\n{"flow": "loss", "turns": [{"speaker": "buyer"}]}', "line 2, turns[0].text"),
        (b" " * (interchange.MAX_BYTES + 1), "file"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        interchange.read(data)
    assert [problem.where for problem in refused.value.problems] == [where]


def test_nul_and_broken_characters_never_reach_a_database() -> None:
    assert read(LEAST | {"product": "a\x00b"}).interviews[0].product == "a\ufffdb"
    with pytest.raises(BadInput):
        interchange.read(b'{"flow": "loss", "turns": [{"speaker": "buyer", "text": "\\ud800"}]}')


def test_the_example_of_the_docs_is_right() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    reading = interchange.read(example.encode())
    assert not reading.notes
    assert not checking.check(reading.interviews[0], "", flows=["loss"], now=datetime(2026, 11, 1, tzinfo=UTC))
