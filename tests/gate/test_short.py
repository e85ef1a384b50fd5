"""The gate and the load run in short, as they are run by hand: real processes, real HTTP, both databases."""

from __future__ import annotations

import pytest

from benchmarks.gate.run import FAULTS, Plan, run
from benchmarks.load.run import Plan as Load
from benchmarks.load.run import measure


@pytest.mark.parametrize(("database", "workers", "left_out"), [("sqlite", 1, ""), ("postgresql", 2, "reload")])
def test_nothing_is_lost_while_everything_goes_wrong(database: str, workers: int, left_out: str) -> None:
    """Left out is what takes most of a minute: the long outage, and replacing workers, which tests/web has."""
    plan = Plan(
        interviews=12,
        seed=46,
        database=database,
        workers=workers,
        faults=frozenset(FAULTS) - {"outage", left_out},
        kills=1,
        trouble_s=6.0,
        think_s=0.2,
        deadline_s=3.0,
        longest_s=600.0,
        patient=False,
    )
    outcome = run(plan)
    told = outcome.account
    assert told.passed, "\n".join([*told.lines(), outcome.log[-4000:]])
    assert told.acknowledged > 3 * plan.interviews
    assert outcome.troubles, "nothing went wrong: it shows nothing"
    assert ("reload" in outcome.troubles) == (not left_out)
    assert sum(told.jobs.values()) >= plan.interviews
    assert {"sent twice at once", "two tabs"} <= set(told.met)
    assert any(what.startswith("cut") for what in told.met)


def test_turns_under_load_are_counted() -> None:
    ours, bare = measure(Load(sessions=3, think_s=0.2, model_s=0.1))
    assert (ours.turns, ours.errors, ours.fallback) == (18, 0, 0)
    assert (bare.turns, bare.errors) == (18, 0)
    assert ours.cpu_ms > 0 and ours.idle_mib > 0
