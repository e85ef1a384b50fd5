"""What a model makes of an interview, a module for each step: its reply, its prompt, and what is believed of it."""

from interviewer.analysis.by_model import competitors, drivers, notes, quotes, summary, translation

__all__ = ["competitors", "drivers", "notes", "quotes", "summary", "translation"]
