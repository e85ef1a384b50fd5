"""What the CRM and the rep say of a deal, beside what its buyer says (domain.md, "Three points of view, one deal")."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Logged:
    """What the CRM and the rep say. No model is ever given it."""

    reason_category: str = ""
    reason_driver: str = ""
    reason_explanation: str = ""
    rep_reason: str = ""
    rep_competitor: str = ""
    primary_competitor: str = ""
    incumbent: str = ""
    selected_competitor: str = ""
