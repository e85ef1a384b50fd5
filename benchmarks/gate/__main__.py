"""python -m benchmarks.gate: the account of a run, and exit code 1 where something is in it that must not be."""

from __future__ import annotations

import argparse
import json
import re
import resource
import signal
import sys
import time
from collections import Counter

from benchmarks.gate.account import listed
from benchmarks.gate.run import FAULTS, Outcome, Plan, run


def main() -> int:
    chosen = _arguments()
    _many_files()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends as well
    faults = frozenset(FAULTS if chosen.faults == "all" else filter(None, chosen.faults.split(",")))
    if unknown := faults - set(FAULTS):
        print(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}", file=sys.stderr)
        return 2
    plan = Plan(
        interviews=chosen.interviews,
        seed=chosen.seed,
        database=chosen.database,
        workers=chosen.workers,
        faults=faults,
        kills=chosen.kills,
        think_s=chosen.think,
    )
    began = time.monotonic()
    outcome = run(plan, lambda name: print(f"{time.monotonic() - began:6.1f} s  {name}", file=sys.stderr, flush=True))
    if chosen.json:
        print(json.dumps(outcome.account.data() | {"troubles": outcome.troubles, "seconds": round(outcome.seconds, 1)}))
    else:
        _tell(plan, outcome)
    if chosen.log:
        chosen.log.write(outcome.log)
    return 0 if outcome.account.passed else 1


def _tell(plan: Plan, outcome: Outcome) -> None:
    disk = "a small file system" if outcome.small_disk else "a limit on the size of files"
    disk = f"; full disk by {disk}" if "disk" in outcome.troubles else ""
    defects = Counter(re.findall(r"^(\w[\w.]*(?:Error|Exception|Timeout)\b)", outcome.log, re.MULTILINE))
    print(f"seed {plan.seed}, {plan.database}, workers {plan.workers}, {outcome.seconds:.0f} s{disk}")
    for line in (*listed("troubles", outcome.troubles), *outcome.account.lines(), *listed("tracebacks", defects)):
        print(line)
    print("PASSED" if outcome.account.passed else "FAILED")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Interviews while everything goes wrong, and an account of them.")
    parser.add_argument("--interviews", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--faults", default="all", help=f"of {', '.join(FAULTS)}; default: all that fit")
    parser.add_argument("--kills", type=int, default=8, help="how often it is killed; others half as often")
    parser.add_argument("--think", type=float, default=1.0, help="seconds that a buyer thinks, on average")
    parser.add_argument("--log", type=argparse.FileType("w"), help="file for what the server wrote")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _many_files() -> None:
    """Each buyer has connections of its own, here and at the server."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
