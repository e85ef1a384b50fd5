"""Learn from labelled mentions which words are options and which part each played, and say how well that went.

    pip install -e .[train]
    python -m benchmarks.train_options

Prints precision, recall and F1 by part over five folds and writes `interviewer/analysis/options.json`. Capitals in
statements that speak of no rival show what is none. The labelled interviews take no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import train_statements
from benchmarks.learning import Learner, Weights, digest, report, write
from benchmarks.train_statements import ROOT, STATEMENTS
from interviewer.analysis import candidates, mentions
from interviewer.analysis.codebook import Theme
from interviewer.analysis.mentions import Place
from interviewer.bodies import Category
from interviewer.folding import fold

FILE = STATEMENTS / "options.tsv"
TARGET = ROOT / "interviewer/analysis" / mentions.FILE
NONE = "none"
_VENDORS = ("kestrel", "fieldstone")
"""The vendor itself in the labelled mentions: neither an option nor like what is none."""
_TOPICS = {Theme.TRIGGER: "trigger", Theme.PEER_RECOMMENDATION: "peer", Theme.DECISION_FACTOR: "decision"}
"""What a statement was most likely asked for; else what nearly came of it."""
_PARTS = {
    "incumbent": {"incumbent"},
    "selected": {"selected"},
    "closest": {"selected", "primary"},
}
"""By learned part: the labels that are one."""


@dataclass(frozen=True)
class Mention:
    roles: tuple[str, ...]
    flow: str
    topic: str
    option: str
    text: str

    @property
    def place(self) -> Place:
        match = re.search(rf"(?<!\w){re.escape(self.option)}(?!\w)", self.text, re.IGNORECASE)
        assert match, f"{self.option!r} is not in {self.text!r}"
        return Place(self.text, *match.span(), self.topic, self.flow, is_kind=self.option[0].islower())


def read() -> list[Mention]:
    """All labelled mentions, in the order of the file."""
    found = []
    for line in FILE.read_text("utf-8").splitlines():
        roles, flow, topic, option, text = line.split("\t")
        found.append(Mention(tuple(roles.split(",")), flow, topic, option, text))
    return found


def data() -> list[object]:
    """What the weights are learned from."""
    return [*read(), *train_statements.read()]


def capitals(labelled: Sequence[Mention]) -> Iterator[tuple[Place, bool]]:
    """Words with a capital, and whether each is an option."""
    known = {fold(one.option) for one in labelled if NONE not in one.roles}.union(_VENDORS)
    for text in dict.fromkeys(one.text for one in labelled):
        here = [one for one in labelled if one.text == text]
        for start, end in candidates.capitals(text):
            said = [one for one in here if one.place.start < end and start < one.place.end]
            if not said and any(name in fold(text[start:end]) for name in known):
                continue
            if fold(text[start:end]) not in _VENDORS:
                place = Place(text, start, end, here[0].topic, here[0].flow)
                yield place, any(NONE not in one.roles for one in said)
    for statement in train_statements.read():
        if Theme.COMPETITOR_MENTION in statement.themes or statement.category == Category.COMPETITIVE:
            continue
        topic = next((name for theme, name in _TOPICS.items() if theme in statement.themes), "almost")
        for start, end in candidates.capitals(statement.text):
            if fold(statement.text[start:end]) not in known:
                yield Place(statement.text, start, end, topic, "loss"), False


def weigh(learner: Learner, title: str, labels: Sequence[bool]) -> dict[str, float]:
    """Weights for one part, after a line on how well they do."""
    scores, _ = learner.unseen(labels)
    report(title, [score > 0 for score in scores[:, 0]], labels)
    strong, biases, _ = learner.learn(labels, learner.all_rows())
    return learner.weights(strong[0], biases[0])


def main() -> None:
    labelled = read()
    weights = Weights()
    pairs = list(capitals(labelled))
    named = Learner((mentions.bare(place) for place, _ in pairs), [place.text for place, _ in pairs])
    weights["option"] = weigh(named, "option", [right for _, right in pairs])
    options = [one for one in labelled if NONE not in one.roles]
    parts = Learner((mentions.features(one.place) for one in options), [one.text for one in options])
    for part, names in _PARTS.items():
        weights[part] = weigh(parts, part, [not names.isdisjoint(one.roles) for one in options])
    model = {
        "made": f"by benchmarks/train_options.py from {len(labelled)} mentions; do not edit by hand",
        "mentions": digest(data()),
        "weights": weights,
    }
    write(TARGET, model)


if __name__ == "__main__":
    main()
