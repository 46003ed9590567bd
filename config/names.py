"""The names of all settings, and of the variables that set them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel

from config.settings import Settings
from config.variables import OTHER_VARIABLES, PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo

NAMED = "backends"
"""The setting with names that people choose."""
NAMED_PREFIX = f"{PREFIX}BACKENDS__"
"""`TRACEWHY_BACKENDS__PROD` is the one they call prod."""
OF_BACKENDS = re.compile(rf"^{NAMED_PREFIX}[A-Z0-9_]+$")
FOR_DEVELOPERS = re.compile(r"^TRACEWHY_(TEST_.*|SERVERS_DIR)$")


def leaves(model: type[BaseModel] = Settings, above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each single setting by its dotted name, in order."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, f"{above}{name}.")
        else:
            yield f"{above}{name}", field


def variable(setting: str) -> str:
    """The variable of a setting; of named ones that of one called `name`."""
    return f"{NAMED_PREFIX}NAME" if setting == NAMED else PREFIX + setting.upper().replace(".", "__")


def unknown_variables(names: Iterable[str]) -> tuple[str, ...]:
    """Those that begin as ours do, and which nobody reads."""
    known = {variable(setting) for setting, _ in leaves()} | set(OTHER_VARIABLES)
    ours = (name for name in names if name.upper().startswith(PREFIX))
    return tuple(
        sorted(
            name
            for name in ours
            if name not in known and not OF_BACKENDS.match(name) and not FOR_DEVELOPERS.match(name)
        )
    )


def meant(word: str, known: Iterable[str]) -> str:
    """`Did you mean X? ` where one of the known words is close, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"Did you mean {close[0]}? " if close else ""
