"""Ways to take evidence elsewhere. To add one: its module, and its line here; pages, commands and tests follow."""

from collections.abc import Mapping
from types import MappingProxyType

from interviewer.exports.base import About, Format, What
from interviewer.exports.csv_rows import CsvRows
from interviewer.exports.json_document import JsonDocument
from interviewer.exports.markdown_text import MarkdownText
from interviewer.exports.xlsx_book import XlsxBook

EXPORTS: Mapping[str, Format] = MappingProxyType(
    {"csv": CsvRows(), "xlsx": XlsxBook(), "json": JsonDocument(), "md": MarkdownText()}
)
"""By the ending of the file that they write."""

__all__ = ["EXPORTS", "About", "Format", "What"]
