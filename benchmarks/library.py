"""How long the desk takes to answer with thousands of interviews, on SQLite and on PostgreSQL.

Fills a temporary database of each kind, starts the real server on it and asks for its pages over HTTP. Prints
milliseconds for each page: median, 95th percentile, slowest; judges nothing.

    python -m benchmarks.library [--interviews 5000] [--sqlite] [--postgres] [--asks 30]
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import httpx2

from benchmarks import crowd
from interviewer import people
from interviewer.deps import Deps
from tests.fakes.databases import PostgresServer
from tests.fakes.live_server import LiveServer

ADDRESS = "pmm@bench.example"
WORDS = (
    "support",
    "migration",
    "price",
    "list price",
    "dashboard",
    "shiftwell",
    '"notice period"',
    "zzz",
    "the",
    "trial",
)
QUESTIONS = (
    "what do buyers say about implementation in deals over 100k?",
    "why did we lose deals on price this quarter?",
    "what do champions praise about support?",
)
PAGES: dict[str, Sequence[str]] = {
    "interviews": ("/desk", "/desk?page=2", "/desk?page=190"),
    "interviews, filtered": ("/desk?status=finished", "/desk?flow=win", "/desk?status=wants_a_call"),
    "interviews, searched": tuple(f"/desk?q={quote_plus(words)}" for words in WORDS),
    "one interview": ("/desk/interviews/{id}",),
    "review queue": ("/desk/review",),
    "calls": ("/desk/calls",),
    "quality": ("/desk/quality",),
    "exports": ("/desk/exports",),
    "library": ("/desk/library", "/desk/library?kind=quote&page=40", "/desk/library?kind=answer&page=300"),
    "library, searched": tuple(f"/desk/library?q={quote_plus(words)}" for words in WORDS),
    "library, narrowed": (
        "/desk/library?outcome=lost&theme=pricing",
        "/desk/library?least=50000&role=champion",
        "/desk/library?theme=criticism&polarity=negative&kind=quote&page=3",
        "/desk/library?since=2026-01-01&status=open&mode=ai",
        "/desk/library?q=support&outcome=won&theme=praise",
    ),
    "library, asked": tuple(f"/desk/library?q={quote_plus(question)}" for question in QUESTIONS),
}


def measure(url: str, server: LiveServer, asks: int) -> dict[str, list[float]]:
    """Milliseconds of each page. Every page is asked for once before it counts."""
    link = server.do(_reader)
    with httpx2.Client(base_url=url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=120) as http:
        http.post(urlsplit(link).path)
        listed = http.get("/desk?status=finished").text
        ids = list(dict.fromkeys(re.findall(r"/desk/interviews/([\w-]+)", listed)))
        took: dict[str, list[float]] = {}
        for page, addresses in PAGES.items():
            every = [address.format(id=one) for address in addresses for one in (ids if "{id}" in address else [""])]
            first = http.get(every[0])
            if first.status_code == 404:
                continue
            took[page] = [_ask(http, address) for address in islice(cycle(every), max(asks, len(every)))]
    return took


def _ask(http: httpx2.Client, address: str) -> float:
    began = time.perf_counter()
    http.get(address).raise_for_status()
    return (time.perf_counter() - began) * 1000


async def _reader(deps: Deps) -> str:
    await people.add_user(deps, ADDRESS, "pmm", name="Bench")
    return await people.make_link(deps, ADDRESS)


@contextmanager
def _databases(folder: Path, *, sqlite: bool, postgres: bool) -> Iterator[list[tuple[str, str]]]:
    """The empty databases that are wanted, by name."""
    found = [("SQLite", f"sqlite+aiosqlite:///{folder / 'crowd.db'}")] if sqlite else []
    if not postgres:
        yield found
        return
    cluster = PostgresServer()
    try:
        with cluster.empty() as url:
            yield [*found, ("PostgreSQL", url)]
    finally:
        cluster.close()


def _report(name: str, rows: int, took: dict[str, list[float]]) -> None:
    print(f"\n{name}, {rows} documents")
    print(f"{'page':24}{'asks':>6}{'p50':>9}{'p95':>9}{'max':>9}  ms")
    for page, times in took.items():
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        print(f"{page:24}{len(times):6}{statistics.median(times):9.0f}{p95:9.0f}{max(times):9.0f}")


def run(interviews: int, asks: int, *, sqlite: bool, postgres: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = crowd.template(folder / "template")
        with _databases(folder, sqlite=sqlite, postgres=postgres) as databases:
            for name, url in databases:
                counted = crowd.fill(url, rows, interviews)
                home = folder / name
                home.mkdir()
                server = LiveServer(home, INTERVIEWER_DATABASE_URL=url)
                server.start()
                try:
                    _report(f"{name}, {interviews} interviews", counted["documents"], measure(server.url, server, asks))
                finally:
                    server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interviews", type=int, default=5000)
    parser.add_argument("--asks", type=int, default=30, help="times that each page is asked for")
    parser.add_argument("--sqlite", action="store_true", help="only SQLite")
    parser.add_argument("--postgres", action="store_true", help="only PostgreSQL")
    given = parser.parse_args()
    both = given.sqlite == given.postgres
    run(given.interviews, given.asks, sqlite=both or given.sqlite, postgres=both or given.postgres)
