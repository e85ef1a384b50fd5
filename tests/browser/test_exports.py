"""Exports, the page for print and API keys in real Chromium: at a desk and on a phone, in both themes, and on paper."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, TALL_PHONE, Contexts, accessible, flat, no_violations
from tests.browser.desk import Office
from tests.fakes.live_server import LiveServer
from tests.web.desk_scene import play

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = LiveServer(tmp_path_factory.mktemp("exports"))
    server.start()
    yield Office(server, server.do(play)[0])
    server.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, TALL_PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_every_page_is_accessible_in_both_themes(
    new_context: Contexts, office: Office, viewport: dict[str, int], scheme: str
) -> None:
    on_phone = viewport is not DESK
    page = office.enter(
        new_context(viewport=viewport, is_mobile=on_phone, has_touch=on_phone, color_scheme=scheme), "admin"
    )
    office.open(page, "/desk/keys")
    page.get_by_label("Who reads with it").fill("Warehouse")
    page.get_by_label("Quotes").check()
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_label("The new key")).to_have_value(re.compile("ivk_"))
    for path in ("", "/desk/keys", "/desk/exports", f"/desk/interviews/{office.finished}/print"):
        if path:
            office.open(page, path)
        accessible(page)
        flat(page)
        no_violations(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_filters_count_and_the_file_has_what_was_counted(
    new_context: Contexts, office: Office, tmp_path: Path, script: bool
) -> None:
    context = new_context(viewport=DESK, is_mobile=False, has_touch=False, java_script_enabled=script)
    page = office.enter(context, "admin")
    office.open(page, "/desk/exports?flow=win")
    expect(page.get_by_text("No interview fits")).to_have_count(3)
    page.get_by_label("Flow").select_option("loss")
    if not script:
        page.get_by_role("button", name="Count").click()
    interviews = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Interviews"))
    expect(interviews).to_contain_text("1 interview")
    assert "flow=loss" in page.url
    with page.expect_download() as download:
        interviews.get_by_role("link", name="Interviews as CSV").click()
    download.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as source:
        assert [row["company"] for row in csv.DictReader(source)] == ["Brightwater Leisure"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_on_paper_it_is_black_on_white(new_context: Contexts, office: Office, scheme: str, paper: str) -> None:
    page = office.enter(new_context(viewport=DESK, is_mobile=False, has_touch=False, color_scheme=scheme), "admin")
    office.open(page, f"/desk/interviews/{office.finished}/print")
    page.emulate_media(media="print", color_scheme=scheme)
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.pdf(format=paper).startswith(b"%PDF")
