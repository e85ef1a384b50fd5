"""`interviewer bench` as people type it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.cast import FOLDER

COMMAND = [sys.executable, "-c", "from interviewer.cli import main; main()", "bench"]
ROOT = Path(__file__).parents[2]


def bench(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_prints_a_table_and_writes_what_it_is_told_to(tmp_path: Path) -> None:
    out = bench(tmp_path, "--buyers", str(FOLDER), "--all", "--each", "--json", "all.json", "--page", "read.html")
    assert (out.returncode, out.stderr) == (0, "")
    assert "2 buyers" in out.stdout and "probe after every answer" in out.stdout and "everything_at_once" in out.stdout
    assert len(json.loads((tmp_path / "all.json").read_text("utf-8"))["interviewers"]) == 4
    written = (tmp_path / "read.html").read_text("utf-8")
    assert "Two drivers quit in March" in written
    for text in (out.stdout, written, (tmp_path / "all.json").read_text("utf-8")):
        assert str(tmp_path) not in text and str(ROOT) not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.json", "read.html"], "nothing else is kept"


def test_the_held_out_buyers_stay_out_of_sight(tmp_path: Path) -> None:
    out = bench(tmp_path, "--buyers", str(FOLDER), "--each")
    assert "1 buyers" not in out.stdout and "1 buyer" in out.stdout
    assert "carol" in out.stdout and "jonas" not in out.stdout


def test_what_cannot_be_done_is_said_in_a_line(tmp_path: Path) -> None:
    for words, said in (
        (("--buyers", "nowhere"), "nowhere: is not a folder"),
        (("--buyer", "karol"), "--buyer: there is no buyer 'karol'; known are achieng_b, "),
        (("--flow", "nope"), "--flow: no buyer has the flow 'nope'; known are churn, loss, midpoint, no_decision, win"),
        (("--buyers", str(FOLDER), "--model"), "model: none is configured"),
        (("--interviews", "--set", "held_out", "--model"), "model: none is configured"),
    ):
        out = bench(tmp_path, *words)
        assert out.returncode == 1 and out.stderr.startswith(said), out.stderr


def test_the_labelled_answers_are_judged(tmp_path: Path) -> None:
    out = bench(tmp_path, "--answers", "--each", "--json", "answers.json")
    assert (out.returncode, out.stderr) == (0, "")
    assert "held out" in out.stdout and "probe or move on" in out.stdout and "read otherwise" in out.stdout
    assert json.loads((tmp_path / "answers.json").read_text("utf-8"))["answers"]


def test_the_analysis_is_judged_and_held_out_interviews_stay_out_of_sight(tmp_path: Path) -> None:
    out = bench(tmp_path, "--interviews", "--each", "--json", "evidence.json")
    assert (out.returncode, out.stderr) == (0, "")
    assert "shown, " in out.stdout and "held_out, " in out.stdout and "exact spans" in out.stdout
    from interviewer import bootstrap
    from interviewer.bench import labelled

    flows = bootstrap.read_flows(bootstrap.load_settings())
    by_interview = out.stdout.partition("By interview")[2].splitlines()
    listed = [line.split("│")[1].strip() for line in by_interview if " missed " in line or " besides " in line]
    assert listed and set(listed) <= {one.id for one in labelled.shipped(flows, "shown")}
    written = json.loads((tmp_path / "evidence.json").read_text("utf-8"))
    assert all(set(columns) == {"keywords", "rules"} for columns in written.values())
    assert all(columns["rules"]["exact"]["precision"] == 1 for columns in written.values())
