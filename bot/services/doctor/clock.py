"""Whether a server's clock agrees with ours. Where they differ, `the last 15 minutes` are not the same on both."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from bot.services.doctor.finding import ok, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.services.doctor.finding import Finding

NS_PER_S = 1_000_000_000
TIMEOUT_S = 5.0
ALLOWED_S = 5.0
"""The header counts whole seconds, and the way there takes its time."""
JAEGER_PORT = 16_686
SCHEMES = {"jaeger": "http", "jaeger+http": "http", "jaeger+https": "https", "http": "http", "https": "https"}


async def look_at_clock(about: str, url: str, clock_ns: Callable[[], int]) -> list[Finding]:
    """From the `Date` of whatever it answers; nothing is said where it has none, or speaks no HTTP."""
    address = web_address(url)
    if address is None:
        return []
    begun_ns = clock_ns()
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client, client.stream("GET", address) as response:
            date = response.headers.get("date", "")
        theirs_s = parsedate_to_datetime(date).timestamp()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return []
    ours_s = (begun_ns + clock_ns()) / 2 / NS_PER_S
    return [_judged(f"{about} clock", theirs_s - ours_s)]


def web_address(url: str) -> str | None:
    """Where the server of a trace store's URL answers HTTP, without credentials; None where it does not."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme = SCHEMES.get(parts.scheme.lower())
    if scheme is None or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = 443 if scheme == "https" else JAEGER_PORT
    return f"{scheme}://{host}:{port or usual}/"


def _judged(about: str, ahead_s: float) -> Finding:
    if abs(ahead_s) <= ALLOWED_S:
        return ok(about, "agrees with this machine's")
    words = f"is {abs(ahead_s):,.0f} s {'ahead of' if ahead_s > 0 else 'behind'} this machine's"
    return warn(about, words, "Let both keep time by NTP, or questions about the last minutes miss spans.")
