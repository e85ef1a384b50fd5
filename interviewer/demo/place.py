"""The demo's folder: its settings, its keys, and whether its history is there."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

from interviewer import bootstrap
from interviewer.errors import InterviewerError
from interviewer.settings import Settings

VENDOR = {
    "organisation": "Tidewater",
    "product": "Tidewater Flow",
    "asker": "Mara Lindqvist",
    "asker_role": "product marketing",
    "contact": "mara.lindqvist@tidewater.example",
    "gift": "a 50 EUR gift card, or the same to a charity you choose",
}
DESK_USER = "mara.lindqvist@tidewater.example"

_MARK = "this-is-a-demo"
_KEYS = "keys"
_READY, _HISTORY = "history-", 5
"""The file that says which history was played whole. Counted up when the history changes."""
_ELSEWHERE = ("192.0.2.1", 9)  # an address that belongs to nobody (RFC 5737)


def open_folder(folder: Path) -> None:
    """Make the folder, or take up the one of an earlier run. Raises InterviewerError for a folder of something else."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise InterviewerError(f"{folder} holds something that is not a demo. Choose another with --data-dir.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def empty(folder: Path) -> None:
    """Throw a demo's data away; its keys stay."""
    for entry in folder.iterdir():
        if entry.is_file() and entry.name not in (_MARK, _KEYS):
            entry.unlink()


def is_ready(folder: Path) -> bool:
    """Whether a whole history is there, of this release or one before: what a visitor did on it is kept. One that was
    cut short does not count."""
    return bool(_played(folder))


def is_current(folder: Path) -> bool:
    """Whether the history is the one that this release plays."""
    return max(_played(folder), default=0) >= _HISTORY


def set_ready(folder: Path) -> None:
    (folder / f"{_READY}{_HISTORY}").touch()


def _played(folder: Path) -> list[int]:
    numbers = (entry.name.removeprefix(_READY) for entry in folder.glob(f"{_READY}*"))
    return [int(number) for number in numbers if number.isdecimal()]


def settings(folder: Path, base_url: str) -> Settings:
    """Settings under which the demo runs with nothing set.

    Database, folder and keys are always the demo's own. The rest can be set by the environment, to try it out.
    """
    own = {
        "demo": True,
        "data_dir": folder,
        "database_url": f"sqlite:///{(folder / 'interviewer.db').resolve().as_posix()}",
        "secret_keys": (_keys(folder),),
    }
    chosen = bootstrap.load_settings(**own).model_fields_set
    given = {"base_url": base_url, "log_level": "WARNING", **VENDOR}
    return bootstrap.load_settings(**own, **{name: value for name, value in given.items() if name not in chosen})


def network_address() -> str:
    """This machine's address in its network, without asking anybody: a datagram socket is aimed, nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
            address: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return address


def _keys(folder: Path) -> str:
    """The demo's signing key, made once and readable by its owner only."""
    path = folder / _KEYS
    if not path.is_file():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()
