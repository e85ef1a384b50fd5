"""What the tests of previews share: one begun at the desk, answered in its phone, and every row of the database."""

from __future__ import annotations

import re
from typing import Any

from sqlmodel import SQLModel

from interviewer.deps import Deps
from tests.fakes.phone import Phone
from tests.web.desk_scene import SAID, Browser

CANARY = "zwieselgrund"
ANSWERS = (f"Our planner left in May, and {CANARY} said so", *SAID[1:4], "Ask about nights", "Nothing", "No", "No")


async def begin(pmm: Browser, **given: str) -> tuple[str, str]:
    """Start a preview; gives its page and the address in its phone."""
    answer = await pmm.post("/desk/preview", **given)
    assert answer.status_code == 303, answer.text
    page = answer.headers["location"]
    return page, phone_in((await pmm.get(page)).text)


def phone_in(page: str) -> str:
    found = re.search(r'<iframe id="phone" src="([^"]+)"', page)
    assert found, page
    return found[1]


async def answer_all(phone: Phone, where: str) -> None:
    await phone.start(where)
    for said in ANSWERS:
        if "closed" not in phone.last.text.partition("<body")[2][:40]:
            await phone.say(said)


async def delete_it(phone: Phone, where: str) -> None:
    await phone.start(where)
    await phone.say(ANSWERS[0])
    await phone.open(f"/interview/{phone.interview_id}/delete")
    await phone.press("delete")
    assert phone.last.status_code == 200


async def tables(deps: Deps) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with deps.db.read() as tx:
        connection = await tx.connection()
        return {
            name: sorted(map(repr, (await connection.execute(table.select())).all()))
            for name, table in SQLModel.metadata.tables.items()
        }
