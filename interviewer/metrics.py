"""What a process counts for Prometheus, and the page that shows it. The only home of prometheus-client.

Counts are of the process; where several serve together (`share`), each writes to a file in one folder and whichever
is asked adds them up. What the database knows is read once when asked (`status.figures`), so it is not counted double.
No label holds an id, an address or anything that was typed: labels are names of ours.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client import multiprocess as shared
from prometheus_client.core import GaugeMetricFamily

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus-client knows, at its import, that processes share a folder."""

_REGISTRY = CollectorRegistry()
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)

REQUESTS = Histogram(
    "interviewer_request_seconds",
    "Requests by the template of their route, their method and status.",
    ("route", "method", "status"),
    buckets=_QUICK,
    registry=_REGISTRY,
)
TURNS = Counter(
    "interviewer_turns", "What the interviewer said to buyers: by a model, as its fallback, or scripted.", ("kind",),
    registry=_REGISTRY,
)  # fmt: skip
WORDINGS = Counter(
    "interviewer_lint", "A model's words as the wording check judged them.", ("verdict",), registry=_REGISTRY
)
RULES = Counter("interviewer_lint_rule", "Rules that a model's words broke.", ("rule",), registry=_REGISTRY)
MODEL = Histogram(
    "interviewer_model_seconds",
    "Questions to the model by prompt, until a whole answer or its failure.",
    ("prompt", "outcome"),
    buckets=_SLOW,
    registry=_REGISTRY,
)
TOKENS = Counter("interviewer_model_tokens", "Tokens read and written.", ("prompt", "direction"), registry=_REGISTRY)
FAILURES = Counter("interviewer_model_errors", "Questions that the model left unanswered.", ("kind",),
                   registry=_REGISTRY)  # fmt: skip
RESTING = Gauge(
    "interviewer_model_resting",
    "1 from the failures that had the model left alone until it answers again.",
    multiprocess_mode="livemax",
    registry=_REGISTRY,
)
JOBS_ENDED = Counter("interviewer_job_runs", "Runs of background jobs that ended.", ("job", "outcome"),
                     registry=_REGISTRY)  # fmt: skip
SWEEPS = Counter("interviewer_sweeps", "Rounds of what the clock brings about.", ("sweep", "outcome"),
                 registry=_REGISTRY)  # fmt: skip
CONNECTIONS = Gauge(
    "interviewer_database_connections",
    "Connections to the database that are in use.",
    ("pool",),
    multiprocess_mode="livesum",
    registry=_REGISTRY,
)


@dataclass(frozen=True)
class Figure:
    """Something that is so now, whichever process is asked."""

    name: str
    meaning: str
    values: Mapping[Any, float]
    """By the values of its labels."""
    labels: tuple[str, ...] = ()


def share(folder: Path) -> None:
    """Have the processes that this one starts count together, in `folder`, which is emptied first.

    To be called before they start, and while no other server counts there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[FOLDER] = str(folder)


def page(figures: Iterable[Figure] = ()) -> bytes:
    """All counts, with `figures` beside them, as Prometheus reads them."""
    folder = os.environ.get(FOLDER)
    if folder:
        _forget_dead(Path(folder))
        counted = CollectorRegistry()
        shared.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = _REGISTRY
    return generate_latest(counted) + generate_latest(_Told(figures))


def said(source: str, verdicts: Sequence[str]) -> None:
    """A turn of the interviewer's; `source` and `verdicts` as its row keeps them."""
    TURNS.labels(source if source in ("model", "fallback") else "scripted").inc()
    for verdict in verdicts:
        passed = verdict == "passed"
        WORDINGS.labels("passed" if passed else "turned_down").inc()
        for rule in () if passed else verdict.split(", "):
            RULES.labels(rule).inc()


def _forget_dead(folder: Path) -> None:
    """Drop what ended processes had in use; what they counted stays."""
    for file in folder.glob("gauge_live*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not _lives(int(pid)):
            with contextlib.suppress(FileNotFoundError):  # another process was asked at the same time
                file.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _Told:
    """A registry of what was just read."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for figure in self._figures:
            family = GaugeMetricFamily(figure.name, figure.meaning, labels=figure.labels)
            for labels, value in figure.values.items():
                family.add_metric(labels, value)
            yield family


if FOLDER not in os.environ:
    ProcessCollector(registry=_REGISTRY)
