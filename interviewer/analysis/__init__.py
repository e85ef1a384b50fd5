"""An ended interview becomes notes, tagged quotes and a summary (domain.md, "What an interview becomes")."""
