"""A workbook with one sheet, for spreadsheets: dates are dates, numbers are numbers, text is never a formula.

openpyxl is imported when a workbook is made: it takes memory, and brings numpy along where that is installed.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from interviewer.exports import sheets
from interviewer.exports.base import About, Cell, Records, guarded

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell

_PIECE = 256 * 1024
_IN_MEMORY = 1024 * 1024
_LONGEST = 32_767
"""Characters that a cell holds."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class XlsxBook:
    label = "Excel"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    async def write(self, about: About, records: Records) -> AsyncGenerator[bytes]:
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter

        sheet = sheets.SHEETS[about.what]
        book = Workbook(write_only=True)  # rows go to a temporary file, not to memory
        page = book.create_sheet(about.what.capitalize())
        page.freeze_panes = "A2"
        last = get_column_letter(len(sheet.columns))
        page.auto_filter.ref = f"A1:{last}1"
        for number, column in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(number)].width = sheets.width(column)
        page.append([_bold(page, column) for column in sheet.columns])
        try:
            async for record in records:
                for row in sheet.rows(about, record):
                    page.append([_cell(value) for value in row])
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as target:
                await asyncio.to_thread(book.save, target)
                target.seek(0)
                while piece := await asyncio.to_thread(_read, target):
                    yield piece
        finally:
            _clean_up(page)


def _read(source: IO[bytes]) -> bytes:
    return source.read(_PIECE)


def _clean_up(page: Any) -> None:
    """Take the temporary file away where the book was not finished: it holds what buyers said."""
    if not page.closed:
        page.close()
        page._writer.cleanup()


def _bold(page: Any, text: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell


def _cell(value: Cell) -> Cell:
    """As openpyxl takes it: times in UTC without a zone, no character that XML has no place for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, str):
        return guarded(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value))[:_LONGEST]
    return value
