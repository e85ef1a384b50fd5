"""Uploaded files made into text: plain text, subtitles, Word. Sizes are limited and XML does no harm (trust.md 23)."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from interviewer.errors import BadInput, Problem

MAX_BYTES = 5_000_000
MAX_UNPACKED = 30_000_000
"""Bytes of a Word file's text once it is unpacked."""
MAX_CHARACTERS = 1_000_000

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DOCUMENT = "word/document.xml"
_ENCRYPTED = 0x1
_REFUSED = {
    b"%PDF": "is a PDF; copy its text and paste it instead",
    b"\xd0\xcf\x11\xe0": "is in the old Word format, or is protected; save it as .docx or as text",
    b"{\\rtf": "is an RTF file; save it as .docx or as text",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_of(data: bytes) -> str:
    """The words of a file: UTF-8 or UTF-16 text of any form, or a Word document. Raises BadInput with what to do."""
    if len(data) > MAX_BYTES:
        raise _refused(f"is {len(data):,} bytes long; the limit is {MAX_BYTES:,}")
    for beginning, why in _REFUSED.items():
        if data.startswith(beginning):
            raise _refused(why)
    return cleaned(_of_word(data) if data.startswith(b"PK\x03\x04") else _decoded(data))


def cleaned(text: str) -> str:
    """Text as it is kept: one kind of line end, no control characters. Raises BadInput for more than a call holds."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{LINE SEPARATOR}", "\n"))
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"holds {len(text):,} characters; the limit is {MAX_CHARACTERS:,}")
    return text.strip("\n")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused("is not text in UTF-8; save it as UTF-8, or paste the words") from error


def _of_word(data: bytes) -> str:
    """One line for each paragraph; those of a list begin with a dash, as they would in text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo(_DOCUMENT)
            if entry.flag_bits & _ENCRYPTED:
                raise _refused("is protected by a password")
            with archive.open(entry) as source:
                xml = source.read(MAX_UNPACKED + 1)
    except KeyError as error:
        raise _refused("is not a Word document; .docx, .vtt, .srt and .txt can be read") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _refused("is damaged: it cannot be unpacked") from error
    if len(xml) > MAX_UNPACKED:
        raise _refused(f"unpacks to more than {MAX_UNPACKED:,} bytes")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise _refused("is damaged: its text cannot be read") from error
    return "\n".join(_paragraph(element) for element in root.iter(f"{_WORD}p"))


def _paragraph(paragraph: Element) -> str:
    listed = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None
    return ("- " if listed else "") + "".join(_pieces(paragraph))


def _pieces(paragraph: Element) -> Iterator[str]:
    """The words of this paragraph; those of paragraphs within it (text boxes) come with their own."""
    left = list(reversed(paragraph))
    while left:
        element = left.pop()
        if element.tag == f"{_WORD}t":
            yield element.text or ""
        elif element.tag in (f"{_WORD}br", f"{_WORD}cr"):
            yield "\n"
        elif element.tag == f"{_WORD}tab":
            yield "  "
        elif element.tag not in (f"{_WORD}p", f"{_WORD}pPr", _FALLBACK):
            left.extend(reversed(element))


def _refused(why: str) -> BadInput:
    return BadInput([Problem("file", why)])
