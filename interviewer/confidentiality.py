"""Who may see which field (trust.md 9-12, 48). Everything that leaves towards a person of the vendor passes here.

Unfiltered records (`records.py`) say of each attribute which `Field` guards it. `see` is the only maker of `Seen`, and
pages, exports and messages take nothing else. What the table below does not grant is hidden.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar, final, get_type_hints

from interviewer.errors import NotAllowed

T = TypeVar("T")


class Role(StrEnum):
    ADMIN = "admin"
    PMM = "pmm"
    PRODUCT = "product"
    LEADERSHIP = "leadership"
    REVOPS = "revops"
    SALES = "sales"


class Field(StrEnum):
    """Kinds of what the desk knows."""

    INTERVIEW = "interview"  # that there is one, its flow, where it stands, when
    PERSON = "person"
    COMPANY = "company"
    TRANSCRIPT = "transcript"  # every word of the buyer, quotes included
    REASONING = "reasoning"  # why a question was asked, and how it was made
    FINDINGS = "findings"
    DEAL = "deal"  # the CRM's and the rep's view
    CALL = "call"
    LINK = "link"
    RELEASED = "released"  # single statements that a PMM let a role's audience read
    WORTH = "worth"  # what the deal behind a released statement was worth, and its segment
    CORRECTION = "correction"  # what a buyer agreed may go back to the CRM
    KEY = "key"  # who reads by the API
    ACCOUNT = "account"  # who works at the desk, and as what
    OWN = "own"  # what is about the viewers themselves


class Act(StrEnum):
    """What can be done at the desk."""

    WITHDRAW = "withdraw"  # revoke or replace a buyer's link
    ERASE = "erase"
    RETRY = "retry"
    HANDLE_CALL = "handle_call"
    PREVIEW = "preview"  # try a flow, and read the interviewer's reasons
    REVIEW = "review"  # confirm, reject, retag, reword, redact, mark as reviewed
    RELEASE = "release"  # let another audience read a statement
    RERUN = "rerun"  # have the analysis made anew
    IMPORT = "import"  # bring in interviews that were held elsewhere
    EDIT_DEAL = "edit_deal"  # say what the CRM and the rep have
    EXPORT = "export"
    KEYS = "keys"  # make and revoke keys to the API
    PEOPLE = "people"  # say who works at the desk, and as what
    AUDIT = "audit"  # read and check the audit log
    ANSWER = "answer"  # tell somebody what is held about them, or erase all of it


SEES: Final[Mapping[Role, frozenset[Field]]] = {
    Role.ADMIN: frozenset(Field),
    Role.PMM: frozenset(Field) - {Field.KEY, Field.ACCOUNT},
    # The others get what a PMM releases for them, redacted (trust.md 11); sales never what would say whose it is.
    Role.PRODUCT: frozenset({Field.OWN, Field.RELEASED, Field.WORTH}),
    Role.LEADERSHIP: frozenset({Field.OWN, Field.RELEASED, Field.WORTH}),
    Role.REVOPS: frozenset({Field.OWN, Field.RELEASED, Field.WORTH, Field.CORRECTION}),
    Role.SALES: frozenset({Field.OWN, Field.RELEASED}),
}

DOES: Final[Mapping[Role, frozenset[Act]]] = {
    Role.ADMIN: frozenset(Act),
    Role.PMM: frozenset(Act) - {Act.KEYS, Act.PEOPLE, Act.AUDIT},
}

AUDIENCES: Final = (Role.PRODUCT, Role.LEADERSHIP, Role.REVOPS, Role.SALES)
"""Whom a statement can be released to."""


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in at the desk."""

    user_id: str
    role: Role
    name: str = ""
    zone: str = ""
    """The time zone that their browser says it is in; empty where that is unknown."""

    def sees(self, kind: Field) -> bool:
        return kind in SEES.get(self.role, frozenset())

    def may(self, act: Act) -> bool:
        return act in DOES.get(self.role, frozenset())

    def reaches(self, need: Field | Act) -> bool:
        return self.sees(need) if isinstance(need, Field) else self.may(need)

    def require(self, need: Field | Act) -> None:
        """Raises NotAllowed where the role reaches neither the field nor the act."""
        if not self.reaches(need):
            raise NotAllowed


