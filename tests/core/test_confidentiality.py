"""The layer that every page, export and message goes through: deny by default, and nobody else makes a `Seen`."""

import subprocess
import sys
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Annotated

import pytest

from interviewer import confidentiality, marking, records
from interviewer.confidentiality import HIDDEN, Act, Field, Policy, Role, Seen, Viewer, promise, promise_version, see
from interviewer.errors import NotAllowed

PMM = Viewer("u1", Role.PMM)
SALES = Viewer("u2", Role.SALES)
NOW = datetime(2026, 11, 3, 9, 41, tzinfo=UTC)


@dataclass(frozen=True)
class Inner:
    said: Annotated[str, Field.TRANSCRIPT]


@dataclass(frozen=True)
class Outer:
    company: Annotated[str, Field.COMPANY]
    at: Annotated[datetime, Field.INTERVIEW]
    words: Annotated[tuple[Inner, ...], Field.TRANSCRIPT]


RECORD = Outer("Brightwater", NOW, (Inner("support, mostly"),))


def test_who_may_see_a_field_sees_it() -> None:
    seen = see(PMM, RECORD)
    assert seen.company == "Brightwater"
    assert seen.at == NOW
    assert isinstance(seen.words[0], Seen)
    assert seen.words[0].said == "support, mostly"


def test_what_is_hidden_is_false_empty_and_prints_as_nothing() -> None:
    seen = see(SALES, RECORD)
    assert seen.company is HIDDEN and seen.at is HIDDEN
    assert not seen.company and str(seen.company) == "" and list(seen.words) == []


def test_an_attribute_that_is_not_there_stays_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = see(PMM, RECORD).salary


GRANTED = {
    Role.PRODUCT: {Field.OWN, Field.RELEASED, Field.WORTH},
    Role.LEADERSHIP: {Field.OWN, Field.RELEASED, Field.WORTH},
    Role.REVOPS: {Field.OWN, Field.RELEASED, Field.WORTH, Field.CORRECTION},
    Role.SALES: {Field.OWN, Field.RELEASED},
}
"""All that roles see who do not read interviews: themselves, and what a PMM let them (trust.md 9-11)."""


@pytest.mark.parametrize("role", list(GRANTED))
@pytest.mark.parametrize("kind", list(Field))
def test_others_see_what_is_released_and_nothing_else(role: Role, kind: Field) -> None:
    assert Viewer("u", role).sees(kind) is (kind in GRANTED[role])


@pytest.mark.parametrize("role", list(GRANTED))
@pytest.mark.parametrize("act", list(Act))
def test_others_do_nothing(role: Role, act: Act) -> None:
    assert not Viewer("u", role).may(act)


def test_the_admin_sees_and_does_everything() -> None:
    viewer = Viewer("u", Role.ADMIN)
    assert all(viewer.sees(kind) for kind in Field)
    assert all(viewer.may(act) for act in Act)


def test_a_pmm_sees_and_does_all_but_hand_out_keys_and_roles_and_read_the_log() -> None:
    assert {kind for kind in Field if not PMM.sees(kind)} == {Field.KEY, Field.ACCOUNT}
    assert {act for act in Act if not PMM.may(act)} == {Act.KEYS, Act.PEOPLE, Act.AUDIT}


@pytest.mark.parametrize("need", [*Field, *Act])
def test_a_need_that_is_not_met_is_refused(need: Field | Act) -> None:
    Viewer("u", Role.ADMIN).require(need)
    if need in (Field.RELEASED, Field.OWN):
        SALES.require(need)
    else:
        with pytest.raises(NotAllowed):
            SALES.require(need)


def test_nobody_else_makes_a_seen() -> None:
    with pytest.raises(TypeError):
        Seen({"company": "Brightwater"}, object())


def test_an_unguarded_attribute_is_refused() -> None:
    @dataclass(frozen=True)
    class Careless:
        name: str

    with pytest.raises(TypeError, match=r"Careless\.name"):
        see(PMM, Careless("Jo"))


def test_a_row_in_a_record_is_refused() -> None:
    @dataclass(frozen=True)
    class Smuggler:
        row: Annotated[object, Field.INTERVIEW]

    with pytest.raises(TypeError):
        see(PMM, Smuggler(SimpleNamespace(email="jo@brightwater.example")))


ROOMS = [import_module(f"interviewer.records.{room.name}") for room in iter_modules(records.__path__)]
RECORDS = [
    kind for room in ROOMS for kind in vars(room).values() if is_dataclass(kind) and kind.__module__ == room.__name__
]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}")
def test_every_attribute_of_every_record_names_its_guard(kind: type) -> None:
    hints = typing.get_type_hints(kind, include_extras=True)
    for part in fields(kind):
        marks = [mark for mark in hints[part.name].__metadata__ if isinstance(mark, Field)]
        assert len(marks) == 1, part.name


@pytest.mark.parametrize("name", ["excerpt", "asked_person", "asked_deletion"])
def test_the_list_shows_a_buyers_words_to_their_readers_only(name: str) -> None:
    hints = typing.get_type_hints(records.Head, include_extras=True)
    assert hints[name].__metadata__ == (Field.TRANSCRIPT,)


