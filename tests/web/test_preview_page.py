"""A flow taken at the desk: the choice, the reasons beside the phone, and again."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from interviewer import previews, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import NotAllowed, NotFound
from interviewer.previews import Wanted
from interviewer.web.app import create_app
from tests.fakes.phone import Phone
from tests.web.desk_scene import SAID, Browser
from tests.web.preview_scene import ANSWERS, CANARY, begin, delete_it, phone_in, tables


async def test_every_flow_and_language_can_be_chosen(pmm: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page = (await pmm.get("/desk/preview")).text
    languages = re.findall(r'<option value="(\w\w)"', page)
    assert set(languages) == {*sqlite_deps.phrases.languages, *sqlite_deps.languages.texts}
    for flow in sqlite_deps.flows:
        assert f'value="{flow.id}"' in page and html.escape(flow.name) in page
        await begin(pmm, flow=flow.id)
    for language in languages:
        _, where = await begin(pmm, language=language, product="Shift Board", role="evaluator")
        await handset.start(where)
        spoken = sqlite_deps.languages.get(language).language  # English where the pages have no words of their own
        assert f'<html lang="{spoken}"' in handset.last.text


@pytest.mark.parametrize("given", [{"flow": "nonsense"}, {"language": "xx"}])
async def test_what_there_is_none_of_is_not_found(pmm: Browser, given: dict[str, str]) -> None:
    assert (await pmm.post("/desk/preview", **given)).status_code == 404


async def test_the_reasons_follow_each_turn(pmm: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page, where = await begin(pmm, role="economic buyer", product="Shift Board")
    shown = (await pmm.get(page)).text
    for words in ("Press Start on the phone", "economic buyer", "Shift Board", "0 s</b>", "to come"):
        assert words in shown
    await handset.start(where)
    await handset.say(SAID[0])
    await handset.skip()
    await handset.say("The price of the import")
    pmm.http.headers["HX-Request"] = "true"
    answer = await pmm.get(page)
    assert answer.text.lstrip().startswith('<section id="reasons"') and "<iframe" not in answer.text
    async with sqlite_deps.db.read() as tx:
        rows = await store.turns.rows(tx, handset.interview_id)
    shown = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert "Skipped." in shown and "open question" in shown
    positions = [shown.index(row.text) for row in rows if row.text]
    assert positions[-1] < positions[0], "the latest comes first"
    for row in rows:
        assert row.why in shown
        if row.assessment:
            assert f"Read as {row.assessment['kind'].replace('_', ' ')}" in shown
            assert not row.assessment["hook"] or f"worth picking up: {row.assessment['hook']}" in shown
    del pmm.http.headers["HX-Request"]
    assert phone_in((await pmm.get(page)).text) == f"/interview/{handset.interview_id}", "a reload goes on"


async def test_the_words_of_a_model_are_told_with_their_verdicts(
    pmm: Browser, handset: Phone, sqlite_deps: Deps
) -> None:
    page, where = await begin(pmm)
    await handset.start(where)
    await handset.say(SAID[0])
    async with sqlite_deps.db.write() as tx:
        row = (await store.turns.rows(tx, handset.interview_id))[-1]
        row.source, row.model, row.prompt_id, row.calls = "model", "some-model", "ask_buyer@1234", 2
        row.tokens, row.latency_ms, row.verdicts = 2100, 1940, ["leading, too_long", "passed"]
    shown = html.unescape(re.sub(r"<[^>]+>", "", (await pmm.get(page)).text))
    assert (
        "Worded by the model. Wording check: first words turned down: leading, too long; asked again: passed." in shown
    )
    assert "some-model: 2 calls, 2,100 tokens, 1.9 s, ask_buyer@1234." in shown
    assert shown.count("when the flow was loaded") == 1 and "Lint" not in shown


async def test_again_begins_anew_and_deletes_what_was(pmm: Browser, handset: Phone, sqlite_deps: Deps) -> None:
    page, where = await begin(pmm, flow="churn", language="de", role="detractor")
    await handset.start(where)
    await handset.say(ANSWERS[0])
    fresh = (await pmm.post(f"{page}/again")).headers["location"]
    assert fresh != page and (await pmm.get(page)).status_code == 303
    shown = (await pmm.get(fresh)).text
    assert "German" in shown and "detractor" in shown and "Press Start on the phone" in shown
    assert CANARY not in repr(await tables(sqlite_deps))
    await handset.open(f"/interview/{handset.interview_id}")
    assert handset.last.status_code == 404 and handset.last.headers["x-frame-options"] == "SAMEORIGIN"


async def test_again_knows_the_role_after_the_buyer_deleted_everything(
    pmm: Browser, handset: Phone, sqlite_deps: Deps
) -> None:
    page, where = await begin(pmm, role="detractor")
    await delete_it(handset, where)
    fresh = (await pmm.post(f"{page}/again")).headers["location"]
    assert "detractor" in (await pmm.get(fresh)).text


async def test_pressed_twice_again_leaves_one_preview(deps: Deps) -> None:
    viewer = Viewer("mara", Role.ADMIN)
    preview_id = await previews.begin(deps, viewer, Wanted("loss", "en", "", "champion"))
    presses = (previews.again(deps, viewer, preview_id) for _ in range(2))
    told = await asyncio.gather(*presses, return_exceptions=True)
    (fresh,) = (one for one in told if isinstance(one, str))
    assert [type(one) for one in told if one != fresh] == [NotFound]
    async with deps.db.read() as tx:
        assert list(await store.previews.begun_before(tx, deps.now() + timedelta(days=1))) == [fresh]


async def test_again_keeps_a_preview_whose_flow_is_gone(sqlite_deps: Deps, make_deps: Any) -> None:
    from interviewer.flows.catalogue import Catalogue

    viewer = Viewer("mara", Role.ADMIN)
    preview_id = await previews.begin(sqlite_deps, viewer, Wanted("churn", "en", "", ""))
    later = make_deps(sqlite_deps.db, flows=Catalogue([flow for flow in sqlite_deps.flows if flow.id != "churn"]))
    with pytest.raises(NotFound):
        await previews.again(later, viewer, preview_id)
    async with sqlite_deps.db.read() as tx:
        assert await store.previews.get(tx, preview_id) is not None


async def test_one_that_is_over_leads_back_to_the_choice(pmm: Browser) -> None:
    page, _ = await begin(pmm)
    await pmm.post(f"{page}/end")
    answer = await pmm.get(page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/preview?done=preview_over")
    assert "That preview is over" in (await pmm.get(answer.headers["location"])).text
    pmm.http.headers["HX-Request"] = "true"
    assert (await pmm.get(page)).headers["hx-redirect"] == "/desk/preview?done=preview_over"


async def test_who_may_not_look_may_not_try(app: FastAPI, sqlite_deps: Deps, pmm: Browser) -> None:
    page, where = await begin(pmm)
    async with Browser(app) as sales:
        viewer = await sales.sign_in(sqlite_deps, "sales")
        assert "/desk/preview" not in (await sales.get("/desk")).text
        answer = await sales.get(page)
        assert answer.status_code == 403 and where not in answer.text
    preview_id = page.rpartition("/")[2]
    wanted = Wanted("loss", "en", "", "")
    with pytest.raises(NotAllowed):
        previews.offers(sqlite_deps, viewer)
    for refused in (
        previews.begin(sqlite_deps, viewer, wanted),
        previews.look(sqlite_deps, viewer, preview_id),
        previews.again(sqlite_deps, viewer, preview_id),
        previews.end(sqlite_deps, viewer, preview_id),
    ):
        with pytest.raises(NotAllowed):
            await refused


async def test_a_changed_flow_is_told(pmm: Browser, handset: Phone, sqlite_deps: Deps, make_deps: Any) -> None:
    from interviewer.flows.catalogue import Catalogue

    page, where = await begin(pmm)
    await handset.start(where)
    changed = [flow.model_copy(update={"version": flow.version + 1}) for flow in sqlite_deps.flows]
    later = create_app(make_deps(sqlite_deps.db, flows=Catalogue(changed)))
    assert "The flow was changed" not in (await pmm.get(page)).text
    async with Browser(later) as same:
        same.http.cookies.jar = pmm.http.cookies.jar
        assert "The flow was changed after this preview began" in (await same.get(page)).text
