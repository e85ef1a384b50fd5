"""`interviewer invite`: one person or a file of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]


def test_invites_one_person(run: Run) -> None:
    result = run("invite", "--email", "ana@acme.example", "--name", "Ana", "--json")
    (line,) = result.lines
    assert result.code == 0
    assert (line["name"], line["email"], line["flow"], line["created"]) == ("Ana", "ana@acme.example", "loss", True)
    assert str(line["link"]).startswith("http://testserver/i/") and str(line["opt_out_link"]).startswith(
        "http://testserver/o/"
    )
    assert "http://testserver/i/" in run("invite", "--email", "ana@acme.example").out


def test_invites_a_file_twice_with_the_same_links(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email;name;flow\nana@acme.example;=Ana;win\nben@bolt.example;Ben;\n")
    first = run("invite", "--csv", "buyers.csv")
    again = run("invite", "--csv", "buyers.csv", "--json")
    rows = list(csv.DictReader(io.StringIO(first.out)))
    assert [row["name"] for row in rows] == ["'=Ana", "Ben"]
    assert [row["link"] for row in rows] == [line["link"] for line in again.lines]
    assert first.err.strip() == "2 invited." and again.err.strip() == "2 there already."


def test_a_bad_file_names_row_column_and_value_and_invites_nobody(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email,closed_on,amount\nana@acme.example,2026-11-03,5\nben,3.11.26,lots\n")
    result = run("invite", "--csv", "buyers.csv")
    assert result.code == 1 and result.out == ""
    assert result.err.splitlines() == [
        "Nobody was invited:",
        "row 3, email: 'ben' is not an address",
        "row 3, amount: 'lots' is not a number; write 18400 or 18,400.00, without the currency",
        "row 3, closed_on: '3.11.26' is not a date; write it as 2026-11-03",
    ]
    (home / "buyers.csv").write_text("email\nana@acme.example\n")
    assert run("invite", "--csv", "buyers.csv").err.strip() == "1 invited."


def test_links_go_to_a_file_that_only_its_owner_reads(run: Run, home: Path) -> None:
    (home / "buyers.csv").write_text("email,shoe\nana@acme.example,43\n")
    assert run("invite", "--csv", "buyers.csv", "--out", "links.csv").code == 1
    result = run("invite", "--csv", "buyers.csv", "--out", "links.csv", "--ignore-unknown")
    assert (result.code, result.out) == (0, "")
    assert (home / "links.csv").stat().st_mode & 0o777 == 0o600
    assert (
        (home / "links.csv").read_text().startswith("link,opt_out_link,name,email,flow,created\nhttp://testserver/i/")
    )


def test_a_missing_file_is_told_in_one_line(run: Run) -> None:
    result = run("invite", "--csv", "nowhere.csv")
    assert result.code == 1 and result.err.strip() == "nowhere.csv: No such file or directory"


def test_a_language_without_words_is_told(run: Run) -> None:
    told = run("invite", "--email", "a@b.example", "--language", "nl-BE")
    assert told.code == 0 and "There are no words in Dutch (nl) yet: these buyers read English." in told.err
    told = run("invite", "--email", "c@b.example", "--language", "qx")
    assert "There are no words in “qx” yet" in told.err
    assert "no words in" not in run("invite", "--email", "b@b.example", "--language", "de").err
