"""Server time of a buyer's turn beyond the model's own, and model calls for each turn.

Runs the real server (SQLite, in a process of its own) against a local stand-in for a model, and beside it a bare
FastAPI endpoint that waits as long and answers a fixed page. Prints counts, milliseconds and the ratio; judges nothing.

    python -m benchmarks.turns [--interviews 20] [--delay 0.3]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx2

from tests.fakes.live_server import LiveServer, free_port
from tests.fakes.model_server import ModelServer
from tests.fakes.phone import Form, Page

ANSWERS = (
    "We missed two delivery windows in June and the ops director asked for a plan by end of quarter",
    "You, Brightline, and keeping the spreadsheet tbh",
    "The import. Our IT lead said it would take him three weekends",
    "Brightline moved our data for us in two days and the director signed off on that",
    "Ask early who moves the data, nobody mentions it in a demo",
)

BARE = """
import asyncio, sys
import uvicorn
from fastapi import FastAPI, Response
app = FastAPI(openapi_url=None)
PAGE = "<p>" + "x" * 1200 + "</p>"
@app.post("/turn")
async def turn() -> Response:
    await asyncio.sleep(float(sys.argv[2]))
    return Response(PAGE, media_type="text/html")
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
"""


async def interview(http: httpx2.AsyncClient, link: str) -> list[float]:
    """Play one interview; seconds that each POST of an answer took."""
    landing = Page((await http.get(link)).text)
    chat = await http.post(landing.forms["start"].action)
    took = []
    for text in ANSWERS:
        form: Form | None = Page(chat.text).forms.get("answer")
        if form is None or 'class="chat closed"' in chat.text:
            break
        data = {**form.fields, "text": text}
        began = time.perf_counter()
        response = await http.post(form.action, data=data, headers={"HX-Request": "true"})
        took.append(time.perf_counter() - began)
        response.raise_for_status()
        chat = await http.get(form.action.rpartition("/")[0])
    return took


async def play(url: str, links: Sequence[str]) -> list[float]:
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, follow_redirects=True) as http:
        return [seconds for link in links for seconds in await interview(http, link)]


async def bare(url: str, turns: int) -> list[float]:
    """As many turns of the bare endpoint."""
    took = []
    async with httpx2.AsyncClient(base_url=url) as http:
        await _until_up(http)
        for _ in range(turns):
            began = time.perf_counter()
            (await http.post("/turn", data={"text": ANSWERS[0]})).raise_for_status()
            took.append(time.perf_counter() - began)
    return took


def _ms(seconds: Sequence[float], delay: float) -> tuple[float, float]:
    beyond = sorted((second - delay) * 1000 for second in seconds)
    return statistics.median(beyond), statistics.quantiles(beyond, n=20)[-1]


def measure(interviews: int, delay: float) -> None:
    with ModelServer(delay_s=delay) as model, tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder), OPENAI_BASE_URL=model.url, OPENAI_API_KEY="local", INTERVIEWER_MODEL="stub")
        server.start()
        port = free_port()
        plain = subprocess.Popen([sys.executable, "-c", BARE, str(port), str(delay)])
        try:
            first, *links = [server.invite(f"buyer{number}@bench.example") for number in range(interviews + 1)]
            asyncio.run(play(server.url, [first]))  # it pays for imports
            model.requests.clear()
            ours = asyncio.run(play(server.url, links))
            calls = len(model.requests)
            theirs = asyncio.run(bare(f"http://127.0.0.1:{port}", len(ours)))
        finally:
            plain.terminate()
            plain.wait()
            server.stop()
    (our_median, our_p95), (bare_median, bare_p95) = _ms(ours, delay), _ms(theirs, delay)
    print(f"turns {len(ours)} in {interviews} interviews, model {delay * 1000:.0f} ms")
    print(f"model calls a turn      {calls / len(ours):.2f}")
    print(f"beyond the model, ours  median {our_median:6.1f} ms   p95 {our_p95:6.1f} ms")
    print(f"bare FastAPI endpoint   median {bare_median:6.1f} ms   p95 {bare_p95:6.1f} ms")
    print(f"ratio                   median {our_median / bare_median:6.1f}      p95 {our_p95 / bare_p95:6.1f}")


async def _until_up(http: httpx2.AsyncClient) -> None:
    for _ in range(100):
        try:
            await http.get("/")
        except httpx2.ConnectError:
            await asyncio.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interviews", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.3, help="seconds that the model takes")
    given = parser.parse_args()
    measure(given.interviews, given.delay)
