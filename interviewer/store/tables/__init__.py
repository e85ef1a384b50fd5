"""Every table, by noun. Importing this package fills `SQLModel.metadata`."""

from interviewer.store.tables import analysis, base, deals, deliveries, interviews, invitations, people, review

__all__ = ["analysis", "base", "deals", "deliveries", "interviews", "invitations", "people", "review"]