@final
class Hidden:
    """Stands where a viewer may not look: false, empty, and prints as nothing."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


HIDDEN: Final = Hidden()
_SEAL: Final = object()


@final
class Seen(Generic[T]):
    """A record of type T as one viewer may see it: same attributes, guarded ones `HIDDEN`. Made by `see` alone."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object], seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only confidentiality.see makes what may be seen")
        self._values = values

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(name)
        return self._values[name]


def see(viewer: Viewer, record: T) -> Seen[T]:
    """What `viewer` may see of `record` and of the records in it. Raises TypeError for what no field guards."""
    return _seen(SEES.get(viewer.role, frozenset()), record, {})


_PLAIN = (str, int, float, bool, datetime, date, type(None))
_KINDS = frozenset(_PLAIN)


def _seen(granted: frozenset[Field], record: T, known: dict[int, Seen[Any]]) -> Seen[T]:
    """A record that stands in several places, as a quote does, is looked at once: `known` has it by its identity."""
    if (found := known.get(id(record))) is not None:
        return found
    values: dict[str, object] = {}
    for name, shown in _shown(granted, type(record)):
        value = getattr(record, name) if shown else HIDDEN
        # Most are plain, and a list of interviews has tens of thousands of them.
        values[name] = value if not shown or type(value) in _KINDS else _filtered(granted, value, known)
    known[id(record)] = Seen(values, _SEAL)
    return known[id(record)]


def _filtered(granted: frozenset[Field], value: object, known: dict[int, Seen[Any]]) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple):
        return tuple([_filtered(granted, item, known) for item in value]) if value else value
    return _seen(granted, value, known)


_told: dict[tuple[frozenset[Field], type], tuple[tuple[str, bool], ...]] = {}


def _shown(granted: frozenset[Field], kind: type) -> tuple[tuple[str, bool], ...]:
    """Each attribute of a record, and whether its guard lets it through."""
    if (granted, kind) not in _told:
        _told[granted, kind] = tuple((name, guard in granted) for name, guard in _guards(kind).items())
    return _told[granted, kind]


_known: dict[type, Mapping[str, Field]] = {}


def _guards(kind: type) -> Mapping[str, Field]:
    """The guard of each attribute of a record: the `Field` in its `Annotated[…]` hint."""
    if kind in _known:
        return _known[kind]
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a record that the confidentiality layer knows")
    hints = get_type_hints(kind, include_extras=True)
    found: dict[str, Field] = {}
    for part in fields(kind):
        guards = [mark for mark in getattr(hints[part.name], "__metadata__", ()) if isinstance(mark, Field)]
        if len(guards) != 1:
            raise TypeError(f"{kind.__name__}.{part.name} needs exactly one guarding field")
        found[part.name] = guards[0]
    _known[kind] = found
    return found


@dataclass(frozen=True)
class Policy:
    """Which roles read a buyer's words. The promise to the buyer is rendered from it."""

    readers: frozenset[Role]
    hearers: frozenset[Role] = frozenset()
    """Whom single statements can be released to, without who made them. Kept with each interview as it begins, so
    that a wider circle gets nothing of those who were promised a smaller one (trust.md 12)."""


IN_FORCE: Final = Policy(
    readers=frozenset(role for role, kinds in SEES.items() if Field.TRANSCRIPT in kinds),
    hearers=frozenset(AUDIENCES),
)

