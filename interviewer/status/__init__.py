"""How the installation does: is mail going out, is the model answering, is anything stuck (trust.md 45).

One reading of facts serves all who ask: the desk's page, `interviewer doctor`, `/readyz` and `/metrics`.
"""

from interviewer.status.facts import Facts, read
from interviewer.status.figures import figures, missing
from interviewer.status.page import look
from interviewer.status.troubles import Trouble, note_trouble, troubles

__all__ = ["Facts", "Trouble", "figures", "look", "missing", "note_trouble", "read", "troubles"]
