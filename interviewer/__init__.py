"""Interviewer: an async AI interviewer for win/loss programmes, self-hosted."""

__version__ = "0.1.0"
