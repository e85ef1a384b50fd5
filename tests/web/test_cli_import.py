"""`interviewer import-interviews`, as people type it, on a database that it makes."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]

CALL: dict[str, Any] = {
    "id": "call-17",
    "flow": "loss",
    "turns": [
        {"speaker": "interviewer", "text": "What tipped it?"},
        {"speaker": "buyer", "text": "The price. Nine days of import 😀."},
    ],
}


def write(home: Path, *interviews: dict[str, Any], name: str = "history.json") -> str:
    (home / name).write_text(json.dumps({"format": "interviewer/1", "interviews": interviews}), "utf-8")
    return name


def test_once_and_again(home: Path, run: Run) -> None:
    file = write(home, CALL, CALL | {"id": "call-18"})
    first = run("import-interviews", file)
    assert first.code == 0, first.err
    assert "2 created" in first.err and "Next: interviewer serve" in first.err
    assert first.out.count("http://testserver/desk/interviews/") == 2
    again = run("import-interviews", file)
    assert "2 unchanged" in again.err and again.out.split()[1::2] == first.out.split()[1::2]


def test_json_names_each_by_its_id_and_page(home: Path, run: Run) -> None:
    lines = [json.loads(line) for line in run("import-interviews", write(home, CALL), "--json").out.splitlines()]
    assert [(line["created"], line["state"], line["place"]) for line in lines] == [(True, "created", "interviews[0]")]
    assert lines[0]["page"].startswith("http://testserver/desk/interviews/") and lines[0]["id"]
    (again,) = run("import-interviews", write(home, CALL), "--json").out.splitlines()
    assert json.loads(again) == lines[0] | {"created": False, "state": "unchanged"}


def test_a_dry_run_keeps_nothing(home: Path, run: Run) -> None:
    file = write(home, CALL)
    tried = run("import-interviews", file, "--dry-run")
    assert tried.code == 0 and "Nothing was kept. Would be: 1 created" in tried.err
    assert "1 created" in run("import-interviews", file).err


def test_a_refused_file_names_every_problem_and_leaves_others_be(home: Path, run: Run) -> None:
    good = write(home, CALL)
    bad = write(home, CALL | {"id": "x", "flow": "lost"}, CALL | {"id": "y", "quotes": [{}]}, name="bad.json")
    refused = run("import-interviews", good, bad)
    assert refused.code == 1
    assert "bad.json: interviews[1].quotes[0].turn: field required" in refused.err
    shallow = run("import-interviews", good, write(home, CALL | {"id": "x", "flow": "lost"}, name="bad.json"))
    assert shallow.code == 1 and "bad.json: interviews[0].flow: 'lost' is not a flow" in shallow.err
    assert "created" in shallow.out, "the file before it was taken whole"


def test_lines_come_in_from_a_pipe(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = json.dumps(CALL) + "\n" + json.dumps(CALL | {"id": "call-18", "score": 3}) + "\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped.encode())))
    told = run("import-interviews", "-")
    assert told.code == 0 and "2 created" in told.err
    assert "line 2, score: is not a key that is known; it was left out" in told.err


def test_a_history_comes_in_and_is_analysed_by_one_command(home: Path, run: Run) -> None:
    file = write(home, CALL, CALL | {"id": "call-18"})
    assert "2 created" in run("import-interviews", file).err
    more = write(home, CALL, CALL | {"id": "call-18"}, CALL | {"id": "call-19"})
    asked = run("import-interviews", more, "--analyse")
    assert asked.code == 0 and "3 interviews will be analysed in the background" in asked.err
    done = run("import-interviews", more, "--analyse", "--wait")
    assert done.code == 0 and "3 of 3 interviews analysed." in done.err, done.err
    again = run("import-interviews", more, "--analyse", "--wait")
    assert again.code == 0 and "All of them have been analysed already." in again.err


def test_waiting_is_for_the_analysis(home: Path, run: Run) -> None:
    refused = run("import-interviews", write(home, CALL), "--wait")
    assert refused.code == 2 and "--analyse" in refused.err
    tried = run("import-interviews", write(home, CALL), "--analyse", "--wait", "--dry-run")
    assert tried.code == 0 and "analysed" not in tried.err


def test_a_release_that_is_left_out_is_told(home: Path, run: Run) -> None:
    quotes = [{"turn": 2, "start": 0, "end": 10, "tags": [{"theme": "pricing", "review": "confirmed"}]}]
    releases = [{"quote": 0, "audience": "sales", "wording": "The price."}]
    file = write(home, CALL | {"audiences": ["sales"], "quotes": quotes, "releases": releases})
    told = run("import-interviews", file, "--json")
    assert "history.json: interviews[0].releases[0].wording: repeats the buyer's own words" in told.err
    assert "1 release left out" in told.err
    assert json.loads(told.out)["notes"][0].startswith("interviews[0].releases[0].wording: ")


def test_a_file_that_is_not_there(run: Run) -> None:
    refused = run("import-interviews", "nothing.json")
    assert refused.code == 1 and "nothing.json: No such file" in refused.err
