"""python -m benchmarks.load: what turns take and cost, beside an endpoint that only waits; judges nothing."""

from __future__ import annotations

import argparse
import json
import resource
import signal
import sys
from dataclasses import asdict

from benchmarks.load.capacity import Costs, Site, table
from benchmarks.load.run import Measured, Plan, measure

_HEAD = (
    f"{'sessions':>8} {'workers':>7} {'turns':>6}  {'p50':>7} {'p95':>7} {'p99':>7} ms  {'CPU ms':>6}  "
    f"{'errors':>6} {'polled':>6} {'fallback':>8}  {'idle MiB':>8} {'kB/session':>10} {'start ms':>8} {'send ms':>8} "
    f"{'db ms':>6} {'rows':>5}"
)


def main() -> None:
    chosen = _arguments()
    if chosen.model:
        costs = Costs(**dict(zip(Costs.__annotations__, chosen.model, strict=True)))
        print("\n".join(table(costs, Site(model_a_minute=chosen.model_a_minute, db_cores=chosen.db_cores))))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends as well
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # each buyer has a connection of its own
    print(f"{chosen.database}, model {chosen.model_s:g} s, thinking {chosen.think:g} s; beyond the model, in ms")
    print(_HEAD, flush=True)
    for workers in _numbers(chosen.workers):
        for sessions in _numbers(chosen.sessions):
            ours, bare = measure(Plan(sessions, chosen.think, chosen.model_s, workers, chosen.database))
            if chosen.json:
                print(json.dumps({"ours": asdict(ours), "bare": asdict(bare)}), flush=True)
            else:
                print(_line(ours), f"{'bare':>16} {_line(bare)[17:64]}", sep="\n", flush=True)


def _line(one: Measured) -> str:
    return (
        f"{one.sessions:8} {one.workers:7} {one.turns:6}  {one.p50:7.1f} {one.p95:7.1f} {one.p99:7.1f}     "
        f"{one.cpu_ms:6.1f}  {one.errors:6} {one.polled:6} {one.fallback:8}  {one.idle_mib:8.0f} "
        f"{one.session_kb:10.0f} {one.start_ms:8.1f} {one.send_ms:8.0f} {one.db_ms:6.1f} {one.rows:5.0f}"
    )


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Many interviews at once, and what a turn costs beyond the model.")
    parser.add_argument("--sessions", default="10,50,200,500,1000", help="interviews at once, one run each")
    parser.add_argument("--think", type=float, default=8.0, help="seconds that a buyer thinks, on average")
    parser.add_argument("--model-s", type=float, default=1.0, help="seconds that the model takes")
    parser.add_argument("--workers", default="1", help="processes, one run each: 1,2")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--model",
        type=float,
        nargs=5,
        metavar=("TURN", "START", "SEND", "DB", "ROWS"),
        help="measure nothing; what 1, 10 and 100 hosts carry at these costs (ms of a run, and rows of an interview)",
    )
    parser.add_argument("--model-a-minute", type=int, default=10_000, help="requests that the model's vendor takes")
    parser.add_argument("--db-cores", type=int, default=8, help="of PostgreSQL's machine")
    return parser.parse_args()


if __name__ == "__main__":
    main()
