"""Spans for OpenTelemetry, where they are wanted. The only home of opentelemetry, which is an extra.

A span says what was done, how long it took and whether it failed; names are ours. No attribute holds a word of anybody,
an id, a token or an address, and of errors only their kind is told.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from interviewer import __version__
from interviewer.errors import BadInput, Problem

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
OTLP = "otlp"
_EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_tracer: Tracer | None = None


def wanted(setting: str, env: Mapping[str, str]) -> bool:
    """Whether spans are to be sent: the setting says so, or says nothing and there is somewhere to send them."""
    return setting == OTLP or (not setting and bool(env.get(ENDPOINT)))


def check(setting: str, env: Mapping[str, str]) -> None:
    """Raises BadInput where spans are wanted and the libraries for it are not installed."""
    if not wanted(setting, env):
        return
    try:
        importlib.import_module(_EXPORTER)
        importlib.import_module("opentelemetry.sdk.trace.export")
    except ImportError as error:
        told = f"sends spans by {error.name}, which is not installed: pip install 'interviewer[otel]'"
        raise BadInput([Problem("INTERVIEWER_TRACING", told)]) from error


def configure(setting: str, env: Mapping[str, str]) -> None:
    """Send spans by OTLP over HTTP where that is wanted; `OTEL_…` variables say where to. What is left is sent when the
    process ends. Raises as `check` does."""
    check(setting, env)
    if not wanted(setting, env):
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = importlib.import_module(_EXPORTER).OTLPSpanExporter()
    name = env.get("OTEL_SERVICE_NAME") or "interviewer"
    provider = TracerProvider(resource=Resource.create({"service.name": name, "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    use(provider)


def use(provider: TracerProvider | None) -> None:
    """Have spans made by `provider` from now on; with None they are not made."""
    global _tracer
    _tracer = provider.get_tracer("interviewer", __version__) if provider else None


@contextlib.contextmanager
def span(name: str, **attributes: str | int | bool) -> Iterator[Any]:
    """What happens inside is a span; yields it, or None where there is none to be made."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import StatusCode

    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as made:
        made.set_attributes(attributes)
        try:
            yield made
        except BaseException as error:
            made.set_attribute("error.type", type(error).__name__)
            if isinstance(error, Exception):
                made.set_status(StatusCode.ERROR)
            raise
