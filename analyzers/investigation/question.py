"""What an investigation is asked: two periods, or two versions in one, and which figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.breakdown import rfc3339
from analyzers.period_words import period_text, since_text
from analyzers.report_base import Window
from analyzers.wording import name_text

if TYPE_CHECKING:
    from analyzers.investigation.measure import Measure
    from analyzers.searched import Searched


@dataclass(frozen=True)
class Question:
    """The incident as it was searched for, what to hold it against, and the figure that is explained."""

    incident: Searched
    baseline: Searched
    measure: Measure = "mean"
    versions: tuple[str, str] | None = None
    """`service.version` of the baseline and of the incident, where versions are compared."""
    began: bool = False
    """The incident starts where the trouble was seen to begin, not where the asker said."""

    @property
    def place(self) -> str:
        """Who became slower, at the beginning of a sentence."""
        scope = self.incident.scope
        names = [name_text(name) for name in (scope.service, scope.operation) if name]
        if names:
            return " ".join(names) + self.incident.conditions
        requests = self.incident.requests()
        return requests[0].upper() + requests[1:]

    @property
    def is_plural(self) -> bool:
        """The place is `requests`, of no service in particular."""
        return self.incident.scope.service is None and self.incident.scope.operation is None

    @property
    def since(self) -> str:
        if self.versions:
            old, new = self.versions
            return f"as version {new} than as {old} {self.incident.when}"
        if self.began:
            return since_text(self.incident.start_ns, self.incident.now)
        return self.incident.when

    def baseline_window(self) -> Window:
        return Window(start=rfc3339(self.baseline.start_ns), end=rfc3339(self.baseline.end_ns))

    @property
    def before(self) -> str:
        """When it was otherwise, after a figure: `0 % before`, `0 % as 1.4`."""
        return f"as {self.versions[0]}" if self.versions else "before"

    @property
    def baseline_when(self) -> str:
        """Which requests it is held against, after that word."""
        when = period_text(self.baseline.start_ns, self.baseline.end_ns, self.incident.now)
        return f"to version {self.versions[0]} {when}" if self.versions else when
