"""Every setting, with what it means. `config/tracewhy.example.yaml` explains them with examples."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.values import (  # noqa: TC001 - likewise
    Hosts,
    Kinds,
    Names,
    Port,
    Secret,
    SecretByName,
    TraceLink,
    WebAddress,
)

STRICT = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)
SLACK_API = "https://slack.com/api/"


class StoreSettings(BaseModel):
    """Where spans are kept, and for how long."""

    model_config = STRICT

    folder: Path | None = None
    """The folder that holds the store. Where none is given: `tracewhy` in XDG_DATA_HOME, else `~/.local/share/tracewhy`."""
    keep_h: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = 168.0
    """How many hours spans are kept, counted from their start."""
    keep_mib: PositiveInt = 10_240
    """How large the store may grow, and up to 64 MiB beside it that are not compressed yet; beyond it the oldest spans go first."""
    queue_spans: PositiveInt = 100_000
    """How many spans may wait to be written; beyond it senders are asked to try again."""
    memory_mib: Annotated[int, Field(ge=64)] = 64
    """How much memory the database of the spans takes; for what does not fit, up to four times as much while it lasts."""


class ReceiverSettings(BaseModel):
    """Where spans are received."""

    model_config = STRICT

    host: str = "127.0.0.1"
    """The address to listen on. There is no login: with 0.0.0.0 whoever reaches this machine can send spans."""
    grpc_port: Port = 4317
    """The port of OTLP over gRPC; 0 takes a free one."""
    http_port: Port = 4318
    """The port of OTLP over HTTP; 0 takes a free one."""
    waiting_mib: Annotated[int, Field(ge=40)] = 64
    """How much of requests may be in memory at a time, at least two of the largest; beyond it senders are asked to try again."""
    drain_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 20.0
    """How many seconds requests get to finish when the receiver is stopped."""


class SlackSettings(BaseModel):
    """The bot in Slack: who it is there, and how it is reached."""

    model_config = STRICT

    bot_token: Secret = None
    """The bot's token, xoxb-...; better in a variable or a file than here."""
    bot_token_file: Path | None = None
    """A file that holds the bot's token, for mounted secrets."""
    app_token: Secret = None
    """The app-level token, xapp-..., which Socket Mode needs."""
    app_token_file: Path | None = None
    """A file that holds the app-level token."""
    signing_secret: Secret = None
    """The secret that Slack signs requests with, which HTTP mode needs."""
    signing_secret_file: Path | None = None
    """A file that holds the signing secret."""
    mode: Literal["socket", "http"] = "socket"
    """`socket` calls Slack and needs no open port; `http` is called by Slack."""
    http_host: str = "127.0.0.1"
    """The address to listen on in HTTP mode."""
    http_port: Port = 3000
    """The port to listen on in HTTP mode; 0 takes a free one."""
    api_url: WebAddress = SLACK_API
    """Where Slack's Web API is; another address serves GovSlack, and tests."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """How many questions are worked on at a time; the others wait their turn."""
    waiting: PositiveInt = 1_000
    """How many questions may wait; beyond it people are asked to try again."""
    answer_timeout_s: PositiveFloat = 120.0
    """How many seconds an answer may take."""

    @property
    def is_wanted(self) -> bool:
        """Whether anything says who the bot is in Slack."""
        return any((self.bot_token, self.app_token, self.signing_secret))

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the settings without which this mode cannot run."""
        needed = ("bot_token", "app_token" if self.mode == "socket" else "signing_secret")
        return tuple(f"slack.{name}" for name in needed if getattr(self, name) is None)


class AccessSettings(BaseModel):
    """Who may ask in Slack. Every list that is empty allows everybody; of several all have to agree."""

    model_config = STRICT

    teams: Names = ()
    """Ids of the workspaces (T...) that may ask; none: the one that the token belongs to."""
    channels: Names = ()
    """Ids of the channels (C..., G...) in which may be asked; none: every channel the bot is in."""
    direct_messages: bool = True
    """Whether the bot answers in direct messages, where nobody else reads along."""
    users: Names = ()
    """Ids of the people (U..., W...) who may ask; they, and the members of user_groups."""
    user_groups: Names = ()
    """Ids of user groups (S...) whose members may ask."""
    questions: Kinds = ()
    """The kinds of questions that may be asked, as `slowest`; none: every kind."""
    contact: str = "whoever runs tracewhy here"
    """Whom those are told to ask who are refused, as `#observability` or a name."""


class StateSettings(BaseModel):
    """Where the bot keeps what it said and did, and for how long."""

    model_config = STRICT

    url: Secret = None
    """The database: sqlite:////the/file or postgresql://user:password@host/name. Where none is given: a file beside the spans."""
    url_file: Path | None = None
    """A file that holds the database's URL, for mounted secrets."""
    keep_reports_d: PositiveFloat = 30.0
    """How many days answers can be shown again."""
    keep_conversations_d: PositiveFloat = 7.0
    """How many days after its last question a thread is remembered, so that follow-ups are understood."""
    keep_events_h: Annotated[float, Field(ge=2)] = 24.0
    """How many hours a delivery is remembered; Slack repeats one for up to about an hour."""
    keep_feedback_d: PositiveFloat = 365.0
    """How many days it is kept who found an answer useful."""
    keep_audit_d: PositiveFloat = 365.0
    """How many days it is kept who asked or clicked what."""


class LinkSettings(BaseModel):
    """Which links an answer may have."""

    model_config = STRICT

    trace: TraceLink | None = None
    """The page of a trace in your trace store, as https://jaeger.example/trace/{trace_id}; its host may be linked to."""
    hosts: Hosts = ()
    """Further hosts that answers may link to; links to others are shown as text."""


class Settings(BaseSettings):
    """All settings of tracewhy."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        env_prefix="TRACEWHY_",
        env_nested_delimiter="__",
    )

    store: StoreSettings = StoreSettings()
    """Where spans are kept, and for how long."""
    receivers: ReceiverSettings = ReceiverSettings()
    """Where spans are received."""
    backends: SecretByName = {}
    """Trace stores by the name that people know them by, as `prod: jaeger://jaeger:16686`; the first is asked where none is named."""
    slack: SlackSettings = SlackSettings()
    """The bot in Slack: who it is there, and how it is reached."""
    access: AccessSettings = AccessSettings()
    """Who may ask in Slack."""
    state: StateSettings = StateSettings()
    """Where the bot keeps what it said and did, and for how long."""
    links: LinkSettings = LinkSettings()
    """Which links an answer may have."""
    report_every_s: NonNegativeInt = 60
    """How often `tracewhy serve` says how many spans it keeps; 0 for never."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic names them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read_settings` hands over: it reads file and environment itself, to refuse what nobody reads."""
        return (init_settings,)
