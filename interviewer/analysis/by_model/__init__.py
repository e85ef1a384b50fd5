"""What a model makes of an interview, a module for each step: its reply, its prompt, and what is believed of it."""

from interviewer.analysis.by_model import (
    answers,
    competitors,
    drivers,
    findings,
    insights,
    notes,
    quotes,
    story,
    summary,
    translation,
)

__all__ = [
    "answers",
    "competitors",
    "drivers",
    "findings",
    "insights",
    "notes",
    "quotes",
    "story",
    "summary",
    "translation",
]
