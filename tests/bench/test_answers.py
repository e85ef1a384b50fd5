"""Labelled answers: read where they usually come, and counted by what a person said of them."""

from __future__ import annotations

import pytest

from interviewer.bench import answers, report
from interviewer.bench.answers import Next
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
    assert list(confusion.columns[0].cells) == ["specific", "vague", "asks back"]
    assert list(shares.columns[0].cells) == ["all", "de", "en", "seen", "held out"]
    every, seen = report.answers_as_json(reads), report.answers_as_json(reads, held_out=False)
    assert '"probe_or_move_on": 0.5' in every and '"probe_or_move_on": 0.5' in seen
    assert "In March our CFO" in every and "In March our CFO" not in seen
