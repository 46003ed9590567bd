"""The kinds of questions: which are answered, what each is in words, and what is said of those that are not yet."""

from __future__ import annotations

INVESTIGATIONS_ANSWERED = True
"""Whether `why` and `compare` are answered: the one place that puts them into help and among the questions asked back."""

MEANINGS = {
    "slowest": "the slowest traces, and what dominates them",
    "errors": "what failed, by service",
    "operations": "calls, errors and durations by operation",
    "services": "calls, errors and durations by service",
    "find": "the traces that carry this",
    "help": "what can be asked",
    "why": "why it is slow or fails, against what is usual",
    "compare": "what changed between two periods or versions",
}
UNDERSTOOD = tuple(MEANINGS)
INVESTIGATED = ("why", "compare")
OFFERED = tuple(kind for kind in MEANINGS if INVESTIGATIONS_ANSWERED or kind not in INVESTIGATED)
"""What may be asked back."""

NOT_YET = {
    "alerts": "There are no alerts yet.",
    "watch": "Nothing can be watched yet.",
    "mute": "There are no alerts to mute yet.",
    "status": "The state of the bot cannot be asked for yet.",
    "deploys": "When something was deployed is not known yet.",
    "health": "The health of traces cannot be reported yet.",
}
INSTEAD = (
    "Ask what was slow or what failed instead: slowest checkout last 30m, or errors checkout since 14:00."
)

DEPLOYS_ADVICE = (
    "Say when it was, or which versions, as in: why checkout since 14:00, or compare checkout v1.4 vs v1.5."
)

CAN_BE_ASKED = (
    "Ask for the slowest traces or the errors of a service, a user or an order around a time, operations, services, a "
    "trace id, a link to a trace or a trace file"
    + (", or why something is slow and what changed between two periods" if INVESTIGATIONS_ANSWERED else "")
    + ". Examples: slowest checkout last 30m; errors since 14:00; user 42 at 14:05"
    + ("; why checkout; compare checkout last 1h vs yesterday" if INVESTIGATIONS_ANSWERED else "")
)
