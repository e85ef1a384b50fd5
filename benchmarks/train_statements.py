"""Learn what a clause tells from the labelled statements, and say how well that went.

    pip install -e .[train]
    python -m benchmarks.train_statements

Prints precision, recall and F1 by class over five folds and writes `interviewer/analysis/statements.json`. The labelled
interviews take no part in it, so they can judge the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.learning import Learner, Weights, digest, f1, report, write
from interviewer.analysis import classifier
from interviewer.analysis.codebook import Theme

ROOT = Path(__file__).parent.parent
STATEMENTS = ROOT / "interviewer/bench/statements"
FILES = "?.tsv"
"""A file for each author. Files of other names in that folder hold something else."""
TARGET = ROOT / "interviewer/analysis" / classifier.FILE
NONE = "none"
POINTS = [number / 4 for number in range(-8, 13)]
"""Scores tried as the point from which a theme counts."""


@dataclass(frozen=True)
class Statement:
    category: str
    themes: tuple[str, ...]
    polarity: str
    text: str


def read() -> list[Statement]:
    """All labelled statements, in the order of the files."""
    found = []
    for path in sorted(STATEMENTS.glob(FILES)):
        for line in path.read_text("utf-8").splitlines():
            category, themes, polarity, text = line.split("\t")
            names = tuple(name for name in themes.split(",") if name != NONE)
            found.append(Statement("" if category == NONE else category, names, polarity, text))
    return found


def one_of(learner: Learner, title: str, labels: Sequence[str]) -> Weights:
    """Weights for classes of which each statement has one."""
    scores, classes = learner.unseen(labels)
    guessed = [classes[row.argmax()] for row in scores]
    right = sum(one == other for one, other in zip(guessed, labels, strict=True))
    print(f"\n{title}: {right / len(labels):.2f} right")
    for name in classes:
        report(name or NONE, [one == name for one in guessed], [one == name for one in labels])
    strong, biases, classes = learner.learn(labels, learner.all_rows())
    return {name: learner.weights(strong[at], biases[at]) for at, name in enumerate(classes)}


def any_of(learner: Learner, statements: Sequence[Statement]) -> tuple[Weights, dict[str, float]]:
    """Weights for themes, of which a statement has several, and the point from which each counts."""
    weights, points = Weights(), dict[str, float]()
    print("\ntheme")
    for theme in Theme:
        labels = [theme in one.themes for one in statements]
        scores, _ = learner.unseen(labels)
        points[theme] = max(POINTS, key=lambda point: f1([score > point for score in scores[:, 0]], labels))
        report(theme, [score > points[theme] for score in scores[:, 0]], labels)
        strong, biases, _ = learner.learn(labels, learner.all_rows())
        weights[theme] = learner.weights(strong[0], biases[0])
    return weights, points


def main() -> None:
    statements = read()
    learner = Learner(classifier.features(one.text) for one in statements)
    categories = one_of(learner, "category", [one.category for one in statements])
    polarities = one_of(learner, "polarity", [one.polarity for one in statements])
    themes, points = any_of(learner, statements)
    model = {
        "made": f"by benchmarks/train_statements.py from {len(statements)} statements; do not edit by hand",
        "statements": digest(statements),
        "points": points,
        "category": categories,
        "polarity": polarities,
        "theme": themes,
    }
    write(TARGET, model)


if __name__ == "__main__":
    main()
