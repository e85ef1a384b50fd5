"""Load: many interviews at once against a model that takes its time, and what a turn costs beyond it (docs/load.md)."""
