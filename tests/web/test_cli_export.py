"""`interviewer export` and `interviewer token`, as people type them."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]

BROUGHT_IN = {
    "format": "interviewer/1",
    "interviews": [
        {
            "id": "call-17",
            "flow": "loss",
            "mode": "human",
            "conducted_by": "Mara",
            "consent": "asked at the start, all said yes",
            "started_at": "2026-09-01T09:00:00Z",
            "ended_at": "2026-09-01T09:20:00Z",
            "buyer": {"name": "Jo Marsh", "company": "=Brightwater"},
            "deal": {"deal_id": "D-9", "amount": 900, "currency": "EUR"},
            "turns": [
                {"number": 1, "speaker": "interviewer", "topic": "decision", "text": "What tipped it?"},
                {"number": 2, "speaker": "buyer", "topic": "decision", "text": "The price. Nine days of import 😀."},
            ],
            "quotes": [
                {
                    "turn": 2,
                    "start": 0,
                    "end": 10,
                    "text": "The price.",
                    "tags": [{"theme": "pricing", "review": "confirmed"}],
                }
            ],
        }
    ],
}


@pytest.fixture
def filled(home: Path, run: Run) -> Path:
    """A folder with a database that holds one interview."""
    file = home / "history.json"
    file.write_text(json.dumps(BROUGHT_IN), "utf-8")
    brought = run("import-interviews", str(file))
    assert brought.code == 0, brought.err
    return home


def test_what_was_brought_in_goes_out_as_it_came(filled: Path, run: Run) -> None:
    told = run("export", "--format", "json")
    assert told.code == 0 and "1 interview exported." in told.err
    (came,) = json.loads(told.out)["interviews"]
    (sent,) = BROUGHT_IN["interviews"]
    assert [(turn["number"], turn["speaker"], turn["text"]) for turn in came["turns"]] == [
        (turn["number"], turn["speaker"], turn["text"])
        for turn in sent["turns"]  # type: ignore[index,attr-defined]
    ]
    assert (came["mode"], came["conducted_by"], came["deal"]["deal_id"]) == ("human", "Mara", "D-9")
    assert [(one["turn"], one["start"], one["end"], one["text"]) for one in came["quotes"]] == [
        (2, 0, 10, "The price.")
    ]
    again = filled / "again.json"
    again.write_text(told.out, "utf-8")
    assert run("import-interviews", str(again), "--dry-run").code == 0


def test_a_file_is_its_owners_alone_and_whole_or_not_there(filled: Path, run: Run) -> None:
    out = filled / "rows.csv"
    out.write_text("old")
    assert run("export", "--out", str(out)).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text("utf-8-sig")
    assert text.startswith("company,name,") and "'=Brightwater" in text and "old" not in text
    assert [path.name for path in filled.iterdir() if path.name.endswith(".part")] == []
    assert run("export", "--out", str(filled / "nowhere" / "x.csv")).code == 1


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (("--what", "secrets"), "--what"),
        (("--format", "docx"), "--format"),
        (("--from", "yesterday"), "--from"),
    ],
)
def test_what_cannot_be_exported(home: Path, run: Run, options: tuple[str, ...], wrong: str) -> None:
    refused = run("export", *options)
    assert refused.code == 2 and wrong in refused.err


def test_days_and_flows_narrow(filled: Path, run: Run) -> None:
    def rows(*options: str) -> int:
        return len(run("export", *options).out.splitlines()) - 1

    assert rows("--from", "2026-09-01", "--to", "2026-09-01", "--flow", "loss") == 1
    assert rows("--from", "2026-09-02") == rows("--flow", "win") == rows("--reviewed") == 0


def test_keys_on_the_server(home: Path, run: Run) -> None:
    made = run("token", "make", "warehouse", "--scope", "quotes:read", "--scope", "interviews:read", "--json")
    assert made.code == 0
    (key,) = made.lines
    assert str(key["token"]).startswith("ivk_") and key["expires_at"]
    listed = run("token", "list").out
    assert f"{key['id']}\twarehouse\tpmm\tinterviews:read,quotes:read\tnever used\tworks" in listed
    assert str(key["token"]) not in listed
    assert run("token", "revoke", str(key["id"])).code == 0
    assert run("token", "list").out.strip().endswith("ended")
    assert run("token", "revoke", "none").code == 1
    refused = run("token", "make", "x", "--scope", "quotes:read", "--role", "sales")
    assert refused.code == 1 and "sales reads nothing of quotes:read" in refused.err


def test_what_was_noted_is_not_passed_off_as_said(home: Path, run: Run) -> None:
    (call,) = json.loads(json.dumps(BROUGHT_IN))["interviews"]
    call["turns"][1]["kind"] = "noted"
    file = home / "noted.json"
    file.write_text(json.dumps(call), "utf-8")
    assert run("import-interviews", str(file)).code == 0
    (quote,) = csv.DictReader(io.StringIO(run("export", "--what", "quotes").out.removeprefix("\ufeff")))
    assert (quote["words"], quote["as_noted"], quote["theme"]) == ("The price.", "yes", "pricing")
    assert "The price. – as noted" in run("export", "--format", "md").out
