"""Static files from memory: hashed names cached for good, gzip and brotli made once in a process."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import brotli
from fastapi import Request, Response

from interviewer.errors import NotFound

_FOREVER = "public, max-age=31536000, immutable"
_HASHED = re.compile(r"(.+)-[0-9a-f]{10}(\.\w+)")
_TEXT = (".js", ".css", ".svg", ".txt")


@dataclass(frozen=True)
class _File:
    media_type: str
    plain: bytes
    packed: Mapping[str, bytes]


class Static:
    """Files by their hashed names. `url` gives the address of a file by its plain name."""

    def __init__(self, folder: Path) -> None:
        self._names: dict[str, str] = {}
        self._files: dict[str, _File] = {}
        for path in sorted(folder.iterdir()):
            if path.is_file():
                self.add(path.name, path.read_bytes())

    def add(self, name: str, body: bytes) -> None:
        """Serve `body` too, under `name`."""
        plain = PurePosixPath(name)
        hashed = f"{plain.stem}-{hashlib.sha256(body).hexdigest()[:10]}{plain.suffix}"
        packed = _packed(body) if plain.suffix in _TEXT else {}
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if plain.suffix == ".js":
            media_type = "text/javascript"
        self._names[name] = hashed
        self._files[hashed] = _File(media_type, body, packed)

    def url(self, name: str) -> str:
        """Raises KeyError for a file that is not there: a template's mistake."""
        return f"/static/{self._names[name]}"

    def text(self, name: str) -> str:
        return self._files[self._names[name]].plain.decode()

    async def serve(self, request: Request, hashed: str) -> Response:
        """The file, packed as the browser takes it. Raises NotFound.

        While one release replaces another, a page of the one asks a process of the other: it gets the file as it is
        here, to keep for this time alone.
        """
        file, cached = self._files.get(hashed), _FOREVER
        if file is None:
            file, cached = self._files.get(self._names.get(_plain(hashed), "")), "no-store"
        if file is None:
            raise NotFound
        accepted = {part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        encoding = next((name for name in file.packed if name in accepted), None)
        headers = {"Cache-Control": cached, "Vary": "Accept-Encoding"}
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(file.packed[encoding] if encoding else file.plain, media_type=file.media_type, headers=headers)


def _plain(hashed: str) -> str:
    """The name that a hashed one was made of, in whichever release; empty where it is none."""
    found = _HASHED.fullmatch(hashed)
    return f"{found[1]}{found[2]}" if found else ""


@lru_cache(maxsize=64)
def _packed(body: bytes) -> Mapping[str, bytes]:
    """Some ten milliseconds a file: kept for every further application in this process, as tests make them."""
    return {"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0)}
