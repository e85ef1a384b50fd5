"""`interviewer doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import pytest

from tests.fakes.provider import Provider
from tests.web.cli_scene import Run, home, run

__all__ = ["home", "run"]


def test_doctor_looks_at_the_companys_sign_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> str:
        (line,) = (line for line in run("doctor").out.splitlines() if line.split()[1] == "company")
        return " ".join(line.split())

    with Provider() as provider:
        for name, value in provider.env.items():
            monkeypatch.setenv(name, value)
        assert found() == (
            f"ok company {provider.issuer} answers and has 1 signing key; roles are given at the desk alone; "
            "register http://testserver/desk/sign-in/company/back there as redirect URI"
        )
        provider.faults.add("500 /jwks")
        assert found().startswith("fail company nobody can sign in by the company: it answers 500;")
    assert "cannot be reached" in found() and "interviewer user link" in found()
    monkeypatch.setenv("INTERVIEWER_OIDC_CLIENT_ID", "")
    assert found().startswith("fail company INTERVIEWER_OIDC_CLIENT_ID: is missing")


def test_doctor_finds_what_is_wrong_and_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not there yet" in run("doctor").out
    run("migrate")
    well = run("doctor")
    states = {line.split()[1]: line.split()[0] for line in well.out.splitlines()}
    assert well.code == 0
    assert states == {
        "database": "ok",
        "clock": "ok",
        "opt-outs": "ok",
        "keys": "ok",
        "names": "ok",
        "contact": "warn",
        "disk": "ok",
        "flows": "ok",
        "mail": "warn",
        "model": "ok",
        "running": "ok",
        "address": "warn",
    }
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "short")
    monkeypatch.setenv("INTERVIEWER_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("INTERVIEWER_SMTP_PORT", "1")
    monkeypatch.setenv("INTERVIEWER_SMTP_FROM", "research@tidewater.example")
    monkeypatch.delenv("INTERVIEWER_ASKER")
    ill = run("doctor")
    assert ill.code == 1 and "set INTERVIEWER_ASKER" in ill.out
    assert {line.split()[1] for line in ill.out.splitlines() if line.startswith("fail")} == {"keys", "names", "mail"}


def test_doctor_tells_an_opt_out_that_lost_its_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from interviewer import invitations
    from interviewer.cli.running import with_deps

    (line,) = run("invite", "--email", "ana@acme.example", "--json").lines
    with_deps(lambda deps: invitations.opt_out(deps, str(line["opt_out_link"]).rsplit("/", 1)[1]))
    monkeypatch.setenv("INTERVIEWER_SECRET_KEYS", "another-key-that-is-long-enough-for-tests")
    result = run("doctor")
    assert result.code == 1 and "put that key back in front of INTERVIEWER_SECRET_KEYS" in result.out
