"""OpenID Connect by Authlib: authorisation code with PKCE, discovery, and tokens that are checked to the letter.

The provider's documents are kept for an hour. Its keys rotate: a token signed with one that is not known has them
fetched anew, once. Only asymmetric signatures count, whatever the provider or a token says. No token is kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from interviewer.confidentiality import Role
from interviewer.errors import NotLetIn, ProviderAway
from interviewer.identity.base import Account, Attempt, Leaving, is_here, is_safe

T = TypeVar("T")

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
LEEWAY_S = 60
"""How far the provider's clock may be off ours."""
DEADLINE_S = 10.0
KEPT_S = 3600.0
FRESH_S = 60.0
"""Strangers can send logout tokens; they have keys fetched no more often than this."""
LARGEST = 1_000_000
"""Characters of a document."""
LOGOUT_LASTS = timedelta(minutes=10)
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST_TOKEN = 100_000


@dataclass(frozen=True)
class _Provider:
    """What the discovery document says."""

    issuer: str
    authorize: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    methods: Sequence[str]
    """How a client may prove itself at the token endpoint."""
    names_itself: bool
    """Whether it says in each answer who it is (RFC 9207)."""


@dataclass
class Oidc:
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    back: str
    out: str
    scopes: Sequence[str] = ("openid", "email", "profile")
    roles: Sequence[tuple[str, Role]] = ()
    roles_claim: str = "groups"
    trust_email: bool = False
    only: bool = False
    deadline_s: float = DEADLINE_S
    tick: Callable[[], float] = time.monotonic
    _provider: tuple[float, _Provider] | None = field(default=None, init=False)
    _keys: tuple[float, KeySet] | None = field(default=None, init=False)

    async def begin(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderAway."""
        provider = await self._within(self._about())
        async with self._client(provider) as client:
            address, _ = client.create_authorization_url(
                provider.authorize, state=attempt.state, code_verifier=attempt.verifier, nonce=attempt.nonce
            )
        return str(address)

    async def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Account:
        """Who it is that came back with `answer`. Raises ProviderAway, NotLetIn."""
        return await self._within(self._finish(attempt, answer, now))

    async def leaving(self, token: str, now: datetime) -> Leaving:
        """What a back-channel logout token says. Raises ProviderAway, NotLetIn."""
        return await self._within(self._leaving(token, now))

    async def sign_out_address(self) -> str:
        """Where one signs out of the company account, or empty."""
        try:
            provider = await self._within(self._about())
        except ProviderAway:
            return ""
        asks = {"client_id": self.client_id, "post_logout_redirect_uri": self.out}
        joint = "&" if "?" in provider.end_session else "?"
        return f"{provider.end_session}{joint}{urlencode(asks)}" if provider.end_session else ""

    async def check(self) -> str:
        """What was found, in a sentence. Raises ProviderAway."""
        self._provider = self._keys = None
        provider = await self._within(self._about())
        keys = await self._within(self._key_set(provider))
        usable = [key for key in keys if key.key_type != "oct" and key.get("use") in (None, "sig")]
        if not usable:
            raise ProviderAway("it has no key that a signature could be checked with")
        return f"{provider.issuer} answers and has {len(usable)} signing key{'s' if len(usable) > 1 else ''}"

    async def _finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Account:
        provider = await self._about()
        named = answer.get("iss", "")
        if named != provider.issuer and (named or provider.names_itself):
            raise NotLetIn("unproven", "another issuer answered")  # before the code goes anywhere
        if answer.get("error"):
            raise NotLetIn("refused")
        if not answer.get("code"):
            raise NotLetIn("unproven", "no code")
        tokens = await self._redeem(provider, attempt, answer["code"])
        claims = await self._id_token(provider, tokens, attempt, now)
        return self._account(provider, claims, await self._more(provider, tokens, claims))

    async def _redeem(self, provider: _Provider, attempt: Attempt, code: str) -> Mapping[str, Any]:
        async with self._client(provider) as client:
            try:
                tokens: Mapping[str, Any] = await client.fetch_token(
                    provider.token, grant_type="authorization_code", code=code, code_verifier=attempt.verifier
                )
            except OAuthError as error:
                if error.error == "invalid_grant":  # used before, too old, or another client's
                    raise NotLetIn("unproven", "the code was not taken") from error
                raise ProviderAway("it does not take our client id and secret") from error
            return tokens

    async def _id_token(
        self, provider: _Provider, tokens: Mapping[str, Any], attempt: Attempt, now: datetime
    ) -> Mapping[str, Any]:
        token = await self._signed(provider, tokens.get("id_token"))
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "sub": {"essential": True},
                "aud": {"essential": True, "value": self.client_id},
                "exp": {"essential": True},
                "iat": {"essential": True},
            },
            {"nonce": attempt.nonce, "client_id": self.client_id, "access_token": tokens.get("access_token")},
        )
        try:
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        except JoseError as error:
            raise NotLetIn("unproven", type(error).__name__) from error
        return dict(claims)

    async def _more(self, provider: _Provider, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """Where the id token is thin: what else the provider tells of the same person."""
        enough = claims.get("email") and (not self.roles or _at(claims, self.roles_claim) is not None)
        if enough or not provider.userinfo or not isinstance(tokens.get("access_token"), str):
            return {}
        told = await self._read(provider.userinfo, {"Authorization": f"Bearer {tokens['access_token']}"})
        if told.get("sub") != claims["sub"]:
            raise NotLetIn("unproven", "userinfo of somebody else")
        return told

    def _account(self, provider: _Provider, claims: Mapping[str, Any], more: Mapping[str, Any]) -> Account:
        name = _text(claims.get("name")) or _text(more.get("name"))
        groups = (_at(document, self.roles_claim) for document in (claims, more))
        return Account(
            issuer=provider.issuer,
            subject=claims["sub"],
            email=self._email(claims) or self._email(more),
            name=" ".join(name.split())[:120],
            role=self._role(next((held for held in groups if held is not None), None)),
            session=_text(claims.get("sid")),
        )

    def _email(self, document: Mapping[str, Any]) -> str:
        """The address that a document vouches for itself: what another one says was verified may be another address."""
        verified = document.get("email_verified")
        vouched = verified is True or verified == "true" or self.trust_email
        return _text(document.get("email")).strip().lower() if vouched else ""

    def _role(self, groups: object) -> Role | None:
        held = {groups} if isinstance(groups, str) else set(map(str, groups)) if isinstance(groups, list) else set()
        return next((role for group, role in self.roles if group in held), None)

    async def _leaving(self, given: str, now: datetime) -> Leaving:
        provider = await self._about()
        token = await self._signed(provider, given, trusted=False)
        claims = token.claims
        checks = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": self.client_id},
            iat={"essential": True},
            jti={"essential": True},
        )
        try:
            checks.validate(claims)
        except JoseError as error:
            raise NotLetIn("unproven", type(error).__name__) from error
        events, subject, session = claims.get("events"), _text(claims.get("sub")), _text(claims.get("sid"))
        issued = datetime.fromtimestamp(claims["iat"], UTC)
        if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT), dict) or "nonce" in claims:
            raise NotLetIn("unproven", "not a logout token")
        if not (subject or session) or now - issued > LOGOUT_LASTS:
            raise NotLetIn("unproven", "of nobody, or too old")
        return Leaving(claims["jti"], provider.issuer, subject, session, issued + LOGOUT_LASTS * 2)

    async def _signed(self, provider: _Provider, token: object, *, trusted: bool = True) -> jwt.Token:
        """The token, if the provider signed it."""
        if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
            raise NotLetIn("unproven", "no token")
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            try:
                return jwt.decode(token, await self._key_set(provider), registry=registry)
            except InvalidKeyIdError:
                if not trusted and self._keys and self.tick() - self._keys[0] < FRESH_S:
                    raise
                self._keys = None
                return jwt.decode(token, await self._key_set(provider), registry=registry)
        except (JoseError, ValueError, TypeError) as error:
            raise NotLetIn("unproven", type(error).__name__) from error

    async def _about(self) -> _Provider:
        if self._provider is None or self.tick() - self._provider[0] > KEPT_S:
            told = await self._read(get_well_known_url(self.issuer, external=True))
            self._provider = self.tick(), self._understood(told)
        return self._provider[1]

    def _understood(self, told: Mapping[str, Any]) -> _Provider:
        """Raises ProviderAway for a document of another issuer, or one that would send secrets in the clear."""
        issuer = _text(told.get("issuer"))
        if issuer.rstrip("/") != self.issuer.rstrip("/"):
            raise ProviderAway("its discovery document is of another issuer; set INTERVIEWER_OIDC_ISSUER to its own")
        places = {name: _text(told.get(name)) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        more = {name: _text(told.get(name)) for name in ("userinfo_endpoint", "end_session_endpoint")}
        for name, place in {**places, **{name: place for name, place in more.items() if place}}.items():
            if not is_safe(place) or (is_here(place) and not is_here(self.issuer)):
                raise ProviderAway(f"its {name} is missing or not https")
        methods = told.get("token_endpoint_auth_methods_supported")
        return _Provider(
            issuer=issuer,
            authorize=places["authorization_endpoint"],
            token=places["token_endpoint"],
            keys=places["jwks_uri"],
            userinfo=more["userinfo_endpoint"],
            end_session=more["end_session_endpoint"],
            methods=methods if isinstance(methods, list) else ("client_secret_basic",),
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _key_set(self, provider: _Provider) -> KeySet:
        if self._keys is None or self.tick() - self._keys[0] > KEPT_S:
            told: Any = await self._read(provider.keys)
            try:
                self._keys = self.tick(), KeySet.import_key_set(told)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise ProviderAway("its keys cannot be read") from error
        return self._keys[1]

    async def _read(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        async with self._client(None) as client:
            response = await client.request("GET", url, headers=dict(headers or {}), withhold_token=True)
            if response.status_code != 200 or len(response.content) > LARGEST:
                raise ProviderAway(f"it answers {response.status_code}")
            told = response.json()
        if not isinstance(told, dict):
            raise ProviderAway("it answers with something else")
        return told

    def _client(self, provider: _Provider | None) -> AsyncOAuth2Client:
        methods = provider.methods if provider else ()
        post = "client_secret_post" in methods and "client_secret_basic" not in methods
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret or None,
            token_endpoint_auth_method="client_secret_post" if self.client_secret and post else None,
            scope=list(self.scopes),
            redirect_uri=self.back,
            code_challenge_method="S256",
            timeout=self.deadline_s,
            follow_redirects=False,
            trust_env=not is_here(self.issuer),
        )

    async def _within(self, work: Awaitable[T]) -> T:
        """Whatever goes wrong out there is told in words of ours."""
        try:
            async with asyncio.timeout(self.deadline_s):
                return await work
        except TimeoutError as error:
            raise ProviderAway("it takes too long to answer") from error
        except httpx2.HTTPStatusError as error:
            raise ProviderAway(f"it answers {error.response.status_code}") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ProviderAway(f"it cannot be reached ({type(error).__name__})") from error
        except (AuthlibBaseError, ValueError) as error:
            raise ProviderAway("it answers with something else") from error


def _at(claims: Mapping[str, Any], name: str) -> object:
    """A claim by name, or by its way through others: `realm_access.roles`."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
