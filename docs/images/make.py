"""Take the README's pictures from a fresh demo in real Chromium: `python docs/images/make.py` in a checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1360, "height": 900}}

ANSWERS = (
    "We missed two delivery windows in June and the ops director asked for a plan by end of quarter",
    "You, Brightline, and keeping the spreadsheet tbh",
)


def phone(browser: Browser, link: str) -> None:
    """Landing and chat in both themes, and the check page: one interview, looked at by one browser."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    _take(page, "phone-landing-light")
    page.locator("#start button").click()
    page.wait_for_load_state("load")
    for number, text in enumerate(ANSWERS, start=2):
        page.locator("#text").fill(text)
        page.locator("#answer button").click()
        expect(page.locator('[data-speaker="interviewer"]')).to_have_count(number)
    page.locator("#progress").click()  # the keyboard goes away
    _take(page, "phone-chat-light")
    page.emulate_media(color_scheme="dark")
    _take(page, "phone-chat-dark")
    page.locator("#finish button").click()
    page.wait_for_load_state("load")
    _take(page, "phone-check-dark")
    context.close()


def desk(browser: Browser, link: str) -> None:
    context = browser.new_context(**DESK)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    page.emulate_media(color_scheme="dark")
    _take(page, "desk-interviews-dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("link", name="Northpool").first.click()
    page.wait_for_load_state("load")
    _take(page, "desk-interview-light")
    context.close()


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=HERE / f"{name}.png")


def main() -> None:
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "interviewer", "demo", "--data-dir", folder, "--host", "127.0.0.1"]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1])  # noqa: S603 our own
        assert demo.stdout is not None
        said = ""
        try:
            for line in demo.stdout:
                said += line
                if "Ctrl+C" in line:
                    break
            buyer, sign_in = (re.search(rf"http://\S+/{path}/\S+", said) for path in ("i", "desk/sign-in"))
            assert buyer and sign_in, said
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                phone(browser, buyer[0])
                desk(browser, sign_in[0])
                browser.close()
        finally:
            demo.terminate()
            demo.wait()


if __name__ == "__main__":
    main()
