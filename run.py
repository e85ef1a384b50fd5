#!/usr/bin/env python3
"""From a fresh clone to a running demo, or a tested one, with nothing but Python 3.11 and pip.

    python3 run.py demo      install what is needed, and start the demo
    python3 run.py test      install what is needed for tests, a browser included, and run them

Anything behind it is passed on: `python3 run.py demo --port 9000`, `python3 run.py test tests/core -x`.
Everything goes to `.venv` in this folder, in the versions of `requirements.lock`.
"""

# ruff: noqa: S603, S606, S607  starting programs is all that this file does, and none of it is anybody's input
from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST = (3, 11)
PIP_FOR_OTHERS = (22, 3)
"""The first pip that can install into an environment that has none (`pip --python`)."""

ALL_TESTS = ("--numprocesses", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile")
"""One process for each core; each brings a PostgreSQL and a browser of its own, so more than four gain nothing."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_VARIABLE = "CHROMIUM_PATH"


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in ("demo", "test"):
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    command, rest = arguments[0], arguments[1:]
    os.chdir(ROOT)
    if command == "demo":
        install("")
        return run([BIN / ("interviewer.exe" if WINDOWS else "interviewer"), "demo", *rest])
    install("test")
    os.environ[BROWSER_VARIABLE] = browser()
    return run([PYTHON, "-m", "pytest", *(rest or ALL_TESTS)])


def install(extra: str) -> None:
    """Make `.venv` hold this project with its pinned dependencies. Instant when it does already."""
    wanted = digest(extra)
    if any(stamp(kept).is_file() and stamp(kept).read_text() == digest(kept) for kept in {extra, "test"}) and works():
        return
    if not works():
        say("Making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv()
    say("Installing what is needed; the first time this takes a minute or two")
    project = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip("install", "--quiet", "--constraint", str(ROOT / "requirements.lock"), "--editable", project)
    stamp(extra).write_text(wanted)


def make_venv() -> None:
    """A virtual environment, with pip of its own only where this Python can give it one."""
    own_pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    if subprocess.run([sys.executable, "-m", "venv", *own_pip, str(VENV)], check=False).returncode:
        # Debian's Python without python3-venv fails half-way; what is missing is only pip.
        shutil.rmtree(VENV, ignore_errors=True)
        must([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "Python could not make .venv.")


def pip(*arguments: str) -> None:
    """Run pip on `.venv`: its own where it has one, else the pip of the Python that runs this."""
    command = [str(PYTHON), "-m", "pip"]
    if not succeeds([*command, "--version"]):
        command = [sys.executable, "-m", "pip"]
        if outer_pip() < PIP_FOR_OTHERS:
            stop(
                "pip 22.3 or newer is needed. Get it with `python3 -m pip install --upgrade pip`, or from your system."
            )
        command += ["--python", str(PYTHON)]
    must([*command, "--disable-pip-version-check", *arguments], "Installing failed; what went wrong stands above.")


def outer_pip() -> tuple[int, ...]:
    """The version of this Python's pip; () without one."""
    asked = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    words = asked.stdout.split()
    if asked.returncode or len(words) < 2:
        return ()
    return tuple(int(part) for part in words[1].split(".")[:2] if part.isdecimal())


def browser() -> str:
    """A Chromium for the browser tests: the system's, else an installed one. Stops when there is no way to get one."""
    if found := system_browser() or playwright_browser():
        return found
    if sys.platform == "linux" and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests, by apt")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *step], env=quiet, stdin=subprocess.DEVNULL, check=False)
        if found := system_browser():
            return found
    say("Installing Chromium for the browser tests, by Playwright")
    subprocess.run([str(PYTHON), "-m", "playwright", "install", "chromium"], check=False)
    return playwright_browser() or stop(
        "The browser tests need a Chromium, and none could be installed. "
        f"Install Chromium or Chrome, or name one in {BROWSER_VARIABLE}, and run this again."
    )


def system_browser() -> str:
    """The path of a Chromium that starts, or nothing. A stub that only points to a shop does not count."""
    named = os.environ.get(BROWSER_VARIABLE, "")
    usual = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        *(
            str(Path(os.environ[base]) / "Google/Chrome/Application/chrome.exe")
            for base in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
            if base in os.environ
        ),
    ]
    candidates = [named] if named else [*filter(None, map(shutil.which, BROWSERS)), *filter(os.path.exists, usual)]
    return next((path for path in candidates if WINDOWS or succeeds([path, "--version"])), "")


def playwright_browser() -> str:
    """The path of Playwright's own Chromium where it is installed, or nothing."""
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else ""


def digest(extra: str) -> str:
    """What an installation depends on: when it changes, things are installed again."""
    parts = [
        extra,
        str(ROOT),
        sys.version,
        *(path.read_text() for path in (ROOT / "pyproject.toml", ROOT / "requirements.lock")),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp(extra: str) -> Path:
    return VENV / f"installed-{extra or 'base'}"


def works() -> bool:
    """Whether `.venv` is there and its Python starts; a moved or upgraded one does not."""
    return PYTHON.exists() and succeeds([str(PYTHON), "-c", ""])


def succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def must(command: list[str], otherwise: str) -> None:
    if subprocess.run(command, check=False).returncode:
        stop(otherwise)


def run(command: list[str | Path]) -> int:
    """Hand over to `command`; gives its exit code."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    if not WINDOWS:  # one process, so that signals reach it
        os.execv(words[0], words)
    try:
        return subprocess.run(words, check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    print(f"· {text} …", flush=True)


def stop(text: str) -> NoReturn:
    sys.exit(text)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version_info[0]}.{sys.version_info[1]}.")
    sys.exit(main(sys.argv[1:]))
