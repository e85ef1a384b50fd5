"""What a reviewer does, with and without script: the rows that follow, what is told, and what happens when late."""

import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from interviewer import store
from interviewer.deps import Deps
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.review import RedactionRow, ReleaseRow
from tests.fakes import audit_log
from tests.web import review_scene as scene
from tests.web.desk_scene import SAID, Browser

PRICING = "pricing: import fee"
GAP = "No support when the buyer’s work begins."


@pytest.fixture(params=["plain", "script"])
async def pmm(app: FastAPI, sqlite_deps: Deps, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    async with Browser(app) as one:
        await one.sign_in(sqlite_deps)
        if request.param == "script":
            one.http.headers["HX-Request"] = "true"
        yield one


@pytest.fixture
async def interview_id(sqlite_deps: Deps) -> str:
    return (await scene.suggested(sqlite_deps))[1]


async def _act(pmm: Browser, path: str, **fields: object) -> tuple[str, dict[str, str]]:
    """Do it, and give what is told with the form that takes it back."""
    answer = await pmm.post(path, **{name: str(value) for name, value in fields.items()})
    if "hx-request" not in pmm.http.headers:
        assert answer.status_code == 303, answer.text
        answer = await pmm.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    told = re.search(r'<div class="toast".*?</div>', answer.text, re.S)
    assert told, answer.text[:500]
    return told.group(), dict(re.findall(r'name="(\w+)" value="([^"]*)"', told.group()))


@pytest.mark.parametrize(("verb", "review"), [("confirm", "confirmed"), ("reject", "rejected")])
async def test_a_tag_is_decided_on_and_taken_back(
    pmm: Browser, sqlite_deps: Deps, interview_id: str, verb: str, review: str
) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    here = f"/desk/interviews/{interview_id}"
    told, back = await _act(pmm, f"{here}/tags/{tag.id}/{verb}", version=tag.version)
    assert ("Accepted" if verb == "confirm" else "Turned down") in told
    assert (await scene.tags(sqlite_deps))[PRICING].review == review
    page = (await pmm.get(here)).text
    state = re.search(rf'data-item="tag:{tag.id}"[^>]*data-state="(\w+)"', page)
    assert state and state.group(1) == review
    assert ('id="rejected"' in page) == (verb == "reject")
    answer = await pmm.post("/desk/review/undo", **back)
    scripted = "hx-request" in pmm.http.headers
    assert answer.status_code == (200 if scripted else 303)
    assert (f'data-restored="tag:{tag.id}"' in answer.text) == scripted
    assert (await scene.tags(sqlite_deps))[PRICING].review == ""


async def test_a_statement_is_decided_on_and_made_a_suggestion_again(
    pmm: Browser, sqlite_deps: Deps, interview_id: str
) -> None:
    here = f"/desk/interviews/{interview_id}/statements"
    for verb, review in (("confirm", "confirmed"), ("reopen", ""), ("reject", "rejected")):
        row = (await scene.said(sqlite_deps))[GAP]
        await _act(pmm, f"{here}/{row.id}/{verb}", version=row.version)
        assert (await scene.said(sqlite_deps))[GAP].review == review


async def test_a_tag_says_something_else(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    path = f"/desk/interviews/{interview_id}/tags/{tag.id}/retag"
    fields = {"version": tag.version, "theme": "criticism", "subject": "import", "polarity": "negative"}
    told, _ = await _act(pmm, path, **fields)
    assert "Retagged" in told
    made = (await scene.tags(sqlite_deps))["criticism: import"]
    assert (made.made_by, made.review) == ("person", "confirmed")
    assert "by a person" in (await pmm.get(f"/desk/interviews/{interview_id}")).text


async def test_selected_words_are_tagged_and_redacted(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    here = f"/desk/interviews/{interview_id}"
    start = SAID[2].index("nine days")
    where = {"turn": 6, "start": start, "end": start + 9, "words": "nine days"}
    told, _ = await _act(pmm, f"{here}/quotes", **where, theme="pricing", subject="import days", polarity="negative")
    assert "Tagged" in told and "pricing: import days" in await scene.tags(sqlite_deps)
    beside = await pmm.post(
        f"{here}/redactions", **{name: str(value) for name, value in where.items()} | {"words": "ten"}
    )
    assert beside.status_code == 422 and "Words are not in this answer." in beside.text
    told, back = await _act(pmm, f"{here}/redactions", **where | {"start": 0, "end": 0})  # as typed, without script
    assert "Under a bar now" in told
    page = (await pmm.get(here)).text
    assert "nine days" not in page and "████ ████" in page
    await pmm.post("/desk/review/undo", **back)
    assert "nine days" in (await pmm.get(here)).text
    async with sqlite_deps.db.read() as tx:
        assert not (await tx.exec(select(RedactionRow))).all()


async def test_a_sentence_is_reworded_with_what_it_rests_on(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    row = (await scene.said(sqlite_deps))[GAP]
    page = (await pmm.get(f"/desk/interviews/{interview_id}")).text
    quote = re.search(r'name="quote-(\d+)" value="on"><q[^>]*>Our rota person left', page)
    assert quote
    path = f"/desk/interviews/{interview_id}/statements/{row.id}/reword"
    await _act(pmm, path, version=row.version, text="Nobody\nis there at five.", **{f"quote-{quote.group(1)}": "on"})
    assert "Nobody is there at five." in await scene.said(sqlite_deps)
    page = (await pmm.get(f"/desk/interviews/{interview_id}")).text
    assert "reworded by a person" in page and f"<del>{GAP}</del>" in page
    assert re.search(rf'data-item="statement:{row.id}"[^>]*data-quotes="{quote.group(1)}"', page)


async def test_a_subject_is_merged(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    fields = {"interview": interview_id, "subject_from": "import fee", "subject_into": "import"}
    told, back = await _act(pmm, "/desk/review/merge", **fields)
    assert "Merged" in told and "pricing: import" in await scene.tags(sqlite_deps)
    await pmm.post("/desk/review/undo", **back)
    assert PRICING in await scene.tags(sqlite_deps)


async def test_a_merge_goes_back_to_where_it_was_asked_from(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    """Without an interview to go back to, as from a page over all of them."""
    pages = ("http://testserver/desk/library?q=fee", "/desk/library"), ("http://elsewhere/desk/x", "/desk/review")
    for subject, (referer, back) in zip(("import fee", "support hours"), pages, strict=True):
        pmm.http.headers["Referer"] = referer
        answer = await pmm.post("/desk/review/merge", subject_from=subject, subject_into="one name")
        assert answer.status_code == 303 and answer.headers["location"].startswith(f"{back}?done=merged&change=")
        assert (await pmm.get(answer.headers["location"])).status_code == 200
    late = await pmm.post("/desk/review/merge", subject_from="import fee", subject_into="another")
    assert late.headers["location"] == "/desk/review?done=too_late"


async def test_an_undo_against_the_rules_says_so(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    here = f"/desk/interviews/{interview_id}"
    await _act(pmm, f"{here}/tags/{tag.id}/confirm", version=tag.version)
    await _act(pmm, f"{here}/quotes/{tag.quote_id}/release", audience="product")
    _, back = await _act(pmm, f"{here}/quotes/{tag.quote_id}/withdraw", audience="product")
    async with sqlite_deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id, lock=True)
        assert row is not None
        row.audiences = ["sales"]
    refused = await pmm.post("/desk/review/undo", **back)
    assert refused.status_code == 422 and "was not named in what this buyer was promised" in refused.text


async def test_a_quote_is_released_as_the_buyer_was_promised(
    pmm: Browser, sqlite_deps: Deps, interview_id: str
) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    here = f"/desk/interviews/{interview_id}"
    await _act(pmm, f"{here}/tags/{tag.id}/confirm", version=tag.version)
    await _act(pmm, f"{here}/quotes/{tag.quote_id}/release", audience="product")
    assert "released to product" in (await pmm.get(here)).text
    refused = await pmm.post(f"{here}/quotes/{tag.quote_id}/release", audience="revops")
    assert refused.status_code == 422 and "was not named in what this buyer was promised" in refused.text
    words = {"audience": "sales", "wording": "Buyers look at what moving their data costs."}
    await _act(pmm, f"{here}/quotes/{tag.quote_id}/release", **words)
    assert "released to sales, in our words" in (await pmm.get(here)).text
    await _act(pmm, f"{here}/quotes/{tag.quote_id}/withdraw", audience="product")
    async with sqlite_deps.db.read() as tx:
        assert [row.audience for row in (await tx.exec(select(ReleaseRow))).all()] == ["sales"]


async def test_all_that_is_left_is_accepted_in_one_step(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    here = f"/desk/interviews/{interview_id}"
    form = re.search(r'id="accept">(.*?)</form>', (await pmm.get(here)).text, re.S)
    shown = dict(re.findall(r'name="(\w+:\d+)" value="(\d+)"', form.group(1) if form else ""))
    assert len(shown) == scene.SUGGESTED
    _, back = await _act(pmm, f"{here}/accept", **shown)
    assert {row.review for row in (await scene.said(sqlite_deps)).values()} == {"confirmed"}
    assert "Accept all that is left" not in (await pmm.get(here)).text
    await pmm.post("/desk/review/undo", **back)
    assert {row.review for row in (await scene.tags(sqlite_deps)).values()} == {""}
    late = await pmm.post(f"{here}/accept", **shown)
    assert late.status_code == 409, "as many are left, but not as they were shown"
    assert {row.review for row in (await scene.tags(sqlite_deps)).values()} == {""}


async def test_a_card_is_accepted_in_one_step_or_not_at_all(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    here = f"/desk/interviews/{interview_id}"
    tag, row = (await scene.tags(sqlite_deps))[PRICING], (await scene.said(sqlite_deps))[GAP]
    shown = {f"tag:{tag.id}": tag.version, f"statement:{row.id}": row.version}
    _, back = await _act(pmm, f"{here}/confirm", **shown)
    assert {(await scene.tags(sqlite_deps))[PRICING].review, (await scene.said(sqlite_deps))[GAP].review} == {
        "confirmed"
    }
    await pmm.post("/desk/review/undo", **back)
    stale = await pmm.post(f"{here}/confirm", **{name: str(version) for name, version in shown.items()})
    assert stale.status_code == 409
    assert (await scene.said(sqlite_deps))[GAP].review == ""
    assert (await pmm.post(f"{here}/confirm")).status_code == 422
    assert (await pmm.post(f"{here}/confirm", **{"driver:1": "1"})).status_code == 422


async def test_a_page_that_is_brought_up_to_date_was_opened_once(
    pmm: Browser, sqlite_deps: Deps, interview_id: str
) -> None:
    async def views() -> int:
        async with sqlite_deps.db.read() as tx:
            rows = await audit_log.entries(tx, f"interview:{interview_id}")
        return sum(row.verb == "viewed transcript" for row in rows)

    here = f"/desk/interviews/{interview_id}"
    await pmm.get(f"{here}/evidence")
    assert await views() == 1  # who goes there without the page has looked, too
    await pmm.get(f"{here}/evidence")
    assert await views() == 1
    await pmm.get(here)
    assert await views() == 2


async def test_finishing_leads_to_the_next_and_back(pmm: Browser, sqlite_deps: Deps, interview_id: str) -> None:
    other, _ = await scene.suggested(sqlite_deps, email="other@x.example", company="Vela Retail")
    answer = await pmm.post(f"/desk/interviews/{interview_id}/finish")
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith(f"/desk/interviews/{other}?done=reviewed&change=")
    page = (await pmm.get(f"/desk/interviews/{interview_id}")).text
    assert "Reviewed</b> by Pmm" in page and "Review again" in page
    assert "Marked as reviewed." in (await pmm.get(where)).text
    last = await pmm.post(f"/desk/interviews/{other}/finish")
    assert last.headers["location"].startswith("/desk/review?done=all_reviewed&change=")
    assert "All reviewed" in (await pmm.get("/desk/review")).text
    await pmm.post("/desk/review/undo", change=where.rpartition("=")[2])
    assert (await scene.interview(sqlite_deps, interview_id)).reviewed_at is None


async def test_who_comes_late_sees_what_the_other_left(
    pmm: Browser, app: FastAPI, sqlite_deps: Deps, interview_id: str
) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    path = f"/desk/interviews/{interview_id}/tags/{tag.id}"
    async with Browser(app) as other:
        await other.sign_in(sqlite_deps, "admin")
        await other.post(f"{path}/reject", version=str(tag.version))
    late = await pmm.post(f"{path}/confirm", version=str(tag.version))
    assert late.status_code == 409
    assert "Admin changed this meanwhile" in late.text and 'id="rejected"' in late.text
    assert ("<html" in late.text) == ("hx-request" not in pmm.http.headers)
    assert (await scene.tags(sqlite_deps))[PRICING].review == "rejected"


async def _stale(pmm: Browser, here: str, taken: str, shown: dict[str, str]) -> dict[str, str]:
    """What is told where each act on a whole interview comes too late, by act."""
    acts = {
        "accept": (f"{here}/accept", shown),
        "card": (f"{here}/confirm", shown),
        "finish": (f"{here}/finish", {}),
        "undo": ("/desk/review/undo", {"change": taken, "interview": here.rpartition("/")[2]}),
    }
    told = {}
    for name, (path, fields) in acts.items():
        answer = await pmm.post(path, **fields)
        assert answer.status_code == 409 and 'id="looked"' in answer.text, name
        told[name] = next(iter(re.findall(r'id="notice">([^<]*)<', answer.text)))
    return told


async def test_who_comes_late_is_told_whose_word_stands(
    pmm: Browser, app: FastAPI, sqlite_deps: Deps, interview_id: str
) -> None:
    """Theirs who moved what the act was on, whoever did what to other things since."""
    here, tag = f"/desk/interviews/{interview_id}", (await scene.tags(sqlite_deps))[PRICING]
    shown = {f"tag:{tag.id}": str(tag.version)}
    _, back = await _act(pmm, f"{here}/confirm", **shown)
    taken = back["change"]
    await pmm.post("/desk/review/undo", **back)
    await pmm.post(f"{here}/tags/{tag.id}/confirm", version=str(tag.version + 2))
    await pmm.post(f"{here}/finish")
    async with Browser(app) as other:
        await other.sign_in(sqlite_deps, "admin")
        gap = (await scene.said(sqlite_deps))[GAP]
        await other.post(f"{here}/statements/{gap.id}/reject", version=str(gap.version))
        own = await _stale(pmm, here, taken, shown)
        assert all(words.startswith("You changed this yourself") for words in own.values()), own
        await other.post(f"{here}/tags/{tag.id}/reject", version=str(tag.version + 3))
        await other.post(f"{here}/unfinish")
        await other.post(f"{here}/finish")
        another = (await scene.said(sqlite_deps))["They bought Shiftwell."]
        await pmm.post(f"{here}/statements/{another.id}/confirm", version=str(another.version))
    theirs = await _stale(pmm, here, taken, shown)
    assert all(words.startswith("Admin changed this meanwhile") for words in theirs.values()), theirs
    async with sqlite_deps.db.write() as tx:  # as a new run of the analysis leaves it
        row = await tx.get_one(TagRow, tag.id)
        row.review, row.reviewed_by, row.version = "", "", row.version + 1
        tx.add(row)
    anew = await _stale(pmm, here, taken, shown)
    assert anew["accept"].startswith("This page was older") and anew["card"] == anew["accept"], anew


async def test_of_a_merged_subject_it_is_told_who_merged_it(
    pmm: Browser, app: FastAPI, sqlite_deps: Deps, interview_id: str
) -> None:
    fields = {"interview": interview_id, "subject_from": "import fee", "subject_into": "import"}
    async with Browser(app) as other:
        await other.sign_in(sqlite_deps, "admin")
        await other.post("/desk/review/merge", **fields)
    await pmm.post(f"/desk/interviews/{interview_id}/finish")
    late = await pmm.post("/desk/review/merge", **fields)
    assert late.status_code == 409 and "Admin changed this meanwhile" in late.text


async def test_what_is_wrong_with_a_form_is_said_and_changes_nothing(
    pmm: Browser, sqlite_deps: Deps, interview_id: str
) -> None:
    tag = (await scene.tags(sqlite_deps))[PRICING]
    here = f"/desk/interviews/{interview_id}"
    wrong = await pmm.post(f"{here}/tags/{tag.id}/retag", version=str(tag.version), theme="<b>mood</b>")
    assert wrong.status_code == 422 and "Theme is not in the codebook." in wrong.text
    empty = await pmm.post(f"{here}/redactions", turn="6", start="9" * 40, end="x")
    assert empty.status_code == 422
    assert (await scene.tags(sqlite_deps))[PRICING].version == tag.version
    assert (await pmm.post(f"{here}/tags/{'9' * 40}/confirm")).status_code == 404
    assert (await pmm.post(f"{here}/tags/{tag.id}/explode")).status_code == 404


async def test_a_rerun_is_asked_for(pmm: Browser, interview_id: str) -> None:
    answer = await pmm.post(f"/desk/interviews/{interview_id}/rerun")
    assert answer.status_code == 303 and answer.headers["location"].endswith("?done=rerun")
    page = (await pmm.get(answer.headers["location"])).text
    assert "What a person decided stays" in page and "The answers are being read" in page
