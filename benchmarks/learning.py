"""Learn weights for the features of labelled texts, and say how well they do on other texts."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from interviewer.analysis.classifier import BIAS

FOLDS, SEED = 5, 4
RARE = 2
"""Texts in which a feature has to stand, to be learned from."""
FAINT = 0.6
"""Weight below which a feature is left out of the file."""
STRENGTH = 10.0
"""How freely weights may follow the labels (the inverse of the penalty)."""

Weights = dict[str, dict[str, float]]
"""By class and feature."""


def digest(labelled: Iterable[Any]) -> str:
    """Names the data, so that weights which were made from other data are noticed."""
    return hashlib.sha256("\n".join(map(repr, labelled)).encode()).hexdigest()[:16]


class Learner:
    """Texts as numbers, and weights learned from some of them."""

    def __init__(self, found: Iterable[Set[str]], groups: Sequence[str] | None = None) -> None:
        """`found`: the features of each text. `groups`: texts with the same word here stay on one side."""
        from sklearn.feature_extraction import DictVectorizer

        ordered = [sorted(names) for names in found]
        counts = Counter(name for names in ordered for name in names)
        rows = [{name: len(names) ** -0.5 for name in names if counts[name] >= RARE} for names in ordered]
        vectorizer = DictVectorizer()
        self.matrix: Any = vectorizer.fit_transform(rows)
        self.names = list(vectorizer.get_feature_names_out())
        self.groups = groups

    def learn(self, labels: Sequence[Any], rows: Any) -> tuple[Any, Any, list[Any]]:
        """Weights with a row for each class, biases, and the classes, as the file will have them."""
        import numpy
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000, random_state=SEED)
        model.fit(self.matrix[rows], numpy.array(labels)[rows])
        strong = numpy.where(abs(model.coef_) < FAINT, 0.0, model.coef_).round(1)
        return strong, model.intercept_.round(1), list(model.classes_)

    def unseen(self, labels: Sequence[Any]) -> tuple[Any, list[Any]]:
        """Scores of each text by weights that were learned without it, and the classes."""
        import numpy
        from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

        kind = StratifiedKFold if self.groups is None else StratifiedGroupKFold
        folds = kind(FOLDS, shuffle=True, random_state=SEED)
        scores: Any = None
        for rows, others in folds.split(self.matrix, labels, self.groups):
            strong, biases, classes = self.learn(labels, rows)
            here = self.matrix[others] @ strong.T + biases
            scores = numpy.zeros((len(labels), here.shape[1])) if scores is None else scores
            scores[others] = here
        return scores, classes

    def all_rows(self) -> range:
        return range(self.matrix.shape[0])

    def weights(self, strong: Any, bias: Any) -> dict[str, float]:
        """One class of the file, the strongest weights first."""
        pairs = [(name, float(value)) for name, value in zip(self.names, strong, strict=True) if value]
        ranked = sorted(pairs, key=lambda pair: (-abs(pair[1]), pair[0]))
        return {BIAS: float(bias), **dict(ranked)}


def f1(guessed: Sequence[bool], labels: Sequence[bool]) -> float:
    right = sum(one and other for one, other in zip(guessed, labels, strict=True))
    return 2 * right / max(sum(guessed) + sum(labels), 1)


def report(name: str, guessed: Sequence[bool], labels: Sequence[bool]) -> None:
    """A line with how often the class is there, precision, recall and F1."""
    right = sum(one and other for one, other in zip(guessed, labels, strict=True))
    precision, recall = right / max(sum(guessed), 1), right / max(sum(labels), 1)
    print(f"  {name:<20} {sum(labels):>4}  {precision:.2f}  {recall:.2f}  {f1(guessed, labels):.2f}")


def write(target: Path, model: Mapping[str, Any]) -> None:
    """Keep the model as a file that can be read, a class a line."""
    lines = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace("},", "},\n")
    target.write_text(f"{lines}\n", "utf-8")
    print(f"\n{target.name}: {target.stat().st_size // 1000} kB")
