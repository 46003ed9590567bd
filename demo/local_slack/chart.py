"""The shape of a chart in a message, which Slack's type declarations do not have yet; from its reference page."""

from __future__ import annotations

from typing import Any

N_SERIES = 6
N_CATEGORIES = 20
N_CHARTS = 2
TITLE = 50
LABEL = 20


def _one_of_its_own(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


_LABEL = {"type": "string", "minLength": 1, "maxLength": LABEL}
_TITLE = {"type": "string", "minLength": 1, "maxLength": TITLE}
_POINT = _one_of_its_own({"label": _LABEL, "value": {"type": "number"}})
_SERIES = _one_of_its_own(
    {"name": _LABEL, "data": {"type": "array", "items": _POINT, "minItems": 1, "maxItems": N_CATEGORIES}}
)
_AXES = _one_of_its_own(
    {
        "categories": {"type": "array", "items": _LABEL, "minItems": 1, "maxItems": N_CATEGORIES},
        "x_label": _TITLE,
        "y_label": _TITLE,
    },
    optional=("x_label", "y_label"),
)
_PIE = _one_of_its_own(
    {
        "type": {"const": "pie"},
        "segments": {"type": "array", "items": _POINT, "minItems": 1, "maxItems": N_SERIES},
    }
)
_GRAPH = _one_of_its_own(
    {
        "type": {"enum": ["line", "bar", "area"]},
        "series": {"type": "array", "items": _SERIES, "minItems": 1, "maxItems": N_SERIES},
        "axis_config": _AXES,
    }
)
CHART = _one_of_its_own(
    {
        "type": {"const": "data_visualization"},
        "title": _TITLE,
        "chart": {"if": {"properties": {"type": {"const": "pie"}}}, "then": _PIE, "else": _GRAPH},
        "block_id": {"type": "string"},
    },
    optional=("block_id",),
)


def points_beside_categories(block: dict[str, Any]) -> list[str]:
    """The series of which some point has no category of the chart's, or of which some category has two points."""
    chart = block["chart"]
    if chart["type"] == "pie":
        return []
    categories = chart["axis_config"]["categories"]
    return [
        each["name"]
        for each in chart["series"]
        if sorted(point["label"] for point in each["data"]) != sorted(categories)
    ]
