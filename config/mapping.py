"""A YAML file that holds values by name, each name once."""

from __future__ import annotations

from typing import Any

import yaml

UNREADABLE = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What PyYAML raises, the last ones for values that are not of the type that they name: `!!bool maybe`."""


class NotReadable(ValueError):
    """What a file does instead: `is not YAML at line 3`."""


class _EachOnce(yaml.SafeLoader):
    """Refuses what YAML forbids and its readers take: of two equal keys the last one counts, in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        if not isinstance(node, yaml.MappingNode):  # what says of itself that it is one
            raise NotReadable(f"is not YAML at line {node.start_mark.line + 1}")
        seen = set[str]()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise NotReadable(f"has {key.value} twice, again at line {key.start_mark.line + 1}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_mapping(content: bytes) -> dict[str, Any]:
    """The values; none of a file without any.

    Raises:
        NotReadable: it is no YAML in UTF-8, or holds no values by name.
    """
    try:
        loaded = yaml.load(content.decode("utf-8-sig"), _EachOnce)  # noqa: S506 - it is a safe one
    except UnicodeDecodeError as exc:
        raise NotReadable("is not text in UTF-8") from exc
    except NotReadable:
        raise
    except UNREADABLE as exc:
        mark = getattr(exc, "problem_mark", None)
        raise NotReadable(f"is not YAML{f' at line {mark.line + 1}' if mark else ''}") from exc
    if loaded is None:
        return {}
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise NotReadable("does not hold settings by name")
    return loaded
