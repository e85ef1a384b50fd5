"""Calls of people at the desk: uploaded or pasted, speakers assigned, kept with everybody's yes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import store
from interviewer.deps import Deps
from interviewer.store import deals
from interviewer.store.tables.interviews import InterviewRow
from interviewer.transcript import Act, Speaker
from interviewer.web import uploads
from tests.core.test_import_files import docx
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import Browser

TALK = """Mara Lindqvist  0:02
Thanks both. So what made you start looking?

Jo Marsh  0:09
Our rota person left in May & nobody could read her "sheet".

Pat Quill  0:31
<b>And</b> the pool in Leith opened without a lifeguard.

Sam Rep  0:40
We can fix that.

Mara Lindqvist  0:44
What tipped it in the end?

Jo Marsh  0:50
Shiftwell picked up at 4am. Your desk closes at six.
"""
FACTS = {
    "flow": "loss",
    "held_on": "2026-09-10",
    "conducted_by": "Mara Lindqvist",
    "language": "en",
    "consent": "Asked at the start, all said yes",
    "name": "Jo Marsh",
    "company": "Brightwater",
    "role": "champion",
    "amount": "18,400",
    "currency": "eur",
    "selected_competitor": "unknown",
    "to_product": "yes",
    "crm_consent": "yes",
}


@pytest.fixture
async def desk(app: FastAPI, sqlite_deps: Deps) -> AsyncIterator[Browser]:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps)
        yield browser


async def upload(desk: Browser, file: bytes, **fields: str) -> tuple[int, str]:
    answer = await desk.http.post("/desk/import", data=fields, files={"file": ("call.bin", file)})
    return answer.status_code, answer.text


def form(page: str, action: str) -> dict[str, str]:
    """What the browser would send of a form of the page, hidden fields and checked choices included."""
    found = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.S)
    assert found, f"no form to {action}"
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[0])
    fields += re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked>', found[0])
    text = re.search(r'<textarea name="text" hidden>\n?(.*?)</textarea>', found[0], re.S)
    fields += [("text", text[1])] if text else []
    return {name: unescape(value).replace("\n", "\r\n") for name, value in fields}


async def only(deps: Deps) -> InterviewRow:
    async with deps.db.read() as tx:
        return (await tx.exec(select(InterviewRow))).one()


async def test_from_upload_to_the_page(desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    status, page = await upload(desk, TALK.encode(), **FACTS)
    assert status == 200
    assert "<legend>Sam Rep</legend>" in page
    assert "&lt;b&gt;And&lt;/b&gt;" in page, "what was said is text"
    fields = form(page, "/desk/import/keep")
    assert [fields[f"speaker_{number}"] for number in range(4)] == ["interviewer", "buyer", "buyer", "buyer"]
    kept = await desk.http.post("/desk/import/keep", data=fields | {"speaker_3": "nobody"})
    assert kept.status_code == 303 and kept.headers["location"].endswith("?done=imported")
    await jobs.run(sqlite_deps)
    shown = await desk.get(kept.headers["location"])
    assert shown.status_code == 200 and "Shiftwell" in shown.text
    row = await only(sqlite_deps)
    assert (row.mode, row.conducted_by, row.consent) == ("human", "Mara Lindqvist", FACTS["consent"])
    assert (row.crm_consent, row.audiences) == (True, ["product"])
    async with sqlite_deps.db.read() as tx:
        turns = [(turn.speaker, turn.text) for turn in await store.turns.transcript(tx, row.id)]
        deal = await deals.get(tx, row.invitation_id)
        invitation = await store.invitations.get(tx, row.invitation_id)
    assert turns == [
        (Speaker.INTERVIEWER, "Thanks both. So what made you start looking?"),
        (
            Speaker.BUYER,
            'Our rota person left in May & nobody could read her "sheet".\n'
            "<b>And</b> the pool in Leith opened without a lifeguard.",
        ),
        (Speaker.INTERVIEWER, "What tipped it in the end?"),
        (Speaker.BUYER, "Shiftwell picked up at 4am. Your desk closes at six."),
    ]
    assert deal and (deal.amount, deal.currency, deal.selected_competitor) == (18400, "EUR", "unknown")
    assert invitation and (invitation.role, invitation.email) == ("champion", "") and invitation.revoked_at


async def test_the_same_call_again_is_the_same_interview(desk: Browser, sqlite_deps: Deps) -> None:
    places = []
    for _ in "ab":
        _, page = await upload(desk, TALK.encode(), **FACTS)
        kept = await desk.http.post("/desk/import/keep", data=form(page, "/desk/import/keep"))
        places.append(kept.headers["location"])
    assert places[0] == places[1]
    await only(sqlite_deps)


async def test_notes_are_kept_as_noted(desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs) -> None:
    answer = await desk.post(
        "/desk/import", **FACTS, text="- rota person left\r\n- Price: too high\r\n- Shiftwell at 4am"
    )
    assert "as noted" in answer.text and "<legend>" not in answer.text
    kept = await desk.http.post("/desk/import/keep", data=form(answer.text, "/desk/import/keep"))
    assert kept.status_code == 303
    await jobs.run(sqlite_deps)
    for page in (kept.headers["location"], "/desk/library?q=4am"):
        text = (await desk.get(page)).text
        assert "as noted by who held the call, not the buyer’s own words" in text and "“<mark>" not in text
    printed = (await desk.get(f"{kept.headers['location'].partition('?')[0]}/print")).text
    assert "Quotes are cut from notes of the call" in printed and "as noted" in printed and "<q " not in printed
    async with sqlite_deps.db.read() as tx:
        turns = (await store.turns.transcript(tx, (await only(sqlite_deps)).id)).turns
    assert [(turn.act, turn.text) for turn in turns] == [
        (Act.NOTED, "rota person left"),
        (Act.NOTED, "Price: too high"),
        (Act.NOTED, "Shiftwell at 4am"),
    ]


async def test_a_transcript_can_be_taken_as_notes(desk: Browser) -> None:
    _, page = await upload(desk, b"Price: too high\nPrice: doubled\nSupport: slow\nSupport: closed", **FACTS)
    assert "<legend>Price</legend>" in page
    again = await desk.http.post("/desk/import", data=form(page, "/desk/import"))
    assert "as noted" in again.text
    back = await desk.http.post("/desk/import", data=form(again.text, "/desk/import"))
    assert "<legend>Price</legend>" in back.text


async def test_a_word_file(desk: Browser) -> None:
    body = "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("Kim: Why?", "Jo: Support.", "Kim: Oh.", "Jo: Yes.")
    )
    status, page = await upload(desk, docx(body), **FACTS)
    assert status == 200 and "<legend>Jo</legend>" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"consent": " "}, "a call is kept only with the yes of everybody"),
        ({"conducted_by": ""}, "Who asked is missing"),
        ({"held_on": "soon"}, "is not a day"),
        ({"held_on": "2031-01-01"}, "lies in the future"),
        ({"flow": "lost"}, "is not a flow"),
        ({"email": "nobody"}, "is not an address"),
        ({"amount": "lots"}, "is not a number"),
        ({"currency": "euro"}, "three letters"),
        ({"text": " \n "}, "has no words in it"),
    ],
)
async def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
    desk: Browser, sqlite_deps: Deps, change: dict[str, str], told: str
) -> None:
    for path in ("/desk/import", "/desk/import/keep"):
        answer = await desk.post(path, **(FACTS | {"text": TALK, "speaker_1": "buyer"} | change))
        assert answer.status_code == 422
        assert told in unescape(answer.text)
        assert "Brightwater" in answer.text, "what was typed stays"
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(InterviewRow))).all() == []


@pytest.mark.parametrize("file", [b"%PDF-1.7", b"PK\x03\x04 no archive", b"\xff\xfe\x00"])
async def test_files_that_cannot_be_read(desk: Browser, file: bytes) -> None:
    status, page = await upload(desk, file, **FACTS)
    assert status == 422 and "problem-words" in page and "Brightwater" in page


async def test_somebody_has_to_be_the_buyer(desk: Browser) -> None:
    _, page = await upload(desk, TALK.encode(), **FACTS)
    nobody = {f"speaker_{number}": "nobody" for number in range(4)}
    answer = await desk.http.post("/desk/import/keep", data=form(page, "/desk/import/keep") | nobody)
    assert answer.status_code == 422 and "Say which of them is the buyer" in answer.text


async def test_uploads_have_a_limit(desk: Browser) -> None:
    status, _ = await upload(desk, b"a" * (uploads.LARGEST_UPLOAD + 1), **FACTS)
    assert status == 413


@pytest.mark.parametrize("role", ["product", "leadership", "revops", "sales"])
async def test_others_may_not(app: FastAPI, sqlite_deps: Deps, role: str) -> None:
    async with Browser(app) as browser:
        await browser.sign_in(sqlite_deps, role)
        assert (await browser.get("/desk/import")).status_code == 403
        for path in ("/desk/import", "/desk/import/keep"):
            assert (await browser.post(path, **FACTS, text=TALK)).status_code == 403
    async with sqlite_deps.db.read() as tx:
        assert (await tx.exec(select(InterviewRow))).all() == []


async def test_a_transcript_that_names_nobody_is_not_silently_notes(desk: Browser) -> None:
    said = "We went with Shiftwell.\nTheir desk is open at five."
    status, page = await upload(desk, said.encode(), **FACTS, reading="transcript")
    assert status == 422
    assert "names no speakers that could be told: it begins “We went with Shiftwell.”" in page
    assert '<option value="transcript" selected>' in page and said in page, "what was given is still there"
    status, page = await upload(desk, said.encode(), **FACTS)
    assert status == 200 and "These are notes" in page


async def test_where_nobody_knows_the_hour_turns_are_counted(
    desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    """Noon is no time that anybody gave: the page says the day, and which turn."""
    shown = await kept_and_read(desk, sqlite_deps, jobs, re.sub(r"  \d:\d\d\n", ": ", TALK))
    assert "12:00" not in shown and 'data-as="time"' not in shown
    assert re.search(r'<span class="t num">turn 2\b', shown)
    assert re.search(r'class="cite num"[^>]*><span class="offscreen">Go to the quote in </span>turn \d', shown)
    assert re.search(r'<h2><time datetime="2026-09-10">10 Sep 2026</time>', shown)


CUES = [
    ("00:00:05.000", "<v Mara>What tipped it in the end?"),
    ("01:02:07.500", "<v Jo>Shiftwell picked up at 4am. Your desk closes at six."),
]
SUBTITLES = "WEBVTT\n\n" + "\n\n".join(f"{at} --> {at}\n{said}" for at, said in CUES)


@pytest.mark.parametrize(("said", "place"), [(TALK, "0:50"), (SUBTITLES, "1:02:07")], ids=["transcript", "subtitles"])
async def test_a_quote_of_a_call_says_where_in_the_recording_it_is(
    desk: Browser, sqlite_deps: Deps, jobs: RecordingJobs, said: str, place: str
) -> None:
    shown = await kept_and_read(desk, sqlite_deps, jobs, said)
    into = f'<span title="Into the call">{place}</span>'
    assert f'<span class="t num">{into}' in shown
    assert re.search(rf'class="cite num"[^>]*><span class="offscreen">Go to the quote at </span>{into}', shown)
    assert "12:00" not in shown and 'data-as="time"' not in shown


async def kept_and_read(desk: Browser, deps: Deps, jobs: RecordingJobs, said: str) -> str:
    """The page of a call that was brought in and analysed."""
    _, page = await upload(desk, said.encode(), **FACTS)
    kept = await desk.http.post("/desk/import/keep", data=form(page, "/desk/import/keep"))
    await jobs.run(deps)
    return (await desk.get(kept.headers["location"])).text
