"""Every table, by noun. Importing this package fills `SQLModel.metadata`."""

from interviewer.store.tables import (
    analysis,
    base,
    bookings,
    consents,
    deals,
    deliveries,
    interviews,
    invitations,
    library,
    people,
    review,
    spending,
    troubles,
)

__all__ = [
    "analysis",
    "base",
    "bookings",
    "consents",
    "deals",
    "deliveries",
    "interviews",
    "invitations",
    "library",
    "people",
    "review",
    "spending",
    "troubles",
]
