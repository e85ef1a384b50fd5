"""Labelled answers: read where they usually come, and counted by what a person said of them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from interviewer.bench import answers, report
from interviewer.bench.answers import Next, Read
from interviewer.bootstrap import read_flows
from interviewer.errors import BadInput
from interviewer.settings import Settings
from interviewer.transcript import AnswerKind

FLOWS = read_flows(Settings())
FILE = """
[[answers]]
flow = "loss"
topic = "decision"
text = "Price."
kind = "vague"
next = "probe"

[[answers]]
flow = "loss"
topic = "trigger"
text = "In March our CFO saw the audit report and asked why two systems disagreed, so we set up a project."
kind = "specific"
next = "probe"
held_out = true

[[answers]]
flow = "loss"
topic = "almost"
text = "wait, are you a bot?"
kind = "asks_back"
next = "reply"
before = [["trigger", "A new CFO."]]
"""


def test_answers_are_read_as_a_person_labelled_them_or_not() -> None:
    reads = answers.read(FLOWS, answers.load({"en.toml": FILE}, FLOWS))
    assert [(one.kind, one.next) for one in reads] == [
        (AnswerKind.VAGUE, Next.PROBE),
        (AnswerKind.SPECIFIC, Next.MOVE_ON),
        (AnswerKind.ASKS_BACK, Next.REPLY),
    ]
    assert answers.share(reads) == pytest.approx(2 / 3)
    assert answers.share(answers.about_probing(reads)) == pytest.approx(1 / 2)
    assert answers.share(reads, of="kind") == 1.0
    assert answers.confusion(reads)[AnswerKind.VAGUE, AnswerKind.VAGUE] == 1
    assert answers.share(()) == 0.0


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('kind = "vague"', 'kind = "hazy"', r"en\.toml: answers\[0\]\.kind"),
        ('next = "reply"', "", r"en\.toml: answers\[2\]\.next"),
        ('topic = "decision"', 'topic = "verdict"', r"en\.toml: answers\[0\]: flow 'loss' has no topic 'verdict'"),
        ('flow = "loss"', 'flow = "lost"', r"en\.toml: answers\[0\]: there is no flow 'lost'"),
        ("[[answers]]", "[[answers]", r"en\.toml: is not valid TOML"),
    ],
)
def test_what_is_wrong_is_said_by_file_and_place(was: str, becomes: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        answers.load({"en.toml": FILE.replace(was, becomes, 1)}, FLOWS)


def test_the_shipped_answers_are_many_and_read_as_well_as_promised() -> None:
    reads = answers.read(FLOWS, answers.shipped(FLOWS))
    assert len(reads) >= 150
    assert {one.label.language for one in reads} == {"de", "en", "es", "fr", "id", "pt"}
    assert answers.share(answers.about_probing(reads)) >= 0.85


def test_the_tables_show_languages_and_the_held_out_part() -> None:
    reads = answers.read(FLOWS, answers.load({"en.toml": FILE, "de.toml": FILE}, FLOWS))
    confusion, shares = report.of_answers(reads)
    assert list(confusion.columns[0].cells) == ["spec", "vague", "asks"]
    assert confusion.caption == "spec = specific, asks = asks back"
    assert list(shares.columns[0].cells) == ["all", "de", "en", "seen", "held out"]
    every, seen = report.answers_as_json(reads), report.answers_as_json(reads, held_out=False)
    assert '"probe_or_move_on": 0.5' in every and '"probe_or_move_on": 0.5' in seen
    assert "In March our CFO" in every and "In March our CFO" not in seen


def test_all_kinds_fit_a_terminal_of_80_columns() -> None:
    label = answers.load({"en.toml": FILE}, FLOWS)[0]
    reads = [Read(label.model_copy(update={"kind": kind}), kind, label.next) for kind in AnswerKind]
    confusion, _ = report.of_answers(reads * 100)
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(confusion)
    shown = console.export_text()
    assert "…" not in shown and max(map(len, shown.splitlines())) <= 80
    assert all(f" {short}" in shown.replace("┃", " ") for short in report.SHORT.values())


def test_the_answers_that_went_wrong_are_listed_but_for_held_out_ones() -> None:
    long = FILE.replace("Price.", f"Going with {'Freshdesk ' * 9}")
    labels = answers.load({"en.toml": long}, FLOWS)
    reads = [Read(label, AnswerKind.MISTAKEN, label.next) for label in labels]
    reads += [Read(labels[2], labels[2].kind, Next.MOVE_ON)] * 30
    listed = report.of_wrong(reads)
    assert listed.title == "read otherwise: 20 of 32" and listed.row_count == report.MOST_WRONG
    assert next(iter(listed.columns[1].cells)) == "asks back: reply", "what leads astray comes first"
    (text,) = map(str, report.of_wrong(reads[:1]).columns[3].cells)
    assert len(text) <= report.CUT_AT and text.endswith("…")
    assert all("CFO" not in str(cell) for cell in report.of_wrong(reads[:2]).columns[3].cells), "it is held out"
