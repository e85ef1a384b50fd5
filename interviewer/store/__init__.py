"""The edge to the database: functions by noun (`store.turns.claim(tx, …)`) that take a transaction.

`deals` is left out on purpose: the interviewer's side imports this package and must not reach the CRM's view.
"""

from interviewer.store import analysis, interviews, invitations, quotes, statements, turns

__all__ = ["analysis", "interviews", "invitations", "quotes", "statements", "turns"]
