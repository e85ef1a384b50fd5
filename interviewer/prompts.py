"""Prompts as files: load one, fill it, and say which text it was.

A file is `prompts/<verb>_<noun>.md`. `$name` is a placeholder, JSON braces stay plain, a dollar is `$$`. The id
(`ask_buyer@3f9a1c2b`) is a digest of the file, kept on every row that it produced; git is the history.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from string import Template

from interviewer.llm.base import Prompt


class Prompts:
    """The prompt texts by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Raises ValueError for a text with a dollar that is neither a placeholder nor doubled."""
        self._templates = {name: Template(text.strip()) for name, text in texts.items()}
        for name, template in self._templates.items():
            if not template.is_valid():
                raise ValueError(f"prompt {name}: a dollar sign is written $$")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._templates))

    def placeholders(self, name: str) -> frozenset[str]:
        return frozenset(self._template(name).get_identifiers())

    def load(self, name: str, **values: str) -> Prompt:
        """The prompt with `values` put in, as they are. Raises ValueError unless they are exactly its placeholders."""
        template = self._template(name)
        wanted, given = set(template.get_identifiers()), set(values)
        if wanted != given:
            wrong = [f"{key} is missing" for key in sorted(wanted - given)]
            wrong += [f"{key} is not in it" for key in sorted(given - wanted)]
            raise ValueError(f"prompt {name}: {', '.join(wrong)}")
        return Prompt(self.id(name), template.substitute(values))

    def id(self, name: str) -> str:
        """What rows made by this prompt are marked with, as the file is now."""
        return f"{name}@{hashlib.sha256(self._template(name).template.encode()).hexdigest()[:8]}"

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            raise ValueError(f"prompt {name}: there is no such file")
        return self._templates[name]


def from_folder(path: Path) -> Prompts:
    """Every `.md` file of a folder."""
    return Prompts({file.stem: file.read_text(encoding="utf-8") for file in sorted(path.glob("*.md"))})
