"""What `interviewer doctor` says: a line for each thing that it looked at."""

from typing import NamedTuple


class Finding(NamedTuple):
    state: str
    """`ok`, `warn` (works, with something to know) or `fail`."""
    what: str
    detail: str
    """What was found, or what to do."""
