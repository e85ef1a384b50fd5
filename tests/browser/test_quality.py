"""The quality page in real Chromium: at a desk and on a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from interviewer.deps import Deps
from interviewer.store.tables.interviews import TurnRow
from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import SAID, play

NARROW = {"width": 320, "height": 640}
MADE = (
    ("model", ["passed"], 1),
    ("model", ["leading, unsaid_feature", "passed"], 2),
    ("fallback", ["double_barrelled", "open"], 2),
    ("fallback", [], 1),
    ("flow", [], 1),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("quality"))
    server.start()
    finished = server.do(_furnish)
    yield Office(server, finished)
    server.stop()


async def _furnish(deps: Deps) -> str:
    """Three interviews in which replies came about in each way. Gives the first invitation's id."""
    made = []
    for number, flow in enumerate(("loss", "win", "loss")):
        company = ("Brightwater Leisure", "Orchard Clinics", "Vela Retail")[number]
        said = SAID if number else [*SAID[:3], "better product", "it was time"]
        ids = await play(deps, said=said, send=False, flow=flow, email=f"n{number}@x.example", company=company)
        async with deps.db.write() as tx:
            query = select(TurnRow).where(TurnRow.interview_id == ids[1], col(TurnRow.reply_to).is_not(None))
            rows = (await tx.exec(query.order_by(col(TurnRow.number)))).all()
            for row, (source, verdicts, calls) in zip(rows, MADE[number:], strict=False):
                row.source, row.verdicts, row.calls = source, verdicts, calls
                tx.add(row)
        made.append(ids[0])
    return made[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    context = new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme)
    page = office.enter(context)
    for path in ("", "?rule=leading", "?from=2020-01-01&to=2020-02-01"):
        office.open(page, f"/desk/quality{path}")
        accessible(page)
        flat(page)
        no_violations(page)


def test_a_count_leads_to_the_turn(new_context: Contexts, office: Office) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False))
    page.get_by_role("link", name="Quality").click()
    row = page.get_by_role("row").filter(has_text="Leading")
    row.get_by_role("link").click()
    expect(page.locator("#behind")).to_be_in_viewport()
    page.locator("#behind li a", has_text="Brightwater Leisure").click()
    expect(page.locator(".turn:target")).to_be_in_viewport()
    page.get_by_label("Why each question was asked").check()
    page.locator(".turn:target .why summary").click()
    expect(page.locator(".turn:target .why")).to_contain_text("first words turned down: leading")
    no_violations(page)
