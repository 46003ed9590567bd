"""What only one thing has, as people write it without a sign between: `request id req-7f3a21`, `customer.id C-4419`, `in eu-west-1`."""

from __future__ import annotations

import re

from analyzers.report_base import Condition

QUOTED = r"\"[^\"]{0,500}\"|'[^']{0,500}'"
PLACES_OF_CLOUD = frozenset({"cloud.region", "cloud.availability_zone"})
MIXED = r"(?=(?:[\w-]*\d){2})(?=[\w-]*[a-z_-])[a-z0-9][\w-]{2,}[a-z0-9]"
"""What only an id looks like: `req-7f3a21`."""
KEYED = re.compile(
    rf"(?<![\w./=<>-])(?P<key>(?:[a-z]\w*\.)+(?:id|uuid|key|number|code|name)|[a-z]\w*_(?:id|uuid|number)) (?:is |of |: ?)?(?P<value>{QUOTED}|(?=[\w.:@+\-]*[\d@])[\w.:@+\-]*\w)(?![\w=<>])",
    re.IGNORECASE,
)
"""`customer.id C-4419`: an attribute's own name and its value."""
IDENTIFIED = re.compile(
    rf"(?<![\w./=<>-])(?P<word>request|payment|transaction|shipment|device|message|refund|job)(?: (?:id|number|no\.?|nr\.?)(?: |: ?| ?#)|: ?#?| ?#| (?={MIXED}(?![\w.=<>])))(?P<value>{QUOTED}|(?=[\w.:@+\-]*[\d@])[\w.:@+\-]*\w)(?![\w=<>])",
    re.IGNORECASE,
)
"""Words that other sentences count too, so only with `id`, or before what only an id looks like: `request 0c9e-44`."""
SKU = re.compile(
    r"(?<![\w./=<>-])(?P<key>sku) (?:is |: ?|#)?(?P<value>[a-z0-9]+(?:[-_][a-z0-9]+)+|(?=[a-z]*\d)[a-z0-9]{3,})(?![\w=<>])",
    re.IGNORECASE,
)
PERSON_NAME = re.compile(
    r"(?<![\w./=<>-])(?P<word>user|customer|account) (?P<value>[a-z]+[._][a-z]+(?:[._][a-z]+)?)(?![\w=<>./:-]|\.\w)",
    re.IGNORECASE,
)
"""`user anna.kowalska`."""
REGION = re.compile(
    r"(?<![\w./=<>\"'-])(?:\(|(?:(?:only|just) )?(?:(?:in|for|from|on|at|of) )?(?:(?:the|our) )?(?:(?:cloud |aws |gcp )?region )?)"
    r"(?P<region>(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|europe|asia|northamerica|southamerica|australia)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-?\d{1,2})(?P<zone>-?[a-f])?(?: region)?\)?(?![\w=<>/:.-]*\w)",
    re.IGNORECASE,
)
"""The regions of the large clouds, which `cloud.region` holds by the conventions of OpenTelemetry."""
IDENTITIES = (REGION, KEYED, IDENTIFIED, SKU, PERSON_NAME)


def identity(match: re.Match[str]) -> Condition:
    """The condition of what one of IDENTITIES matches."""
    groups = match.groupdict()
    if region := groups.get("region"):
        zone = groups["zone"] or ""
        key = "cloud.availability_zone" if zone else "cloud.region"
        return Condition(key=key, op="=", value=f"{region}{zone}".lower())
    value = match["value"]
    bare = value[1:-1] if value[0] in "\"'" else value.rstrip(".?:") or value
    return Condition(key=groups.get("key") or f"{match['word'].lower()}.id", op="=", value=bare)
