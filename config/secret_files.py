"""Secrets that stand in files of their own, as Kubernetes and Docker mount them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.names import leaves
from config.refusal import UnusableSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SECRET = 16_384
SUFFIX = "_file"


def with_secret_files(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, with the content of every `..._file` in the place of the secret itself.

    Raises:
        UnusableSettings: the secret and its file are both given, or the file cannot be read.
    """
    filled = dict(settings)
    for setting, _ in leaves():
        group, _, name = setting.rpartition(".")
        inner = filled.get(group)
        if name.endswith(SUFFIX) and isinstance(inner, dict) and inner.get(name):
            filled[group] = {**inner, name.removesuffix(SUFFIX): _secret(setting, inner)}
    return filled


def _secret(setting: str, inner: Mapping[str, Any]) -> str:
    name = setting.rpartition(".")[2]
    direct = setting.removesuffix(SUFFIX)
    if inner.get(name.removesuffix(SUFFIX)):
        raise UnusableSettings(f"{direct} and {setting} are both given.", "Keep one of them.")
    try:
        with Path(str(inner[name])).expanduser().open("rb") as file:
            content = file.read(LONGEST_SECRET + 1)
    except (OSError, ValueError, RuntimeError) as exc:
        said = getattr(exc, "strerror", None) or type(exc).__name__
        raise UnusableSettings(
            f"The file that {setting} names cannot be read: {said}.", "Check its path and who may read it."
        ) from exc
    return _checked(content, setting)


def _checked(content: bytes, setting: str) -> str:
    text = content.decode("utf-8", "replace").strip()
    if not text or len(content) > LONGEST_SECRET or not text.isprintable():
        raise UnusableSettings(
            f"The file that {setting} names holds no secret: it is empty, too large or not one line of text.",
            "Check that it is the right file.",
        )
    return text
