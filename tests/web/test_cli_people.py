"""`interviewer user`: who works at the desk, said from the server."""

from __future__ import annotations

from interviewer.cli.running import with_deps
from interviewer.deps import Deps
from tests.store import booking_scene
from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]


def test_users_and_their_links(run: Run) -> None:
    assert run("user", "link", "mara@tidewater.example").code == 1
    assert run("user", "add", "mara@tidewater.example", "--role", "boss").code == 1
    assert run("user", "add", "Mara@tidewater.example", "--role", "admin", "--name", "Mara").code == 0
    (line,) = run("user", "link", "mara@tidewater.example", "--json").lines
    assert line["email"] == "mara@tidewater.example" and str(line["link"]).startswith("http://testserver/desk/sign-in/")
    assert "the last admin" in run("user", "disable", "mara@tidewater.example").err
    assert run("user", "add", "ann@tidewater.example", "--role", "admin").code == 0
    assert run("user", "disable", "mara@tidewater.example").code == 0
    assert "Nobody who may sign in" in run("user", "link", "mara@tidewater.example").err


def test_who_works_at_the_desk_is_said_from_the_server(run: Run) -> None:
    assert run("user", "add", "ann@tidewater.example", "--role", "admin").code == 0
    assert run("user", "add", "zoe@tidewater.example", "--name", "Zoe").code == 0
    assert run("user", "role", "zoe@tidewater.example", "product").code == 0
    assert "is not one of" in run("user", "role", "zoe@tidewater.example", "boss").err
    assert "the last admin" in run("user", "role", "ann@tidewater.example", "pmm").err
    assert run("user", "disable", "zoe@tidewater.example").code == 0
    _, zoe = run("user", "list", "--json").lines
    expected = {"email": "zoe@tidewater.example", "name": "Zoe", "role": "product", "disabled": True}
    assert expected | {"by_groups": False, "by_company": False, "last_seen_at": None} == zoe
    assert run("user", "enable", "Zoe@tidewater.example").code == 0
    assert run("user", "unlink", "zoe@tidewater.example").code == 0
    assert "zoe@tidewater.example\tproduct\tnever seen\tmay sign in" in run("user", "list").out
    for command in (
        ("role", "no@x.example", "pmm"),
        *((act, "no@x.example") for act in ("disable", "enable", "unlink")),
    ):
        assert run("user", *command).err.strip() == "Nobody has the address no@x.example."


def test_who_leaves_with_calls_to_come_is_told_of(run: Run) -> None:
    async def book(deps: Deps) -> None:
        await booking_scene.host(deps, "Mara")
        invitation_id = await booking_scene.buyer(deps)
        await booking_scene.take(deps, invitation_id, (await booking_scene.starts(deps, invitation_id))[0])

    assert "Nobody holds" not in run("user", "add", "nils@tidewater.example").err
    with_deps(book)
    assert "Nobody holds 1 call to come now" in run("user", "disable", "mara@tidewater.example").err
    assert "Nobody holds 1 call" in run("user", "add", "mara@tidewater.example", "--role", "sales").err
    assert "nobody holds 1 call to come" in run("doctor").out
    assert "Nobody holds" not in run("user", "add", "mara@tidewater.example", "--role", "pmm").err
