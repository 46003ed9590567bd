"""Durations and shares in the words of an answer: the same in every headline, detail and renderer."""

from __future__ import annotations

NS_IN_S = 1_000_000_000
MINUS = "−"
"""Not the hyphen, which stands between the ends of a range and breaks from its figure at the end of a line."""
UNITS = ((NS_IN_S, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))
LONGEST_NAME = 80
"""Characters; some instrumentations write a whole statement as the name of an operation."""
HIGHEST_LIFT = 50
NO_NAME = "(no name)"
LONG_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))


def duration_text(duration_ns: int, digits: int = 3) -> str:
    """A duration as people say it: `3.61 s`, `412 ms`, `85 µs`, `2 min 5 s`, `1 h 10 min`, `0 s`.

    Rounded to that many significant digits, trailing zeros dropped; ask for two where the figure is an estimate. From a
    minute on to whole seconds, from an hour on to minutes, from a day on to hours.
    """
    if duration_ns < 0:
        return MINUS + duration_text(-duration_ns, digits)
    rounded_ns = _rounded(duration_ns, digits)
    if rounded_ns >= 60 * NS_IN_S:
        return _long_text(duration_ns)
    if rounded_ns == 0:
        return "0 s"
    unit_ns, unit = next((size, name) for size, name in UNITS if rounded_ns >= size)
    whole, rest = divmod(rounded_ns, unit_ns)
    decimals = str(rest).zfill(len(str(unit_ns)) - 1).rstrip("0") if rest else ""
    return f"{whole}.{decimals} {unit}" if decimals else f"{whole} {unit}"


def duration_beside_text(duration_ns: int, whole_ns: int) -> str:
    """A part of `whole_ns` in the unit and with the decimals of the whole, so that a column can be compared by eye."""
    whole_ns = round(whole_ns, 3 - len(str(whole_ns)))  # 999.9 ms is called 1 s, so its parts are seconds
    unit = next((one for one in UNITS if whole_ns >= one[0]), None)
    if unit is None or whole_ns >= 60 * NS_IN_S:
        return duration_text(duration_ns)
    size_ns, name = unit
    decimals = max(0, 3 - len(str(whole_ns // size_ns))) if size_ns > 1 else 0
    text = f"{duration_ns / size_ns:.{decimals}f}"
    if duration_ns and not text.strip("0."):
        text = f"<{10**-decimals:.{decimals}f}" if decimals else "<1"
    return f"{text} {name}"


def change_text(delta_ns: int) -> str:
    """`+1.14 s`, `−20 ms`, `0 s`."""
    return ("+" if delta_ns > 0 else "") + duration_text(delta_ns)


def change_beside_text(delta_ns: int, whole_ns: int) -> str:
    """A change in the unit and with the decimals of the whole one: `+19 ms` of `+220 ms`."""
    text = duration_beside_text(abs(delta_ns), abs(whole_ns))
    sign = "+" if delta_ns > 0 else MINUS
    return text if not delta_ns or text.startswith("<") else sign + text


def duration_range_text(low_ns: int, high_ns: int) -> str:
    """Two durations, the unit once where they share it: `2-4.12 s`, `900 ms to 4.12 s`, `85 µs`."""
    low, high = duration_text(low_ns), duration_text(high_ns)
    if low == high:
        return high
    number, _, unit = low.partition(" ")
    if " " not in unit and unit == high.partition(" ")[2]:
        return f"{number}-{high}"
    return f"{low} to {high}"


def _rounded(value: int, digits: int) -> int:
    """The value with so many significant digits, halves up."""
    step: int = 10 ** max(0, len(str(value)) - digits)
    return (value + step // 2) // step * step


def _long_text(duration_ns: int) -> str:
    duration_s = (duration_ns + NS_IN_S // 2) // NS_IN_S
    for unit_s, unit, part_s, part in LONG_UNITS:
        rounded_s = (duration_s + part_s // 2) // part_s * part_s
        if rounded_s >= unit_s:
            wholes, rest_s = divmod(rounded_s, unit_s)
            return f"{wholes} {unit} {rest_s // part_s} {part}" if rest_s else f"{wholes} {unit}"
    return f"{duration_s} s"


def share_text(share: float) -> str:
    """A share as whole per cents: `88 %`. What is not nothing is not called 0 %, what is not all not 100 %."""
    if 0 < abs(share) < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %".replace("-", MINUS)


def share_words(share: float) -> str:
    """How much of something, in the four fixed words: almost all, most, much, part."""
    if share > 0.9:
        return "almost all"
    if share > 0.6:
        return "most"
    if share > 0.3:
        return "much"
    return "part"


def lift_text(lift: float) -> str:
    """How many times as often: `2.5 times`, `33 times`, `over 50 times`; of what hardly any others carry no number can be trusted."""
    if lift > HIGHEST_LIFT:
        return f"over {HIGHEST_LIFT} times"
    return f"{lift:.0f} times" if lift >= 10 else f"{lift:.1f} times"


def count_text(count: int, noun: str) -> str:
    """`1 span`, `30 spans`, `1,204 traces`. Only for nouns that take an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def name_text(name: str) -> str:
    """A name within a sentence: without its middle if it is long, since both ends of a name tell most."""
    line = or_no_name(name)
    if len(line) <= LONGEST_NAME:
        return line
    half = LONGEST_NAME // 2
    return f"{line[: half - 1].rstrip()}…{line[-half:].lstrip()}"


def or_no_name(name: str) -> str:
    """The name, or what is said where there is none."""
    return name.strip() or NO_NAME


def place_text(service: str, operation: str | None) -> str:
    """`payment POST /charge`, within a sentence."""
    return name_text(service) if operation is None else f"{name_text(service)} {name_text(operation)}"
