"""A company's sign-in that speaks OpenID Connect over real HTTP, and lies, stalls and breaks when told to.

In a test:

    with Provider(now=clock) as provider:
        provider.person = {"sub": "ann-1", "email": "ann@tidewater.example", "email_verified": True}
        back = provider.authorise(address)   # as a browser would: gives the address that it is sent back to
        provider.faults.add("nonce")         # see FAULTS
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID, CLIENT_SECRET = "interviewer", "a-secret-of-the-provider"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
FAULTS = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another-app"},
    "audiences": {"aud": [CLIENT_ID, "another-app"]},
    "authorised party": {"aud": [CLIENT_ID, "another-app"], "azp": "another-app"},
    "issuer": {"iss": "https://evil.example"},
    "expired": {"iat": -4000, "exp": -400},
    "from the future": {"iat": 4000, "exp": 8000},
    "no subject": {"sub": None},
    "no end": {"exp": None},
    "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}
"""Claims that are wrong; times are seconds from now, None leaves a claim out. Further faults are asked for by name."""


class Provider:
    """`person` is who signs in; `requests` are the paths that were asked for, in order."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.person: dict[str, Any] = {}
        self.faults: set[str] = set()
        self.told: dict[str, Any] = {}
        """What the discovery document says besides, or instead."""
        self.only_in_userinfo: tuple[str, ...] = ()
        self.requests: list[str] = []
        self.taken: list[Mapping[str, str]] = []
        """Forms that the token endpoint got."""
        self.resume = threading.Event()
        self._keys = [self._new_key()]
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def env(self) -> dict[str, str]:
        """Settings of an application that signs in here."""
        return {
            "INTERVIEWER_OIDC_ISSUER": self.issuer,
            "INTERVIEWER_OIDC_CLIENT_ID": CLIENT_ID,
            "INTERVIEWER_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Be gone: connections are refused from now on."""
        self.resume.set()
        self._server.shutdown()
        self._server.server_close()

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is no longer published."""
        self._keys = [self._new_key()]

    def authorise(self, address: str) -> str:
        """What the provider's own pages do once somebody has signed in there: where the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        if "refused" in self.faults:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        if "names itself" in self.faults:
            answer["iss"] = self.issuer
        if "names another" in self.faults:
            answer["iss"] = "https://evil.example"
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def logout_token(self, **given: Any) -> str:
        """A back-channel logout token for `person`; `given` takes the place of claims, None leaves one out."""
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "sub": self.person.get("sub"),
            "events": {LOGOUT: {}},
        } | given
        return self._sign({name: value for name, value in claims.items() if value is not None}, "logout+jwt")

    def discovery(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        } | self.told
        return {name: value for name, value in found.items() if value is not None}

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False, use="sig", alg="ES256") for key in self._keys]}

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A code for tokens: once, for the client that it was made for, with the verifier of its challenge."""
        self.taken.append(form)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        posted = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if authorization != f"Basic {basic}" and not posted:
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        tokens = {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(asked, access)}
        return 200, {name: value for name, value in tokens.items() if not ("no token" in self.faults and "id" in name)}

    def userinfo(self) -> dict[str, Any]:
        return self.person | ({"sub": "somebody-else"} if "userinfo of another" in self.faults else {})

    def _id_token(self, asked: Mapping[str, str], access: str) -> str:
        now = int(self.now().timestamp())
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16]).decode().rstrip("=")
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": half,
        } | {name: value for name, value in self.person.items() if name not in self.only_in_userinfo}
        for fault in self.faults & FAULTS.keys():
            for name, value in FAULTS[fault].items():
                claims[name] = now + value if isinstance(value, int) else value
        return self._sign({name: value for name, value in claims.items() if value is not None}, "JWT")

    def _sign(self, claims: dict[str, Any], kind: str) -> str:
        if "unsigned" in self.faults:
            return f"{_part({'alg': 'none', 'typ': kind})}.{_part(claims)}."
        key = self._keys[0]
        if "public key as secret" in self.faults:  # a verifier that lets the token choose takes it for an HMAC
            signed = f"{_part({'alg': 'HS256', 'typ': kind, 'kid': key.kid})}.{_part(claims)}"
            mac = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        if "foreign key" in self.faults:
            forged = self._new_key()
            return jwt.encode({"alg": "ES256", "typ": kind, "kid": key.kid}, claims, forged, ["ES256"])
        return jwt.encode({"alg": "ES256", "typ": kind, "kid": key.kid}, claims, key, ["ES256"])

    def _new_key(self) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": secrets.token_urlsafe(8)})


def _part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if self._spoilt(path):
                return
            if path == "/.well-known/openid-configuration":
                self._say(200, provider.discovery())
            elif path == "/jwks":
                self._say(200, provider.published())
            elif path == "/userinfo":
                self._say(200, provider.userinfo())
            elif path == "/authorize":
                self._page(f'<a id="go" href="{provider.authorise(self.path).replace("&", "&amp;")}">Go on as Ann</a>')
            elif path == "/logout":
                self._page("<p>Signed out of the company</p>")
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = {name: values[-1] for name, values in parse_qs(body).items()}
            path = urlsplit(self.path).path
            if not self._spoilt(path):
                self._say(*provider.token(form, self.headers.get("Authorization", "")))

        def _spoilt(self, path: str) -> bool:
            """Whether this request meets a fault of the whole provider, or of one endpoint: `500 /token`."""
            provider.requests.append(path)
            for fault in provider.faults:
                kind, _, where = fault.partition(" ")
                if where and where != path:
                    continue
                if kind == "slow":
                    provider.resume.wait(30)
                elif kind == "500":
                    self._say(500, {"error": "server_error"})
                    return True
                elif kind == "html":
                    self._page("<p>Please accept our cookies</p>")
                    return True
                elif kind == "list":
                    self._say(200, [])
                    return True
                elif kind == "moved":
                    self._say(302, {}, Location="https://evil.example/")
                    return True
            return False

        def _say(self, status: int, value: Any, **headers: str) -> None:
            self._send(status, json.dumps(value).encode(), "application/json", headers)

        def _page(self, words: str) -> None:
            page = f"<!doctype html><html lang=en><title>Company</title>{words}</html>"
            self._send(200, page.encode(), "text/html; charset=utf-8", {})

        def _send(self, status: int, body: bytes, kind: str, headers: Mapping[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # who asked has gone meanwhile

        def log_message(self, *_: object) -> None:
            """Nothing on the test's output."""

    return Handler
