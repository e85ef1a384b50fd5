"""Ways in which a slip at the desk might tell sales who a buyer is, or what they said (trust.md 9-11).

Each is tried to the end: whatever the desk lets happen, sales looks at all that it can reach, and finds neither.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from fastapi import FastAPI

from interviewer import keys, reviewing, store
from interviewer.confidentiality import Role, Viewer
from interviewer.deps import Deps
from interviewer.errors import BadInput, Overtaken
from interviewer.namesakes import of_buyer, tells
from interviewer.paraphrase import repeated
from interviewer.reviewing import Retag
from interviewer.store import quotes, releases, translations
from interviewer.store.tables.analysis import TagRow
from interviewer.store.tables.review import ReleaseRow
from tests.fakes.jobs import RecordingJobs
from tests.web.api_scene import CONSOLE, SCOPES, Program
from tests.web.desk_scene import Browser, play

PMM = Viewer("pmm-1", Role.PMM, "Mara")
SAID = (
    "Our rota person left in May, so Kim Larsen asked for something better and we looked around",
    "You and Shiftwell. Larsen knew them from another council in the north of the country",
    "The price of the import was far too high. Your consultant quoted nine days of work on site, no single sign-on",
    "価格が高すぎて導入を見送りました、田中太郎より",
    "Ask who answers the phone at night before you look at any feature at all",
)
QUOTED = "The price of the import was far too high"
FIT = "They balked at the cost of moving their data."
NAMES = (*of_buyer("Jo Marsh", "Brightwater Leisure", "jo.marsh@brightwater.example"), "Kim Larsen", "田中太郎")


@dataclass(frozen=True)
class Slip:
    """Where a slip happens."""

    deps: Deps
    interview: str
    page: str
    quote: int

    async def release(self, wording: str = FIT, audience: str = "sales") -> int:
        return await reviewing.release(self.deps, PMM, self.interview, self.quote, audience, wording)

    async def retag(self, subject: str) -> int:
        async with self.deps.db.read() as tx:
            found = await quotes.of(tx, self.interview)
        (tag,) = next(quote.tags for quote in found if quote.id == self.quote)
        return await reviewing.retag(
            self.deps, PMM, self.interview, tag.id, tag.version, Retag("pricing", subject, "negative")
        )

    async def redact(self, turn: int, words: str) -> int:
        return await reviewing.redact(self.deps, PMM, self.interview, turn, 0, 0, words)

    async def keep(self, wording: str) -> None:
        """A release in a row, as another version or an import may have left it."""
        async with self.deps.db.write() as tx:
            row = ReleaseRow(
                interview_id=self.interview,
                quote_id=self.quote,
                audience="sales",
                wording=wording,
                user_id="u",
                at=self.deps.now(),
            )
            tx.add(row)


@pytest.fixture
async def slip(sqlite_deps: Deps) -> Slip:
    page, interview_id = await play(
        replace(sqlite_deps, jobs=RecordingJobs()), said=SAID, email="jo.marsh@brightwater.example", segment="Leisure"
    )
    async with sqlite_deps.db.write() as tx:
        row = await store.interviews.get(tx, interview_id)
        assert row is not None
        row.audiences = ["product", "sales"]
        tx.add(row)
    await reviewing.mark(sqlite_deps, PMM, interview_id, 6, 0, len(QUOTED), QUOTED, Retag("pricing", "import fee"))
    async with sqlite_deps.db.read() as tx:
        (quote,) = await quotes.of(tx, interview_id)
    made = Slip(sqlite_deps, interview_id, page, quote.id)
    await made.redact(2, "Kim Larsen")
    await made.redact(8, "田中太郎")
    async with sqlite_deps.db.write() as tx:
        english = [(8, "The price was too high so we gave up on the rollout, says a person")]
        await translations.replace(tx, interview_id, "en", english, made_by="m", prompt_id="")
    return made


WORDINGS: dict[str, str] = {
    "the quote": QUOTED,
    "the quote in capitals": QUOTED.upper(),
    "the quote in a sentence": f"They said: {QUOTED.lower()}, and left",
    "a run of it": "For them the import was far too high a hurdle",
    "a run with other signs between": "for them the import - was / far, too: high",
    "a run in wide letters": "ｔｈｅ ｉｍｐｏｒｔ ｗａｓ ｆａｒ ｔｏｏ ｈｉｇｈ",
    "a run in bold letters": "They felt 𝐭𝐡𝐞 𝐢𝐦𝐩𝐨𝐫𝐭 𝐰𝐚𝐬 𝐟𝐚𝐫 𝐭𝐨𝐨 𝐡𝐢𝐠𝐡",
    "a run with signs that nobody sees": "the im\u200bport w\u00adas far t\u2060oo hi\u200dgh for them",
    "a run with accents": "thé ìmpört wàs fár tóo hîgh for them",
    "a run without spaces": "theimportwasfartoohigh for them",
    "a run letter by letter": "T-h-e i-m-p-o-r-t w-a-s f-a-r t-o-o high for them",
    "words of another answer": "They would ask who answers the phone at night",
    "a whole answer, shortened": "nine days of work on site",
    "what stands before the quote": "Larsen knew them from another council",
    "Japanese words": "価格が高すぎて導入を見送りました",
    "a run of Japanese": "彼らは価格が高すぎて導入を断念",
    "the translation": "They gave up on the rollout, as the price was too high so we gave up on the rollout",
    "the name": "Jo Marsh balked at the cost",
    "the first name": "Jo balked at the cost",
    "the last name with an s": "It was Marsh's call, on cost",
    "the name in wide letters": "Ｍａｒｓｈ balked at the cost",
    "the name with signs that nobody sees": "Mar\u200bsh balked at the cost",
    "the company": "Brightwater balked at the cost",
    "the company in one word": "brightwaterleisure balked at the cost",
    "the address": "jo.marsh@brightwater.example balked at the cost",
    "who was redacted": "Kim Larsen balked at the cost",
    "a part of who was redacted": "For Larsen it was the cost",
    "who was redacted, in capitals": "KIM balked at the cost",
    "who was redacted in Japanese": "田中太郎さんは予算で断念",
    "nothing": " ",
    "a sign that nobody sees": "\u200b",
}


async def _subject_name(slip: Slip) -> None:
    await slip.release()
    await slip.retag("Brightwater import")


async def _subject_redacted(slip: Slip) -> None:
    await slip.release()
    await slip.retag("Larsen's budget")


async def _subject_words(slip: Slip) -> None:
    await slip.release()
    await slip.retag(QUOTED)


async def _subject_merged(slip: Slip) -> None:
    await slip.release()
    await reviewing.merge(slip.deps, PMM, "import fee", "Marsh and the import")


async def _name_known_later(slip: Slip) -> None:
    await slip.release("Their Otterly team balked at the cost.")
    async with slip.deps.db.write() as tx:
        invitation = await store.invitations.get(tx, slip.page)
        assert invitation is not None
        invitation.company = "Otterly Brightwater"
        tx.add(invitation)


async def _segment(slip: Slip) -> None:
    await slip.release()
    async with slip.deps.db.write() as tx:
        invitation = await store.invitations.get(tx, slip.page)
        assert invitation is not None
        invitation.company, invitation.segment = "The Brightwater Group", "Brightwater key account"
        tx.add(invitation)


async def _undone_withdrawal(slip: Slip) -> None:
    await slip.release("Otterly balked at the cost.")
    gone = await reviewing.withdraw(slip.deps, PMM, slip.interview, slip.quote, "sales")
    await slip.redact(4, "another council")
    async with slip.deps.db.write() as tx:
        row = await store.interviews.get(tx, slip.interview)
        assert row is not None
        row.audiences = ["product"]
        tx.add(row)
    await reviewing.undo(slip.deps, PMM, gone)


async def _lifted_bar(slip: Slip) -> None:
    await slip.release("Their Shiftwell friend balked at the cost.")
    hidden = await slip.redact(4, "Shiftwell")
    await reviewing.undo(slip.deps, PMM, hidden)


async def _changed_release(slip: Slip) -> None:
    await slip.release()
    await slip.release(QUOTED)


async def _row_verbatim(slip: Slip) -> None:
    await slip.keep(f"They said {QUOTED}")


async def _row_of_the_answer(slip: Slip) -> None:
    await slip.keep("Your consultant quoted nine days of work")


async def _row_without_wording(slip: Slip) -> None:
    await slip.keep("")


async def _row_with_name(slip: Slip) -> None:
    await slip.keep("Jo balked at the cost")


async def _row_redacted(slip: Slip) -> None:
    await slip.keep("Kim Larsen balked at the cost")


async def _of_product(slip: Slip) -> None:
    await slip.release(audience="product")


async def _rejected_tag(slip: Slip) -> None:
    await slip.release()
    async with slip.deps.db.write() as tx:
        tx.add(TagRow(quote_id=slip.quote, theme="praise", subject=QUOTED, review="rejected"))


WAYS: Sequence[Callable[[Slip], Awaitable[None]]] = (
    _subject_name,
    _subject_redacted,
    _subject_words,
    _subject_merged,
    _name_known_later,
    _segment,
    _undone_withdrawal,
    _lifted_bar,
    _changed_release,
    _row_verbatim,
    _row_of_the_answer,
    _row_without_wording,
    _row_with_name,
    _row_redacted,
    _of_product,
    _rejected_tag,
)
ADDRESSES = (
    "/desk/released",
    "/desk/released?audience=product",
    "/desk/released?theme=Pricing",
    "/desk/exports",
    "/desk/exports/released.csv",
    "/desk/exports/released.json",
    "/desk/exports/released.md",
    "/desk/exports/released.csv?audience=product",
    "/desk/exports/quotes.csv",
    "/desk/library?q=import",
    "/desk/library/answer?q=what+do+buyers+say+about+the+import",
    "/desk/interviews/{page}",
    "/desk/interviews/{page}/print",
    "/desk/interviews/{page}/export.json",
    "/desk/review",
)
READ = ("released", "released?audience=product", "quotes", "interviews", "interviews/{page}", "released?cursor=x")


async def reached(app: FastAPI, slip: Slip) -> list[str]:
    """Every answer that sales gets, errors too, as plain text."""
    secret = (await keys.make(slip.deps, CONSOLE, "s", role=Role.SALES, scopes=SCOPES[Role.SALES])).secret
    async with Browser(app) as browser, Program(app, secret) as program:
        await browser.sign_in(slip.deps, Role.SALES)
        pages = [await browser.get(address.format(page=slip.page)) for address in ADDRESSES]
        pages.append(await browser.post(f"/desk/interviews/{slip.page}/quotes/{slip.quote}/release", audience="sales"))
        answers = [await program.http.get(f"/api/v1/{address.format(page=slip.page)}") for address in READ]
    assert not [page.url for page in (*pages, *answers) if page.status_code >= 500]
    return [re.sub(r"<[^>]+>", "\n", page.text) for page in (*pages, *answers)]


def bare(texts: Sequence[str]) -> list[str]:
    """Names and words of the buyer in what sales reads."""
    words = (repeated(line, QUOTED, SAID) for text in texts for line in text.splitlines() if line.strip())
    return [found for found in (*(tells(text, NAMES) for text in texts), *words) if found]


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=WORDINGS)
async def test_no_paraphrase_tells(app: FastAPI, slip: Slip, wording: str) -> None:
    with pytest.raises(BadInput):
        await slip.release(wording)
    async with slip.deps.db.read() as tx:
        assert not await releases.of(tx, slip.interview)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
async def test_nothing_that_happens_to_a_release_tells(
    app: FastAPI, slip: Slip, way: Callable[[Slip], Awaitable[None]]
) -> None:
    with suppress(BadInput, Overtaken):
        await way(slip)
    assert not bare(await reached(app, slip))


async def test_what_is_redacted_after_a_release_is_hidden_in_the_paraphrase(app: FastAPI, slip: Slip) -> None:
    await slip.release("Shiftwell cost them less to move to.")
    change = await slip.redact(4, "Shiftwell")
    assert not [text for text in await reached(app, slip) if "Shiftwell" in text]
    await reviewing.undo(slip.deps, PMM, change)
    assert "Shiftwell cost them less" in (await reached(app, slip))[0]


async def test_what_is_fit_is_read(app: FastAPI, slip: Slip) -> None:
    await slip.release()
    shelf, *_ = await reached(app, slip)
    assert FIT in shelf and "import fee" in shelf
    assert bare([QUOTED]) and bare(["Jo said no"]), "the test would see it"


async def test_a_subject_of_ours_is_read_though_the_buyer_said_it(app: FastAPI, slip: Slip) -> None:
    await slip.release()
    await slip.retag("single sign-on")
    assert "single sign-on" in (await reached(app, slip))[0]
    await slip.retag("nine days of work")
    assert not [text for text in await reached(app, slip) if "nine days of work" in text]
