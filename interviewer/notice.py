"""The notice a buyer can read before starting: who asks, why, what happens to the answers (trust.md 29).

Made from settings and kept by digest with each interview, so that what a buyer was told can be shown later.
"""

import hashlib
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from interviewer import confidentiality
from interviewer.deps import Deps
from interviewer.languages import Texts

_DEFAULT_VENDOR = "OpenAI"


@dataclass(frozen=True)
class Notice:
    """Paragraphs as (heading, words), in the buyer's language."""

    lead: str
    paragraphs: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return "\n\n".join((self.lead, *(f"{heading}\n{words}" for heading, words in self.paragraphs)))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def of(deps: Deps, language: str, *, product: str = "") -> Notice:
    """The notice in force, for a buyer who evaluated `product` (the organisation's own when empty)."""
    t = deps.languages.get(language)
    settings = deps.settings
    organisation = settings.organisation
    if deps.llm.scripted:
        machine = t("notice.ai_scripted", organisation=organisation)
    else:
        machine = t("notice.ai_model", vendor=settings.model_vendor or _model_host())
    return Notice(
        lead=t("notice.lead"),
        paragraphs=(
            (
                t("notice.who"),
                t("notice.who_text", asker=settings.asker, role=settings.asker_role, organisation=organisation),
            ),
            (t("notice.reading"), promise(t)),
            (t("notice.calls"), t("notice.calls_text", asker=settings.asker or organisation)),
            (t("notice.ai"), machine),
            (
                t("notice.address"),
                t("notice.address_text", organisation=organisation, product=product or settings.product),
            ),
            (t("notice.retention"), t("notice.retention_text", days=settings.retention_days)),
            (
                t("notice.rights"),
                t("notice.rights_text", contact=settings.contact or t("notice.contact_fallback")),
            ),
        ),
    )


def promise(t: Texts) -> str:
    """The sentence on confidentiality, from the policy in force (trust.md 12)."""
    return confidentiality.promise(confidentiality.IN_FORCE, t.language)


def _model_host() -> str:
    return urlsplit(os.environ.get("OPENAI_BASE_URL", "")).hostname or _DEFAULT_VENDOR
