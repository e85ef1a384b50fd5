"""Fixtures of the web's tests, for these as well."""

from tests.web.conftest import app, browser, compiled, invite, link, other_phone

__all__ = ["app", "browser", "compiled", "invite", "link", "other_phone"]
