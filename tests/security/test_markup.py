"""Texts that look like markup, formulas or lines of their own, by every input to every output (trust.md 17, 23, 26).

Two installations are filled the same way, one with a harmless word and one with the corpus. Every page of the route
table is parsed: an element, an attribute or an address that only the second one has came from a payload.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib import resources
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from fastapi import FastAPI
from markdown_it import MarkdownIt
from sqlmodel import select

from interviewer import bookings, bootstrap, checking, invitations, keys, library, people
from interviewer import interviews as talks
from interviewer.agenda import brief
from interviewer.bookings import noting
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, OutOfTurn
from interviewer.exports import EXPORTS
from interviewer.invitees import Invitee
from interviewer.keys import Scope
from interviewer.store.db import Database
from interviewer.store.tables.bookings import BookingRow
from interviewer.store.tables.people import UserRow
from interviewer.web.app import create_app
from interviewer.web.security import parts_of
from tests.conftest import MakeDeps
from tests.fakes.databases import SqliteFiles
from tests.fakes.jobs import RecordingJobs
from tests.fakes.mail import RecordingChannel
from tests.fakes.phone import Phone
from tests.security import house as scene
from tests.security.house import House
from tests.web.api_scene import Program
from tests.web.desk_scene import SAID, Browser, invite, request_call, say
from tests.web.test_crawl import WAYS, Ids

_CORPUS = tomllib.loads((Path(__file__).parent / "payloads.toml").read_text("utf-8"))
PAYLOADS: tuple[str, ...] = tuple(_CORPUS["payloads"])
LINES: tuple[str, ...] = tuple(_CORPUS["lines"])
HARMLESS = "zap"
FIELDS = (
    *("company", "name", "role", "product", "segment", "deal_id", "owner", "rep_reason", "rep_competitor"),
    *("reason_category", "reason_driver", "reason_explanation", "primary_competitor", "incumbent"),
    "selected_competitor",
)
IN_AN_ANSWER = 4
_WRITTEN = re.compile(r'^(name|purpose|seeks|(?:headline|lead|label)\.en) = ".*"$', re.MULTILINE)
URLS = {"href", "src", "action", "formaction", "data", "poster", "srcdoc", "xlink:href", "hx-get", "hx-post", "content"}


class Shape(HTMLParser):
    """What a page is made of, but not what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()
        self.code = ""
        self._in_code = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self._in_code = tag in ("script", "style")
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name in URLS and value:
                self.addresses.add(value)

    def handle_endtag(self, tag: str) -> None:
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code += data

    def handle_comment(self, data: str) -> None:
        self.elements.add("<!-- -->")

    def handle_decl(self, decl: str) -> None:
        self.elements.add(f"<!{decl.lower()}>")

    unknown_decl = handle_decl
    handle_pi = handle_decl


@dataclass
class Filled:
    house: House
    ids: Ids
    mailbox: RecordingChannel
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def plain(text: str) -> bool:
    """Whether it is one line that a cell of an import takes."""
    return not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", text)


async def fill(deps: Deps, app: FastAPI, texts: Iterator[str], cells: Iterator[str], interviews: int) -> Filled:
    jobs, mailbox = deps.jobs, deps.mail
    assert isinstance(jobs, RecordingJobs) and isinstance(mailbox, RecordingChannel)
    house = await scene.build(app, replace(deps, mail=None), jobs)
    admin = Viewer(house.people[Role.ADMIN], Role.ADMIN, "Admin")
    page = interview = call = ""
    for number in range(interviews):
        said = [f"{text} {' '.join(islice(texts, IN_AN_ANSWER))}"[:3900] for text in SAID]
        given = {name: next(cells) for name in FIELDS}
        page = await invite(deps, f"b{number}@x.example", **given)
        interview = await talks.start(deps, page)
        with suppress(OutOfTurn):  # an odd text may read as the wish to stop
            for text in said:
                await say(deps, interview, text)
        await checking.send(deps, interview, browser="phone")
        await jobs.run(deps)
    with suppress(BadInput):
        await request_call(deps, page, first_time=next(cells), second_time=next(cells), phone=next(cells)[:30])
    start = (await bookings.offered(deps, page))[4].start
    call = (await bookings.take(deps, page, start, zone="America/New_York", language="en")).id
    await noting.save(deps, admin, call, [noting.Given("trigger", " ".join(islice(texts, 5)), 0)])
    await brief.expect(deps, admin, "loss", " ".join(islice(texts, 5)), 0)
    for _ in range(5):
        name = next(cells)[:60]
        await library.views.save(deps, admin, name, f"q={quote(name)}", shared=True)
        with suppress(BadInput):
            await keys.make(deps, admin, next(cells), role="pmm", scopes=list(Scope))
        with suppress(BadInput):
            await people.invite(deps, admin, email=f"p{quote(name)[:6]}@x.example", role="pmm", name=next(cells))
    async with deps.db.write() as tx:
        for user in (await tx.exec(select(UserRow))).all():
            user.name = next(cells)
            tx.add(user)
        for booking in (await tx.exec(select(BookingRow))).all():
            booking.video_link = f"https://video.example/{quote(next(cells), safe='')}"
            tx.add(booking)
    await jobs.run(deps)
    house.page, house.interview, house.booking = page, interview, call
    return Filled(house, Ids(page, interview, call), mailbox)


