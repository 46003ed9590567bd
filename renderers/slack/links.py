"""Links out of Slack: only to hosts that whoever runs the bot has named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

TRACE_ID = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}")
LONGEST_URL = 3_000
"""Slack: characters of a link."""


@dataclass(frozen=True)
class Links:
    """Where traces can be looked at."""

    trace: str | None = None
    """The page of a trace, `{trace_id}` standing for its id; its own host may be linked to."""
    hosts: frozenset[str] = frozenset()
    """Further hosts that may be linked to."""

    def to_trace(self, trace_id: str) -> str | None:
        """The trace's page; None where there is none, or the id is no id."""
        if self.trace is None or not TRACE_ID.fullmatch(trace_id):
            return None
        return self.checked(self.trace.replace("{trace_id}", trace_id))

    def checked(self, url: str) -> str | None:
        """The URL as Slack can take it, or None where it may not be linked to."""
        safe = quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")
        try:
            parts = urlsplit(safe)
            host = parts.hostname or ""
        except ValueError:
            return None
        allowed = parts.scheme in {"http", "https"} and "@" not in parts.netloc and host in self._hosts
        return safe if allowed and len(safe) <= LONGEST_URL else None

    @property
    def _hosts(self) -> frozenset[str]:
        own = urlsplit(self.trace).hostname if self.trace else None
        return self.hosts | {own} if own else self.hosts


NO_LINKS = Links()