_TEAMS: Final[Mapping[str, Mapping[Role, str]]] = {
    "en": {
        Role.ADMIN: "product marketing",
        Role.PMM: "product marketing",
        Role.PRODUCT: "product management",
        Role.LEADERSHIP: "company leadership",
        Role.REVOPS: "revenue operations",
        Role.SALES: "sales",
    },
    "de": {
        Role.ADMIN: "Produktmarketing",
        Role.PMM: "Produktmarketing",
        Role.PRODUCT: "Produktmanagement",
        Role.LEADERSHIP: "Geschäftsleitung",
        Role.REVOPS: "Revenue Operations",
        Role.SALES: "Vertrieb",
    },
    "fr": {
        Role.ADMIN: "le marketing produit",
        Role.PMM: "le marketing produit",
        Role.PRODUCT: "l’équipe produit",
        Role.LEADERSHIP: "la direction",
        Role.REVOPS: "l’équipe revenue operations",
        Role.SALES: "l’équipe commerciale",
    },
    "id": {
        Role.ADMIN: "tim pemasaran produk",
        Role.PMM: "tim pemasaran produk",
        Role.PRODUCT: "tim manajemen produk",
        Role.LEADERSHIP: "pimpinan perusahaan",
        Role.REVOPS: "tim revenue operations",
        Role.SALES: "tim penjualan",
    },
    "es": {
        Role.ADMIN: "marketing de producto",
        Role.PMM: "marketing de producto",
        Role.PRODUCT: "gestión de producto",
        Role.LEADERSHIP: "dirección",
        Role.REVOPS: "operaciones de ingresos",
        Role.SALES: "ventas",
    },
    "pt": {
        Role.ADMIN: "marketing de produto",
        Role.PMM: "marketing de produto",
        Role.PRODUCT: "gestão de produto",
        Role.LEADERSHIP: "diretoria",
        Role.REVOPS: "operações de receita",
        Role.SALES: "vendas",
    },
}
_PROMISES: Final[Mapping[str, tuple[str, str, str]]] = {
    "en": ("Confidential: read by {teams}", ", not passed to the person who sold to you.", "and"),
    "de": ("Vertraulich: es liest das Team {teams}", ", nicht Ihr Kontakt im Vertrieb.", "und"),
    "fr": ("Confidentiel\N{NO-BREAK SPACE}: lu par {teams}", ", rien ne va à votre contact commercial.", "et"),
    "id": ("Rahasia: dibaca oleh {teams}", ", tidak diteruskan ke orang yang menjual kepada Anda.", "dan"),
    "es": ("Confidencial: lo lee el equipo de {teams}", ", no su contacto en ventas.", "y"),
    "pt": ("Confidencial: lido pela equipe de {teams}", ", não pelo seu contato em vendas.", "e"),
}


_SINGLE: Final[Mapping[str, str]] = {
    "en": "Other teams see single statements, without your name or company.",
    "de": "Andere Teams sehen einzelne Aussagen, ohne Namen und Firma.",
    "fr": "D’autres équipes voient des phrases isolées, sans nom ni entreprise.",
    "id": "Tim lain hanya melihat kutipan tanpa identitas.",
    "es": "Otros equipos ven frases sueltas, sin nombre ni empresa.",
    "pt": "Outras equipes veem frases soltas, sem nome nem empresa.",
}


def promise(policy: Policy, language: str) -> str:
    """What a buyer is promised under `policy`: at most two sentences that say "confidential". English where unknown."""
    language = language if language in _PROMISES else "en"
    opening, closing, conjunction = _PROMISES[language]
    names = list(dict.fromkeys(_TEAMS[language][role] for role in Role if role in policy.readers))
    teams = f" {conjunction} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "—"
    first = opening.format(teams=teams) + ("." if Role.SALES in policy.readers else closing)
    return f"{first} {_SINGLE[language]}" if policy.hearers - policy.readers else first


def promise_version(policy: Policy, language: str) -> str:
    """A short digest that changes with the promise, to be kept with what a buyer was shown."""
    return hashlib.sha256(promise(policy, language).encode()).hexdigest()[:12]