async def look(filled: Filled, asked: list[str]) -> Filled:
    """Every GET of the desk, the API and the buyer, with `asked` in the address where an address takes words."""
    house = filled.house
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(Browser(house.app))
        await desk.sign_in(house.deps, "admin", "looks@house.example")
        program: Program = await scene.program(house, stack, await scene.key_of(house, tuple(Scope)))
        phone = await stack.enter_async_context(Phone(house.app))
        phone.http.follow_redirects = False
        link = await house.link(house.page)
        await phone.http.post(f"{link}/start")
        for route, ways in WAYS.items():
            for number, way in enumerate(map(filled.ids.fill, ways)):
                way = way.replace("/i/none", link)
                buyers = way.startswith(("/i/", "/interview/", "/o/"))
                http = program.http if way.startswith("/api/") else phone.http if buyers else desk.http
                answer = await http.get(way)
                assert answer.status_code < 500, (way, answer.text[:300])
                kind = answer.headers.get("content-type", "")
                if "html" in kind:
                    filled.pages[f"{route} {number}"] = answer.text
                elif answer.content:
                    filled.files[f"{route} {number}"] = answer.content
                assert "\n" not in answer.headers.get("content-disposition", "")
        await _account(filled, desk)
        for number, text in enumerate(asked):
            words = quote(text)
            for way in (f"/desk?q={words}&status={words}&flow={words}", f"/desk/library?q={words}&theme={words}", *(
                f"/desk/sign-in?next={words}&trouble={words}", f"/desk/exports?flow={words}&audience={words}",
                f"/desk/audit?kind={words}&by={words}&from={words}&to={words}",
                f"/desk/released?audience={words}", f"/desk/quality?outcome={words}", f"/none/{words}", f"/i/{words}",
                f"/desk/interviews/{words}", f"{link}/call/times?zone={words}&day={words}&start={words}",
            )):  # fmt: skip
                http = phone.http if way.startswith("/i/") else desk.http
                answer = await http.get(way)
                assert answer.status_code < 500, way
                filled.pages[f"{way.partition('?')[0].partition(words)[0]} asked {number % 2}"] = answer.text
                _escaped(answer.text, way)
            for form in ({"email": text, "address": text}, {"email": "x@x.example", "name": text, "role": text}):
                for place in ("/desk/people", "/desk/person", "/desk/keys", "/desk/sign-in", f"{link}/call"):
                    answer = await (phone if place.startswith("/i") else desk).http.post(place, data=form)
                    assert answer.status_code < 500, place
                    _escaped(answer.text, place)
    return filled


async def _account(filled: Filled, desk: Browser) -> None:
    """All that is held about the first buyer: what there is in numbers, and the file for them."""
    asked = {"address": "b0@x.example"}
    filled.pages["/desk/person held"] = (await desk.http.post("/desk/person", data=asked)).text
    packed = (await desk.http.post("/desk/person/export", data=asked)).content
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        filled.pages["/desk/person html"] = parts.read("about-you.html").decode()
        filled.files["/desk/person json"] = parts.read("about-you.json")


def own_flows(folder: Path, cells: Iterator[str]) -> None:
    """The flows that ship, with other words wherever an organisation writes its own."""
    folder.mkdir()
    for source in resources.files("interviewer.flows").iterdir():
        if source.name.endswith(".toml"):
            text = source.read_text("utf-8")
            changed, number = re.subn(_WRITTEN, lambda found: f"{found[1]} = {_quoted(next(cells))}", text)
            assert number > 10
            (folder / source.name).write_text(changed, "utf-8")


def _quoted(text: str) -> str:
    """As TOML has it; what is in braces names a value there."""
    return json.dumps(text.replace("{", "").replace("}", ""), ensure_ascii=False)


def _escaped(html: str, where: str) -> None:
    shape = Shape(html)
    assert "zap(" not in shape.code and not [name for _, name in shape.attributes if name.startswith("on")], where
    assert not [
        one
        for one in shape.addresses
        if parts_of(one).netloc.endswith("evil.example") or one.lower().startswith(("javascript:", "data:text"))
    ], where
    assert "1337" not in html.replace("7*191", ""), f"{where}: a template was carried out"


