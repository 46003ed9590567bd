"""Settings from a file, the environment and the command line; the later ones win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from config.mapping import NotReadable, load_mapping
from config.names import NAMED, NAMED_PREFIX, leaves, meant, unknown_variables, variable
from config.refusal import UnusableSettings
from config.secret_files import with_secret_files
from config.settings import Settings
from config.variables import OTHER_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

LONGEST_FILE = 1 << 20
EXAMPLE = "config/tracewhy.example.yaml explains every setting."


def read_settings(
    file: Path | None, environment: Mapping[str, str], given: Mapping[str, Any] | None = None
) -> Settings:
    """The settings; `given` has those of the command line by dotted name, None for those that were not given.

    Raises:
        UnusableSettings: a file that cannot be read, a name that nobody reads, or a value that makes no sense.
    """
    refuse_unknown(environment)
    merged: dict[str, Any] = {}
    for layer in (_from_file(file) if file else {}, _from_environment(environment), _nested(given or {})):
        _merge(merged, layer)
    try:
        return Settings(**with_secret_files(merged))
    except ValidationError as exc:
        raise _refusal(exc.errors(include_url=False, include_input=False)[0]) from exc


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise UnusableSettings for a variable that begins as ours do and that nobody reads."""
    for name in unknown_variables(environment):
        known = (*(variable(setting) for setting, _ in leaves()), *OTHER_VARIABLES)
        raise UnusableSettings(
            f"Nobody reads the variable {_shown(name)}.",
            f"{meant(name.upper(), known)}Unset it, or see docs/reference/settings.md.",
        )


def _from_file(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_FILE + 1)
    except OSError as exc:
        raise UnusableSettings(
            f"The settings in {_shown(str(file))} cannot be read: {exc.strerror}.",
            "Check the path after --config.",
        ) from exc
    if len(content) > LONGEST_FILE:
        raise UnusableSettings(f"{_shown(str(file))} is too large for settings.", EXAMPLE)
    try:
        settings = load_mapping(content)
    except NotReadable as exc:
        raise UnusableSettings(f"{_shown(str(file))} {_shown(str(exc))}.", EXAMPLE) from exc
    empty = [key for key, value in settings.items() if value is None and key in Settings.model_fields]
    return {key: value for key, value in settings.items() if key not in empty}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Settings that have a variable, as their text; the models make values of it."""
    given = {
        setting: environment[name]
        for setting, _ in leaves()
        if setting != NAMED and (name := variable(setting)) in environment
    }
    named = {
        f"{NAMED}.{name.removeprefix(NAMED_PREFIX).lower()}": environment[name]
        for name in sorted(environment)
        if name.startswith(NAMED_PREFIX)
    }
    return _nested({**given, **named})


def _nested(given: Mapping[str, Any]) -> dict[str, Any]:
    """`{"store.folder": x}` as `{"store": {"folder": x}}`."""
    nested: dict[str, Any] = {}
    for name, value in given.items():
        if value is not None:
            *above, last = name.split(".")
            inner = nested
            for part in above:
                inner = inner.setdefault(part, {})
            inner[last] = value
    return nested


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    """Lay the later one over the earlier; what is no group of settings where one belongs stays, to be refused."""
    for key, value in layer.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif not isinstance(value, dict) or key not in into:
            into[key] = value


def _refusal(error: ErrorDetails) -> UnusableSettings:
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = [setting for setting, _ in leaves()] + list(Settings.model_fields)
        return UnusableSettings(f"There is no setting {_shown(name)}.", f"{meant(name, known)}{EXAMPLE}")
    said = error["msg"][:1].lower() + error["msg"][1:]
    return UnusableSettings(f"The setting {_shown(name)} makes no sense: {said}.", EXAMPLE)


def _shown(text: str) -> str:
    """Fit to be shown, whatever it holds."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])
