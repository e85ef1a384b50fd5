"""The one place that names implementations: settings in, `Deps` out, and the application built on it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import ValidationError

from interviewer import environment, identity, languages, llm, logs, notify, prompts, resources, schedulers, tracing
from interviewer.deps import Deps
from interviewer.errors import BadInput, Problem
from interviewer.flows import catalogue, phrases
from interviewer.links import MIN_KEY_LENGTH, Links
from interviewer.llm.watched import Watched
from interviewer.outbound import Outbound
from interviewer.settings import Settings
from interviewer.store.db import Database

if TYPE_CHECKING:
    from fastapi import FastAPI

log = structlog.get_logger()


def load_settings(**given: object) -> Settings:
    """Settings from `.env`, as it is now, and the environment, `given` before both. Raises BadInput by variable.

    `.env` goes into the environment, so that registry members that read their own variables see it too; what was
    set there wins.
    """
    environment.read()
    return inherited_settings(**given)


def inherited_settings(**given: object) -> Settings:
    """The same, as whoever started this process read them: processes that serve together are set up alike, whenever
    each was started. Raises BadInput by variable."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise BadInput([_problem(dict(found)) for found in error.errors()]) from error


def reached_at(settings: Settings, address: str) -> Settings:
    """`settings`, with `address` for links where they name none."""
    return settings if "base_url" in settings.model_fields_set else settings.model_copy(update={"base_url": address})


def reload() -> bool:
    """Read `.env` anew, for the processes that are started from now on. Where what it says cannot work, that is
    logged, all stays as it was, and this is False."""
    try:
        with environment.put_back():
            settings = load_settings()
            _check_all(settings, *_FOR_ALL, read_flows, _check_members)
    except BadInput as error:
        for problem in error.problems:
            log.error("new settings cannot be used, the old ones stay", problem=str(problem))
        return False
    except OSError as error:
        log.error("new settings cannot be read, the old ones stay", problem=f"{error.filename}: {error.strerror}")
        return False
    _warn_of_unknown()
    return True


def _problem(found: dict[str, Any]) -> Problem:
    """One setting that cannot be, with what it is for. Patterns are for machines; the description is for people."""
    name = str(found["loc"][0]) if found["loc"] else ""
    field = Settings.model_fields.get(name)
    where = f"INTERVIEWER_{name.upper()}"
    if field is None:
        return Problem(where, found["msg"])
    if name == "database_url" or "SecretStr" in str(field.annotation):  # neither is for a log
        return Problem(where, f"cannot be used. {field.description}")
    if found["type"] == "string_pattern_mismatch":
        return Problem(where, f"{found['input']!r} cannot be used. {field.description}")
    return Problem(where, f"{found['input']!r} cannot be used: {_lowered(found['msg'])}. {field.description}")


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def check_keys(settings: Settings) -> None:
    """Refuse to sign with missing or short keys (trust.md 5). Raises BadInput with what to do."""
    keys = [key.get_secret_value() for key in settings.secret_keys]
    example = f"set it to a fresh random one, for example {secrets.token_urlsafe(32)}"
    if not keys:
        raise BadInput([Problem("INTERVIEWER_SECRET_KEYS", f"is missing; {example}")])
    if any(len(key) < MIN_KEY_LENGTH or len(set(key)) < 8 for key in keys):
        raise BadInput([Problem("INTERVIEWER_SECRET_KEYS", f"has a key that is short or easy to guess; {example}")])


def check_names(settings: Settings) -> None:
    """Refuse to show buyers pages that do not say who asks, and about what. Raises BadInput with all that is missing.

    The demo brings names of its own.
    """
    missing = [name for name in ("organisation", "product", "asker") if not getattr(settings, name).strip()]
    if missing:
        raise BadInput(
            [
                Problem(f"INTERVIEWER_{name.upper()}", f"is missing. {Settings.model_fields[name].description}")
                for name in missing
            ]
        )


