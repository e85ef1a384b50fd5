"""Learn what a clause tells from the labelled statements, and say how well that went.

    pip install -e .[train]
    python -m benchmarks.train_statements

Prints precision, recall and F1 by class over five folds and writes `interviewer/analysis/statements.json`. The labelled
interviews take no part in it, so they can judge the result.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interviewer.analysis import classifier
from interviewer.analysis.codebook import Theme

ROOT = Path(__file__).parent.parent
STATEMENTS = ROOT / "interviewer/bench/statements"
FILES = "?.tsv"
"""A file for each author. Files of other names in that folder hold something else."""
TARGET = ROOT / "interviewer/analysis" / classifier.FILE
NONE = "none"
FOLDS, SEED = 5, 4
RARE = 2
"""Statements in which a feature has to stand, to be learned from."""
FAINT = 0.7
"""Weight below which a feature is left out of the file."""
STRENGTH = 10.0
"""How freely weights may follow the statements (the inverse of the penalty)."""
POINTS = [number / 4 for number in range(-8, 13)]
"""Scores tried as the point from which a theme counts."""

Weights = dict[str, dict[str, float]]
"""By class and feature."""


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


def digest(statements: Iterable[Statement]) -> str:
    """Names the data, so that weights which were made from other statements are noticed."""
    return hashlib.sha256("\n".join(map(repr, statements)).encode()).hexdigest()[:16]


class Learner:
    """The statements as numbers, and weights learned from some of them."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        from sklearn.feature_extraction import DictVectorizer

        found = [sorted(classifier.features(one.text)) for one in statements]
        counts = Counter(name for names in found for name in names)
        rows = [{name: len(names) ** -0.5 for name in names if counts[name] >= RARE} for names in found]
        vectorizer = DictVectorizer()
        self.matrix: Any = vectorizer.fit_transform(rows)
        self.names = list(vectorizer.get_feature_names_out())

    def learn(self, labels: Sequence[Any], rows: Any) -> tuple[Any, Any, list[Any]]:
        """Weights with a row for each class, biases, and the classes, as the file will have them."""
        import numpy
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000, random_state=SEED)
        model.fit(self.matrix[rows], numpy.array(labels)[rows])
        strong = numpy.where(abs(model.coef_) < FAINT, 0.0, model.coef_).round(1)
        return strong, model.intercept_.round(1), list(model.classes_)

    def unseen(self, labels: Sequence[Any]) -> tuple[Any, list[Any]]:
        """Scores of each statement by weights that were learned without it, and the classes."""
        import numpy
        from sklearn.model_selection import StratifiedKFold

        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        scores: Any = None
        for rows, others in folds.split(self.matrix, labels):
            strong, biases, classes = self.learn(labels, rows)
            here = self.matrix[others] @ strong.T + biases
            scores = numpy.zeros((len(labels), here.shape[1])) if scores is None else scores
            scores[others] = here
        return scores, classes

    def weights(self, strong: Any, bias: Any) -> dict[str, float]:
        """One class of the file, the strongest weights first."""
        pairs = [(name, float(value)) for name, value in zip(self.names, strong, strict=True) if value]
        ranked = sorted(pairs, key=lambda pair: (-abs(pair[1]), pair[0]))
        return {classifier.BIAS: float(bias), **dict(ranked)}


def one_of(learner: Learner, title: str, labels: Sequence[str]) -> Weights:
    """Weights for classes of which each statement has one."""
    scores, classes = learner.unseen(labels)
    guessed = [classes[row.argmax()] for row in scores]
    right = sum(one == other for one, other in zip(guessed, labels, strict=True))
    print(f"\n{title}: {right / len(labels):.2f} right")
    for name in classes:
        report(name or NONE, [one == name for one in guessed], [one == name for one in labels])
    strong, biases, classes = learner.learn(labels, range(len(labels)))
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
        strong, biases, _ = learner.learn(labels, range(len(labels)))
        weights[theme] = learner.weights(strong[0], biases[0])
    return weights, points


def f1(guessed: Sequence[bool], labels: Sequence[bool]) -> float:
    right = sum(one and other for one, other in zip(guessed, labels, strict=True))
    return 2 * right / max(sum(guessed) + sum(labels), 1)


def report(name: str, guessed: Sequence[bool], labels: Sequence[bool]) -> None:
    right = sum(one and other for one, other in zip(guessed, labels, strict=True))
    precision, recall = right / max(sum(guessed), 1), right / max(sum(labels), 1)
    print(f"  {name:<20} {sum(labels):>4}  {precision:.2f}  {recall:.2f}  {f1(guessed, labels):.2f}")


def main() -> None:
    statements = read()
    learner = Learner(statements)
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
    lines = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n")
    TARGET.write_text(f"{lines}\n", "utf-8")
    print(f"\n{TARGET.name}: {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