@pytest.fixture
async def both(make_deps: MakeDeps, sqlite_files: SqliteFiles, tmp_path: Path) -> tuple[Filled, Filled]:
    """An installation of harmless words and one of the corpus."""
    made = []
    cells = [one for one in (*PAYLOADS, *LINES) if plain(one)]
    rounds = len((*PAYLOADS, *LINES)) // (IN_AN_ANSWER * len(SAID)) + 1
    for name, texts, short in (("harmless", [HARMLESS], [HARMLESS]), ("corpus", [*PAYLOADS, *LINES], cells)):
        (tmp_path / name).mkdir()
        with sqlite_files.fresh(tmp_path / name) as url:
            database = Database(url)
            deps = make_deps(database, mail=RecordingChannel(), jobs=RecordingJobs())
            settings = deps.settings.model_copy(
                update={
                    "organisation": short[0],
                    "asker": short[-1],
                    "gift": short[5 % len(short)],
                    "product": short[0],
                }
            )
            own_flows(tmp_path / name / "flows", cycle(short))
            settings = settings.model_copy(update={"flows_dir": tmp_path / name / "flows"})
            deps = replace(deps, settings=settings, flows=bootstrap.read_flows(settings))
            try:
                filled = await fill(deps, create_app(deps), cycle(texts), cycle(short), rounds)
                made.append(await look(filled, short[::5] if name == "corpus" else [HARMLESS]))
            finally:
                await database.close()
    return made[0], made[1]


async def test_nothing_that_was_typed_is_more_than_text(both: tuple[Filled, Filled]) -> None:
    harmless, hostile = both
    assert len(PAYLOADS) + len(LINES) >= 60
    _pages(harmless, hostile)
    _mails(harmless, hostile)
    _files(hostile)


def _pages(harmless: Filled, hostile: Filled) -> None:
    known = [Shape(page) for page in harmless.pages.values()]
    elements = set().union(*(shape.elements for shape in known))
    attributes = set().union(*(shape.attributes for shape in known))
    assert len(hostile.pages) >= len(harmless.pages) > 40
    for where, page in hostile.pages.items():
        shape = Shape(page)
        assert shape.elements <= elements, (where, shape.elements - elements)
        assert shape.attributes <= attributes, (where, shape.attributes - attributes)
        _escaped(page, where)
        for payload in PAYLOADS:
            if re.search(r"<[a-z/!?]", payload):
                assert payload not in page, (where, payload)


def _mails(harmless: Filled, hostile: Filled) -> None:
    elements = set().union(*(Shape(mail.html).elements for mail in harmless.mailbox.sent))
    assert hostile.mailbox.sent
    for mail in hostile.mailbox.sent:
        assert not re.search(r"[\r\n\x0b\x0c\x85\u2028]", mail.subject + mail.to + "".join(mail.headers.values()))
        assert Shape(mail.html).elements <= elements, mail.subject
        _escaped(mail.html, mail.subject)
        assert mail.calendar.count(b"BEGIN:VEVENT") <= 1 and b"\r\nATTENDEE:mailto:x@evil" not in mail.calendar


def _files(hostile: Filled) -> None:
    """Exports, calendars and the API: the formats stand, and no cell begins as a formula does."""
    seen = set()
    for where, data in hostile.files.items():
        ending = next((one for one in EXPORTS if data[:2] == b"PK" and one == "xlsx"), "")
        if ending == "xlsx":
            for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
                for cell in (cell for row in sheet.iter_rows() for cell in row):
                    assert cell.data_type != "f" and not cell.hyperlink, (where, cell.value)
                    assert not isinstance(cell.value, str) or cell.value[:1] not in tuple("=+-@\t\r"), cell.value
        elif data[:1] in b"{[":
            json.loads(data)
            ending = "json"
        elif data.startswith(b"BEGIN:VCALENDAR"):
            assert data.count(b"BEGIN:VEVENT") == 1
        elif ".css" not in where and b"," in data.partition(b"\n")[0] and not data.startswith(b"#"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                for value in row:
                    assert value[:1] not in tuple("=+-@\t\r") or not value, (where, value)
            ending = "csv"
        elif data.startswith(b"#"):
            ending = "md"
            for token in MarkdownIt("commonmark").parse(data.decode()):
                assert token.type != "html_block" or "zap" not in token.content, (where, token.content)
                for inner in token.children or ():
                    assert inner.type != "html_inline" or "zap" not in inner.content, (where, inner.content)
                    gone = str(inner.attrs.get("href") or inner.attrs.get("src") or "")
                    assert "javascript:" not in gone and "zap.png" not in gone, (where, gone)
        seen.add(ending)
    assert {"xlsx", "json", "csv", "md"} <= seen, seen


@pytest.mark.parametrize("text", [one for one in (*PAYLOADS, *LINES) if not plain(one) and not one.endswith("\uffff")])
async def test_a_cell_with_lines_of_its_own_is_refused(sqlite_deps: Deps, text: str) -> None:
    for column in ("name", "company", "deal_id", "email"):
        with pytest.raises(BadInput):
            await invitations.invite(sqlite_deps, [Invitee(**{"email": "x@x.example", column: f"a{text}b"})])