def check_targets(settings: Settings) -> None:
    """Refuse to hold triggers to events that there are not. Raises BadInput with those that there are."""
    if not settings.target_triggers:
        return
    from interviewer.analysis.story import EVENTS

    unknown = [event for event in settings.target_triggers if event not in EVENTS]
    if unknown:
        known = f"no such event: {', '.join(unknown)}. There are {', '.join(EVENTS)}"
        raise BadInput([Problem("INTERVIEWER_TARGET_TRIGGERS", known)])


def check_scheduler(settings: Settings) -> None:
    """Refuse a scheduler that there is not. Raises BadInput with those that there are."""
    schedulers.choose(settings.scheduling_url, settings.scheduler)


def check_tracing(settings: Settings) -> None:
    """Refuse to send spans without the libraries for it. Raises BadInput with how to get them."""
    tracing.check(settings.tracing, os.environ)


def build(settings: Settings) -> Deps:
    """Everything use cases need, with the real edges. Raises BadInput for settings that cannot work."""
    check_keys(settings)
    check_targets(settings)
    check_scheduler(settings)
    from interviewer.jobs.engine import Engine

    database = Database(settings.url, connections=settings.database_connections)
    return Deps(
        settings=settings,
        db=database,
        flows=read_flows(settings),
        phrases=read_phrases(),
        links=Links([key.get_secret_value() for key in settings.secret_keys], settings.base_url.rstrip("/")),
        llm=Watched(llm.choose(settings.llm, settings.model), _utc_now),
        prompts=read_prompts(),
        languages=read_languages(),
        mail=notify.choose(),
        outbound=Outbound(),
        jobs=Engine(database),
        now=_utc_now,
        new_id=lambda: secrets.token_urlsafe(16),
        identity=identity.choose(settings.base_url),
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_app(settings: Settings) -> FastAPI:
    """The web application on a migrated database, as `serve` runs it, whatever server it is put under.

    Raises BadInput for settings that cannot work, all that are missing at once.
    """
    from interviewer.web.app import create_app

    prepare(settings)
    return create_app(build(settings))


def prepare(settings: Settings) -> None:
    """What comes before serving, once for all processes that will: logs, checks, and a database that is up to date.

    Raises BadInput as `open_app` does.
    """
    from interviewer.store import db, health, migrate

    logs.configure(settings)
    _check_all(settings, *_FOR_ALL)
    _warn_of_unknown()
    db.make_folder(settings.data_dir)
    if newer := health.newer(migrate.upgrade(settings.url)):
        log.warning(f"{db.named(settings.url)} {newer}. This one goes on with it, as tables only gain.")


_FOR_ALL: tuple[Callable[[Settings], object], ...] = (
    check_keys,
    check_names,
    check_targets,
    check_scheduler,
    check_tracing,
)


def _check_members(settings: Settings) -> None:
    """What registry members read for themselves, as `build` will."""
    llm.choose(settings.llm, settings.model)
    notify.choose()
    identity.choose(settings.base_url)


def _warn_of_unknown() -> None:
    for name, meant in environment.unknown().items():
        log.warning("no such setting", name=name, meant=meant or "nothing that is alike")


def _check_all(settings: Settings, *checks: Callable[[Settings], object]) -> None:
    problems: list[Problem] = []
    for check in checks:
        try:
            check(settings)
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)


def read_flows(settings: Settings) -> catalogue.Catalogue:
    """The shipped flows, with the organisation's own over them. Raises BadInput by file and key."""
    texts = _texts(files("interviewer.flows"), ".toml")
    if settings.flows_dir is not None:
        if not settings.flows_dir.is_dir():
            raise BadInput([Problem("INTERVIEWER_FLOWS_DIR", f"{settings.flows_dir} is not a folder")])
        texts |= _texts(settings.flows_dir, ".toml")
    return catalogue.load(texts)


def read_phrases() -> phrases.PhraseBook:
    return phrases.load(_texts(files("interviewer.flows") / "phrases", ".toml"))


def read_languages() -> languages.Languages:
    return languages.load(_texts(files("interviewer.languages"), ".toml"))


def read_prompts() -> prompts.Prompts:
    return prompts.from_folder(resources.folder("prompts"))


def _texts(folder: Traversable, ending: str) -> dict[str, str]:
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(ending)
    }
