"""What `interviewer doctor` says: a line for each thing that it looked at."""

from typing import NamedTuple


class Finding(NamedTuple):
    state: str
    """`ok`, `warn` (works, with something to know) or `fail`."""
    what: str
    detail: str
    """What was found, or what to do."""


def counted(number: int, what: str, several: str = "") -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"
