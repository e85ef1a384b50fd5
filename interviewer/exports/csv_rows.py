"""Comma-separated values: UTF-8 with a byte order mark, lines by CRLF (RFC 4180).

Without the mark Excel shows "MÃ¼ller". Programs read the file as `utf-8-sig`.
"""

import csv
import io
from collections.abc import AsyncGenerator, Iterable

from interviewer.exports import sheets
from interviewer.exports.base import About, Cell, Records, guarded, written

_PIECE = 64 * 1024


class CsvRows:
    label = "CSV"
    media_type = "text/csv; charset=utf-8"

    async def write(self, about: About, records: Records) -> AsyncGenerator[bytes]:
        sheet = sheets.SHEETS[about.what]
        target = io.StringIO(newline="")
        target.write("\ufeff")
        rows = csv.writer(target)
        rows.writerow(sheet.columns)
        yield target.getvalue().encode()  # a browser shows that the download has begun
        target.seek(0)
        target.truncate()
        async for record in records:
            rows.writerows(_line(row) for row in sheet.rows(about, record))
            if target.tell() > _PIECE:
                yield target.getvalue().encode()
                target.seek(0)
                target.truncate()
        yield target.getvalue().encode()


def _line(row: Iterable[Cell]) -> list[str]:
    return [guarded(written(value)) if isinstance(value, str) else written(value) for value in row]
