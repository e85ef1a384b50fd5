"""What the demo's product marketer did at the desk: reviewed, released, kept a search, brought in a call of her own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any

from interviewer import people, review, reviewing
from interviewer.confidentiality import AUDIENCES, Role, Viewer
from interviewer.demo.place import DESK_USER, VENDOR
from interviewer.deps import Deps
from interviewer.importing import calls
from interviewer.library import views
from interviewer.reviewing import Retag


async def work(deps: Deps, invited: Mapping[str, str]) -> None:
    """Do it all, in the present of `deps`. `invited` has the invitations by deal."""
    does = tomllib.loads((files("interviewer.demo") / "desk.toml").read_text(encoding="utf-8"))
    mara = Viewer(await people.add_user(deps, DESK_USER, "admin", VENDOR["asker"]), Role.ADMIN, VENDOR["asker"])
    for deal in does["reviewed"]:
        page = await review.interview(deps, mara, invited[deal])
        left = [(one.target, one.id, one.version) for one in page.suggestions]
        await reviewing.confirm_these(deps, mara, invited[deal], left)
        await reviewing.finish(deps, mara, invited[deal])
    for wanted in does["release"]:
        await _release(deps, mara, invited[wanted["deal"]], wanted)
    for view in does["view"]:
        await views.save(deps, mara, view["name"], view["query"], shared=True)
    await _bring_in(deps, mara, does["call"])


async def _release(deps: Deps, viewer: Viewer, interview_id: str, wanted: Mapping[str, Any]) -> None:
    """Mark the words as a quote of her own, and let the audiences read it."""
    words = wanted["words"]
    page = await review.interview(deps, viewer, interview_id)
    if not any(quote.text == words for quote in page.quotes):
        texts = {turn.number: "".join(part.text for part in turn.segments) for turn in page.exchanges if turn.buyer}
        number, text = next((number, text) for number, text in texts.items() if words in text)
        start, tag = text.index(words), Retag(wanted["theme"], wanted["subject"], "negative", "strategic", "")
        await reviewing.mark(deps, viewer, interview_id, number, start, start + len(words), words, tag)
        page = await review.interview(deps, viewer, interview_id)
    quote = next(quote for quote in page.quotes if quote.text == words)
    for audience in wanted["audiences"]:
        await reviewing.release(deps, viewer, interview_id, quote.id, audience, wanted.get("wording", ""))


async def _bring_in(deps: Deps, viewer: Viewer, call: Mapping[str, Any]) -> None:
    held, closed = (deps.now() - timedelta(days=call[key]) for key in ("held", "closed"))
    given = {key: value for key, value in call.items() if isinstance(value, str)}
    given |= {"held_on": held.date().isoformat(), "closed_on": closed.date().isoformat(), "language": "en"}
    given |= {f"to_{role}": "yes" for role in AUDIENCES}
    given |= {"speaker_0": "interviewer", "speaker_1": "buyer"}
    kept = await calls.keep(deps, viewer, given)
    if not isinstance(kept, str):
        raise RuntimeError("the demo's call was refused")
