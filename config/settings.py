"""Every setting, with what it means. `config/tracewhy.example.yaml` explains them with examples."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

STRICT = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
Port = Annotated[int, Field(ge=0, le=65_535)]


class StoreSettings(BaseModel):
    """Where spans are kept, and for how long."""

    model_config = STRICT

    folder: Path | None = None
    """The folder that holds the store. Where none is given: `tracewhy` in XDG_DATA_HOME, else `~/.local/share/tracewhy`."""
    keep_h: PositiveFloat = 168.0
    """How many hours spans are kept, counted from their start."""
    keep_mib: PositiveInt = 10_240
    """How large the store may grow; beyond it the oldest spans go first."""
    queue_spans: PositiveInt = 100_000
    """How many spans may wait to be written; beyond it senders are asked to try again."""


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
    drain_s: PositiveFloat = 20.0
    """How many seconds requests get to finish when the receiver is stopped."""


class Settings(BaseSettings):
    """All settings of tracewhy."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        env_prefix="TRACEWHY_",
        env_nested_delimiter="__",
    )

    store: StoreSettings = StoreSettings()
    """Where spans are kept, and for how long."""
    receivers: ReceiverSettings = ReceiverSettings()
    """Where spans are received."""
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
