"""What several forms of the desk carry."""

from datetime import datetime


def moment(text: str) -> datetime | None:
    """A moment with its zone, as a button carries it; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
