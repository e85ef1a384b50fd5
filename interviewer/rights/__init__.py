"""What a person may ask for: to be told all that is held about them, and to have it erased (trust.md 30)."""

from interviewer.rights.account import MOST, look, of
from interviewer.rights.documents import packed, page, structured
from interviewer.rights.erasing import erase, would_erase
from interviewer.rights.holdings import holdings

__all__ = ["MOST", "erase", "holdings", "look", "of", "packed", "page", "structured", "would_erase"]
