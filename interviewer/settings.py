"""What everyone needs to know from the environment. A registry member reads its own variables by `from_env`.

Every setting here is documented in `docs/settings.md`, and a test holds the two together.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HEX_COLOUR = r"^#[0-9a-fA-F]{6}$"


class Settings(BaseSettings):
    """Read from variables named `INTERVIEWER_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="INTERVIEWER_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="",
        pattern=r"^$|^(sqlite(\+aiosqlite)?:///|postgres(ql)?(\+psycopg)?://).+",
        description="SQLite or PostgreSQL URL. Empty: a SQLite file in the data folder.",
    )
    database_connections: int = Field(
        default=10, ge=2, le=200, description="Connections that each process keeps to PostgreSQL at most."
    )
    data_dir: Path = Field(default=Path("interviewer-data"), description="Folder for everything kept on disk.")
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        pattern=r"^https?://[^/\s?#]+/?$",
        description="Address that buyers and desk users reach, as links carry it ('https://research.example.com').",
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Signing keys, comma-separated, oldest first; each at least 32 characters."
    )
    organisation: str = Field(default="", description="Name that the buyer sees ('Tidewater').")
    product: str = Field(default="", description="Product that the buyer evaluated; an invitation may name another.")
    asker: str = Field(default="", description="Named person in product marketing in whose name the interview asks.")
    asker_role: str = Field(default="product marketing", description="What the asker does, shown beside the name.")
    contact: str = Field(default="", description="Address for questions and objections, shown in the notice.")
    accent: str = Field(default="#0f5c5c", pattern=_HEX_COLOUR, description="Accent colour of pages, as #rrggbb.")
    logo: Path | None = Field(default=None, description="PNG, JPEG or WebP file for pages, up to 100 kB.")
    scheduling_url: str = Field(
        default="",
        pattern=r"^(https://[^/\s]+(/\S*)?)?$",
        description="Where a buyer books the call (https://…). Empty: the buyer leaves times and a number.",
    )
    scheduler: str = Field(
        default="",
        description="Whose page that is: calcom, calendly, savvycal, hubspot or plain. Empty: told by its host.",
    )
    gift: str = Field(default="", description="The thank-you, in words ('a 50 EUR gift card'). Empty: none.")
    link_days: int = Field(default=180, ge=1, le=730, description="Days that a buyer's link stays open.")
    retention_days: int = Field(
        default=730,
        ge=1,
        description="Days after which interviews, and invitations that came to none, are erased, from their end.",
    )
    audit_days: int = Field(
        default=1095,
        ge=1,
        description="Days that entries of the audit log are kept, never fewer than those of interviews and links.",
    )
    flows_dir: Path | None = Field(default=None, description="Folder with the organisation's own flow files.")
    target_triggers: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Events that the team aims at ('new_hire,growth'): what a buyer's trigger is held to."
    )
    llm: str = Field(
        default="",
        description="Provider of the interviewer's words. Empty: openai with a key, else scripted.",
    )
    model: str = Field(default="gpt-5-mini", description="Model name that the server knows.")
    model_vendor: str = Field(
        default="", description="Who runs the model, as the notice names it. Empty: the host of the base URL."
    )
    reply_deadline_s: float = Field(
        default=8.0,
        gt=0,
        le=14,
        description="Seconds a model may take over one reply before the flow's own words.",
    )
    model_daily_tokens: int = Field(
        default=5_000_000,
        ge=0,
        description="Tokens that interviews may take of a model in a day (UTC), read and written; 0: no limit.",
    )
    log_level: str = Field(
        default="INFO",
        pattern="^(?i:DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: str = Field(default="text", pattern="^(text|json)$", description="text or json.")
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Token that /metrics is read with, at least 16 characters. Empty: there is no such page.",
    )
    tracing: str = Field(
        default="",
        pattern="^(|off|otlp)$",
        description="otlp sends spans to OpenTelemetry, off does not. Empty: where OTEL_EXPORTER_OTLP_ENDPOINT is set.",
    )
    demo: bool = Field(default=False, description="Set by `interviewer demo`; not for production.")

    @field_validator("metrics_token", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("secret_keys", "target_triggers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def url(self) -> str:
        """The database URL in force, with an async driver."""
        raw = self.database_url or f"sqlite:///{(self.data_dir / 'interviewer.db').resolve()}"
        for plain, driver in (
            ("sqlite:///", "sqlite+aiosqlite:///"),
            ("postgresql://", "postgresql+psycopg://"),
            ("postgres://", "postgresql+psycopg://"),
        ):
            if raw.startswith(plain):
                return driver + raw.removeprefix(plain)
        return raw
