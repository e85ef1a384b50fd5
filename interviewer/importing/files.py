"""Uploaded files made into text: plain text, subtitles, Word. Sizes are limited and XML does no harm (trust.md 23)."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import XMLParser  # type: ignore[import-untyped]

from interviewer.errors import BadInput, Problem

MAX_BYTES = 5_000_000
MAX_UNPACKED = 30_000_000
"""Bytes of a Word file's text once it is unpacked."""
MAX_CHARACTERS = 1_000_000

MAX_LINES = 50_000
"""Lines of a text, or paragraphs of a Word file: several days of subtitles."""

MAX_TAGS = 1_000_000
"""Of a Word file."""

_PIECE = 1_000_000
_DEEPEST = 500
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _PROPERTIES, _TEXT, _LISTED = (f"{_WORD}{name}" for name in ("p", "pPr", "t", "numPr"))
_SPACES = {f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "  "}
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
    if (lines := text.count("\n") + 1) > MAX_LINES:
        raise _refused(f"holds {lines:,} lines; the limit is {MAX_LINES:,}")
    return text.strip("\n")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused("is not text in UTF-8; save it as UTF-8, or paste the words") from error


def _of_word(data: bytes) -> str:
    """One line for each paragraph; those of a list begin with a dash, as they would in text."""
    words = _Words()
    parser = XMLParser(target=words, forbid_dtd=True)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = archive.getinfo(_DOCUMENT)
            if entry.flag_bits & _ENCRYPTED:
                raise _refused("is protected by a password")
            with archive.open(entry) as source:
                unpacked = 0
                while piece := source.read(_PIECE):
                    unpacked += len(piece)
                    if unpacked > MAX_UNPACKED:
                        raise _refused(f"unpacks to more than {MAX_UNPACKED:,} bytes")
                    parser.feed(piece)
        parser.close()
    except KeyError as error:
        raise _refused("is not a Word document; .docx, .vtt, .srt and .txt can be read") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise _refused("is damaged: it cannot be unpacked") from error
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise _refused("is damaged: its text cannot be read") from error
    return words.text


class _Words:
    """Takes a document's tags one by one and keeps its words alone: no tree of what may be millions of tags.

    Paragraphs within a paragraph (text boxes) come after it, with their own words.
    """

    def __init__(self) -> None:
        self._paragraphs: list[list[str]] = []
        self._open: list[list[str]] = []
        self._within: list[str] = []
        self._unread = 0
        """How deep it is in what is said twice, in another form."""
        self._tags = self._length = 0

    @property
    def text(self) -> str:
        return "\n".join(map("".join, self._paragraphs))

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        self._within.append(tag)
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise _refused(f"holds more than {MAX_TAGS:,} tags; save its words as text, or paste them")
        if len(self._within) > _DEEPEST:
            raise _refused(f"is nested more than {_DEEPEST} tags deep")
        self._unread += tag == _FALLBACK
        if self._unread:
            return
        if tag == _PARAGRAPH:
            self._begin()
        elif tag == _LISTED and self._within[-3:-1] == [_PARAGRAPH, _PROPERTIES]:
            self._say("- ")
        elif tag in _SPACES and _PROPERTIES not in self._within:
            self._say(_SPACES[tag])

    def end(self, tag: str) -> None:
        self._within.pop()
        self._unread -= tag == _FALLBACK
        if tag == _PARAGRAPH and not self._unread:
            self._open.pop()

    def data(self, text: str) -> None:
        if self._within[-1] == _TEXT and not self._unread:
            self._say(text)

    def close(self) -> None:
        """The end of the document."""

    def _begin(self) -> None:
        if len(self._paragraphs) == MAX_LINES:
            raise _refused(f"holds more than {MAX_LINES:,} paragraphs")
        self._open.append([])
        self._paragraphs.append(self._open[-1])

    def _say(self, words: str) -> None:
        if words and self._open:
            self._length += len(words)
            if self._length > MAX_CHARACTERS:
                raise _refused(f"holds more than {MAX_CHARACTERS:,} characters")
            self._open[-1].append(words)


def _refused(why: str) -> BadInput:
    return BadInput([Problem("file", why)])