def test_the_type_check_refuses_an_unfiltered_record(tmp_path: Path) -> None:
    """trust.md 48: a route that hands a page what the layer has not made does not pass mypy."""
    source = tmp_path / "leak.py"
    source.write_text(
        "from fastapi import Response\n"
        "from interviewer.confidentiality import Seen\n"
        "from interviewer.records import Deal\n"
        "from interviewer.store.tables.invitations import InvitationRow\n"
        "from interviewer.web.desk.pages import Desk\n"
        "async def honest(desk: Desk, deal: Seen[Deal]) -> Response:\n"
        "    return await desk.page('desk/calls.html', deal=deal)\n"
        "async def a_row(desk: Desk, row: InvitationRow) -> Response:\n"
        "    return await desk.page('desk/calls.html', row=row)\n"
        "async def a_record(desk: Desk, deal: Deal) -> Response:\n"
        "    return await desk.block('desk/calls.html', 'calls', deal=deal)\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--follow-imports=silent", str(source)],
        capture_output=True,
        text=True,
        cwd=Path(confidentiality.__file__).parent.parent,
        check=False,
    )
    errors = [line for line in checked.stdout.splitlines() if "leak.py" in line and "error:" in line]
    assert [int(line.split(":")[1]) for line in errors] == [9, 11], checked.stdout + checked.stderr


CONFIDENTIAL = {
    "en": "confidential",
    "de": "vertraulich",
    "fr": "confidentiel",
    "id": "rahasia",
    "es": "confidencial",
    "pt": "confidencial",
    "fi": "confidential",
}
"""Finnish has no words of its own, so it is promised in English."""


@pytest.mark.parametrize("language", CONFIDENTIAL)
@pytest.mark.parametrize("readers", [{Role.PMM}, {Role.PMM, Role.PRODUCT}, {Role.PMM, Role.SALES}, set(Role)])
def test_the_promise_is_short_and_says_confidential(language: str, readers: set[Role]) -> None:
    words = promise(Policy(frozenset(readers)), language)
    assert CONFIDENTIAL[language] in words.lower()
    assert "anonym" not in words.lower()
    assert 1 <= words.count(".") <= 2
    assert len(words) <= 200


def test_the_promise_follows_the_policy() -> None:
    strict, loose = confidentiality.IN_FORCE, Policy(frozenset({Role.PMM, Role.SALES}))
    assert promise(strict, "en") == (
        "Confidential: read by product marketing, not passed to the person who sold to you."
        " Other teams see single statements, without your name or company."
    )
    assert promise(Policy(strict.readers), "en").endswith("sold to you.")
    assert "sold to you" not in promise(loose, "en") and "sales" in promise(loose, "en")
    assert promise_version(strict, "en") != promise_version(loose, "en")
    assert promise_version(strict, "en") == promise_version(confidentiality.IN_FORCE, "en")


LONG = "We looked at it for weeks. " * 9 + "Then the price of the import came up, nine days, " + "and so on. " * 20


@pytest.mark.parametrize(
    ("answers", "words", "shown"),
    [
        (["It was the Price"], ["price"], "It was the [Price]"),
        (["price", "the price of the import"], ["import", "price"], "the [price] of the [import]"),
        (["Österreich, then"], ["österreich"], "[Österreich], then"),
        (["a+b is (fine)"], ["(fine)", "+"], "a+b is ([fine])"),
        (["x" * 90 + " price-" + "y" * 300], ["price"], "…[price]-" + "y" * 164 + "…"),
        (["overpriced"], ["price"], ""),
        (["nothing here"], ["price"], ""),
        ([], ["price"], ""),
        (["price"], [], ""),
    ],
)
def test_an_excerpt_marks_what_was_looked_for(answers: list[str], words: list[str], shown: str) -> None:
    pieces = marking.excerpt(answers, words)
    assert "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces) == shown


def test_an_excerpt_of_a_long_answer_is_short_and_cut_between_words() -> None:
    shown = "".join(piece.text for piece in marking.excerpt([LONG], ["price"]))
    assert "price of the import" in shown and len(shown) < 180
    assert shown[0] == shown[-1] == "…" and f" {shown[1:-1]} " in LONG


SAID = "they picked up at 4am, that was it"


def quote(number: int, start: int, end: int, tint: str) -> records.Quote:
    tag = records.Tag(number, tint, tint, tint, "", "", "", "", 1.0, "rules", "", 1)
    return records.Quote(number, 2, start, end, SAID[start:end], NOW, (tag,), by_person=False, releases=())


def test_overlapping_quotes_are_cut_at_their_borders_and_nothing_is_lost() -> None:
    long, short = quote(1, 0, 21, "rival"), quote(2, 15, 34, "factor")
    cut = marking.segments(SAID, [long, short])
    assert "".join(part.text for part in cut) == SAID
    assert [part.quotes for part in cut] == [(1,), (2, 1), (2,)]
    assert [part.tint for part in cut] == ["rival", "factor", "factor"]
    assert [part.begins for part in cut] == [(1,), (2,), ()]
    assert [[ended.id for ended in part.ends] for part in cut] == [[], [1], [2]]


def test_a_quote_that_does_not_fit_the_text_any_more_is_not_drawn() -> None:
    assert marking.segments("short", [quote(1, 2, 30, "gap")]) == marking.segments("short", [])


def test_text_without_quotes_is_one_segment_and_no_text_is_none() -> None:
    assert [part.text for part in marking.segments(SAID, [])] == [SAID]
    assert marking.segments("", []) == ()
