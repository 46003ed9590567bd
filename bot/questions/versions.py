"""Two versions that a question compares: `v1.4 vs v1.5`, `v1.5 of checkout slower than v1.4`."""

from __future__ import annotations

import re

VERSION = r"(?:(?:version |release |build )?v?\d{1,5}(?:\.\d{1,7}){1,3}(?:[-+][\w.\-+]{1,60})?|(?:(?:version |release |build )v?|v|rc-?)\d{1,7}(?:\.\d{1,7}){0,3}(?:[-+][\w.\-+]{1,60})?)"
VERSIONS = re.compile(
    rf"(?<![\w.:/-])(?:between |from |versions? |releases? )?(?P<first>{VERSION})(?: in production)?"
    rf" (?:(?P<pivot>vs\.?|versus|against|with|to|and|or|than|(?:is |was )?(?P<than>(?:slower|faster|worse|better) than)|(?:as )?compared? (?:to|with)) |-+>? ?)(?P<second>{VERSION})(?![\w:])",
    re.IGNORECASE,
)
OF_PLACE = re.compile(
    rf"(?<![\w.:/-])(?P<version>{VERSION}) (?P<place>(?:of|in|for|on) (?:the )?[\w.\-/]+(?: service)?) (?P<rest>.*?{VERSION})",
    re.IGNORECASE,
)
"""`v1.5 of checkout slower than v1.4`."""
VERSION_WORD = re.compile(r"^(?:version |release |build )?v?", re.IGNORECASE)
DOTTED = re.compile(r"\d+(?:\.\d+)*")


def versions_together(body: str) -> str:
    """The words with a place that stands between two versions put before them."""
    return OF_PLACE.sub(r"\g<place> \g<version> \g<rest>", body, count=1)


def in_order(first: str, second: str) -> tuple[str, str]:
    """The lower version first, where both are numbers with dots; else as written."""
    if DOTTED.fullmatch(first) and DOTTED.fullmatch(second):
        numbers = [[int(part) for part in version.split(".")] for version in (first, second)]
        return (second, first) if numbers[1] < numbers[0] else (first, second)
    return first, second
