"""The page of an interview that a call became: what is noted says so, and a note without words gets them by hand."""

from __future__ import annotations

import re

from interviewer.bookings import finishing, noting
from interviewer.bookings.noting import Given
from interviewer.deps import Deps
from tests.fakes.jobs import RecordingJobs
from tests.web.desk_scene import Browser, book_call, invite
from tests.web.test_desk_calls import over_now, text_of

NOTES = (
    Given("decision", "Kestrel was already in the building. Nobody wanted to train forty guards again.", 0),
    Given("almost", "Your mobile app, honestly", 0),
    Given(noting.HEADLINE, "Lost to a fear of change", 0),
)


async def test_noted_answers_say_so_and_a_headline_without_words_gets_them(
    browser: Browser, sqlite_deps: Deps, jobs: RecordingJobs
) -> None:
    mara = await browser.sign_in(sqlite_deps)
    call = await book_call(sqlite_deps, await invite(sqlite_deps))
    await noting.save(sqlite_deps, mara, call, NOTES)
    await over_now(sqlite_deps, call)
    interview_id = await finishing.finish(sqlite_deps, mara, call)
    await jobs.run(sqlite_deps)
    address = f"/desk/interviews/{interview_id}"
    page = (await browser.get(address)).text
    words = text_of(page)
    assert words.count("the flow’s question, whatever words it was asked in") == 2
    assert words.index("What came closest") < words.index("What tipped it in the end")
    assert '<span class="t num">noted</span>' in page and "</span>noted</a>" in page  # no minute is made up
    three = page.partition('id="three"')[2].partition("</section>")[0]
    assert three.index("Lost to a fear of change") < three.index("Suggested beside") and "Choose its words" in three
    assert "<q lang" not in page.split("Tagged quotes<")[1].split("</section>")[0]
    assert "Noted after the call" in words and "Lost to a fear of change" in words
    form = re.findall(r'<form method="post" action="([^"]+/reword)">(.*?)</form>', page, re.S)
    (action, fields), *_ = [one for one in form if "Lost to a fear of change" in one[1]]
    version = re.findall(r'name="version" value="(\d+)"', fields)[0]
    chosen = re.findall(r'name="(quote-\d+)"', fields)[0]
    done = await browser.post(action, version=version, text="Lost to a fear of change", **{chosen: "on"})
    assert done.status_code == 303
    page = text_of((await browser.get(address)).text)
    assert "Noted after the call" not in page and "Lost to a fear of change" in page
