"""The headline of an investigation: what changed, by how much, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.investigation.besides import Besides
from analyzers.investigation.cohort import FEWEST_TRACES
from analyzers.wording import count_text, duration_text, name_text, place_text, share_text, share_words

if TYPE_CHECKING:
    from analyzers.investigation.besides import Waiting
    from analyzers.investigation.question import Question
    from analyzers.investigation_report import Cause, Change, ChangeKind, Part, Verdict

STANDS_OUT = 0.1
"""A cause with a smaller share is told with its time alone."""


OVERLAP = 1.05
"""Shares that sum to more than this are not of different things."""

NOTHING_BESIDES = Besides()

HAPPENED: dict[ChangeKind, str] = {
    "calls": "called more often",
    "errors": "where failures began",
    "new": "which calls what it did not call before",
    "gone": "which no longer calls what it used to",
    "queue": "where messages wait",
}


def headline(
    question: Question,
    verdict: Verdict,
    change: Change | None,
    causes: tuple[Cause, ...],
    parts: tuple[Part, ...] = (),
    besides: Besides = NOTHING_BESIDES,
) -> str:
    """What, how much, where: one or two sentences that stand alone."""
    if change is None or verdict == "cannot_tell":
        return cannot_tell(question, change)
    if verdict == "slower" and besides.waiting is not None:
        return _waiting(question, change, besides, besides.waiting)
    said = _change(question, verdict, change, besides)
    if verdict in {"not_slower", "faster"}:
        return f"{said}{_largest(parts) if verdict == 'faster' else ''}."
    return f"{said}{_too(question, verdict, change, besides)}. {_cause(causes, verdict, change)}"


def _waiting(question: Question, change: Change, besides: Besides, waiting: Waiting) -> str:
    """Messages that wait longer, or work beside requests that takes longer; requests do not wait for it."""
    usual, now = duration_text(waiting.usual_ns), duration_text(waiting.now_ns)
    requests = f"{_in_sentence(question)} {'are' if question.is_plural else 'is'} not slower"
    if waiting.sender is None:
        who = f"{waiting.receiver}, which no request waits for, takes longer"
    else:
        who = f"Messages from {name_text(waiting.sender)} to {name_text(waiting.receiver)} wait longer"
    said = f"{who} {question.since}: {usual} → {now}; {requests}: {_figures(question, change, besides)}"
    return f"{said}{_too(question, 'slower', change, besides)}."


def _too(question: Question, verdict: Verdict, change: Change, besides: Besides) -> str:
    """What else became worse."""
    if verdict == "slower" and besides.fails_more:
        first, second = (share_text(one) for one in change.error_ratio)
        whose = "of them" if question.is_plural else "of its requests"
        return f", and {second} {whose} fail, {first} {question.before}"
    if verdict == "more_errors" and besides.slower and change.delta_ns > 0:
        who = "they are" if question.is_plural else "it is"
        before, after = (duration_text(one) for one in (change.baseline_ns, change.incident_ns))
        return f", and {who} slower: {change.measure} {before} → {after}"
    return ""


def _figures(question: Question, change: Change, besides: Besides) -> str:
    """The measure where nothing became slower, and why it may differ all the same."""
    before, after = (duration_text(one) for one in (change.baseline_ns, change.incident_ns))
    cohorts = f"{change.traces[1]:,} against {change.traces[0]:,} requests"
    if before == after:
        return f"{change.measure} {after} ({cohorts})"
    mixed = change.measure == "mean" and besides.mix_ns * change.delta_ns > 0
    why = ", since other kinds of requests were made" if mixed else ""
    return f"{change.measure} {after}, {question.before} {before}{why} ({cohorts})"


def cannot_tell(question: Question, change: Change | None) -> str:
    """What would be needed, and how to ask for it."""
    n_baseline, n_incident = change.traces if change else (0, 0)
    needed = f"at least {FEWEST_TRACES} needed"
    about = f"Cannot tell {_asked_about(question)}"
    if n_incident < FEWEST_TRACES:
        to_version = f" to version {question.versions[1]}" if question.versions else ""
        return f"{about}: {_requests(n_incident)}{to_version}, {needed}. {_longer(question)}"
    if question.versions:
        return f"{about}: {_requests(n_baseline)} {question.baseline_when}, {needed}. {_longer(question)}"
    return (
        f"{about}: {_requests(n_baseline)} to compare with {question.baseline_when}, {needed}. "
        f"{_other_baseline(question)}"
    )


def _asked_about(question: Question) -> str:
    name = _in_sentence(question)
    if question.versions:
        was = "were" if question.is_plural else "was"
        return f"whether {name} {was} slower {question.since}"
    asked = question.incident.asked.understood
    if asked is not None and asked.kind == "compare":
        return f"how {name} changed {question.since}"
    return f"why {name} {'were' if question.is_plural else 'was'} slow {question.since}"


def _in_sentence(question: Question) -> str:
    name = question.place
    return name[0].lower() + name[1:] if question.is_plural else name


def _longer(question: Question) -> str:
    if question.versions:
        return "Ask for a period in which both ran, as: last 1d."
    return "Ask for a longer period."


def _other_baseline(question: Question) -> str:
    """What to ask instead where there is nothing to compare with."""
    if question.baseline.end_ns >= question.incident.start_ns:
        return "Ask for a shorter period, or compare with another one: vs yesterday, for example."
    return "Compare with another period: vs previous hour, for example."


def _requests(count: int) -> str:
    return count_text(count, "request") if count else "no requests"


def _change(question: Question, verdict: Verdict, change: Change, besides: Besides) -> str:
    name = question.place
    is_are = "are" if question.is_plural else "is"
    cohorts = f"{change.traces[1]:,} against {change.traces[0]:,} requests"
    before, after = (duration_text(one) for one in (change.baseline_ns, change.incident_ns))
    if verdict == "not_slower":
        return f"{name} {is_are} not slower {question.since}: {_figures(question, change, besides)}"
    if verdict == "more_errors":
        fail = "fail" if question.is_plural else "fails"
        first, second = (share_text(one) for one in change.error_ratio)
        if change.error_ratio[1] > change.error_ratio[0]:
            shares = f"{second} of requests, {first} {question.before}"
            return f"{name} {fail} more often {question.since}: {shares} ({cohorts})"
        first, second = (share_text(one) for one in besides.fail_within)
        whose = "them" if question.is_plural else "its requests"
        within = f"something fails in {second} of {whose}, {first} {question.before}"
        return f"More goes wrong within {_in_sentence(question)} {question.since}: {within} ({cohorts})"
    if verdict == "slower" and change.delta_ns <= 0:
        hidden = f"other traffic hides it in the {change.measure}: {before} → {after}"
        return f"{name} {is_are} slower {question.since}, like held against like ({hidden}; {cohorts})"
    if verdict == "slower" and not change.ci95_ns[0] > 0:
        part = f"Part of {_in_sentence(question)}"
        return (
            f"{part} is slower {question.since}; on the whole {change.measure} {before} → {after} ({cohorts})"
        )
    word = "slower" if verdict == "slower" else "faster"
    low, high = (_signed(one) for one in change.ci95_ns)
    return (
        f"{name} {is_are} {word} {question.since}: {change.measure} {before} → {after} "
        f"({_signed(change.delta_ns)}, 95 % interval {low} to {high}; {cohorts})"
    )


def also_told(causes: tuple[Cause, ...]) -> Cause | None:
    """The cause that a headline names besides the first."""
    return next((one for one in causes[1:] if one.share >= 0.2 and one.share >= causes[0].share / 3), None)


def _cause(causes: tuple[Cause, ...], verdict: Verdict, change: Change) -> str:
    if not causes:
        return "Nothing stands out as the cause."
    first = causes[0]
    if verdict == "more_errors" and first.change == "errors":
        said = f"Most of it began {_error_place(first)}."
    elif first.share >= STANDS_OUT:
        said = f"{_much(first.share, change)} is {cause_text(first)}."
    else:
        said = f"The likeliest cause is {cause_text(first)}."
    second = also_told(causes)
    if second is None:
        return said
    # Where both explain the same time, their shares cannot be added up.
    is_also = "is" if first.share + second.share < OVERLAP else "may as well be"
    return f"{said[:-1]}; {share_text(second.share)} {is_also} {cause_text(second)}."


def _much(share: float, change: Change) -> str:
    """How much of the change, at the beginning of a sentence. What causes explain is always the mean's rise."""
    text = share_text(share)
    if change.measure != "mean":
        much = "all" if text == share_text(1.0) else f"{share_words(share)} ({text})"
        return f"Of what the mean rose, {much}"
    return "All of it" if text == share_text(1.0) else f"{share_words(share).capitalize()} of it ({text})"


def cause_text(cause: Cause) -> str:
    """A cause as the end of a sentence: `payment SELECT cards, which is called more often`."""
    where = place_text(cause.service, cause.operation)
    if cause.caller is not None and cause.change == "gone":
        return f"{name_text(cause.service)}, which does not answer {name_text(cause.caller)}"
    if cause.caller is not None:
        way = f"the way from {name_text(cause.caller)} to {name_text(cause.service)}"
        return f"{way}, through a queue" if cause.change == "queue" else f"{way}, on the wire"
    if cause.change == "wire":
        return f"on all ways to and from {name_text(cause.service)}, on the wire"
    if cause.change == "self_time":
        return f"{where} itself" if cause.operation else f"{where}, in several of its operations"
    return f"{where}, {HAPPENED[cause.change]}"


def _error_place(cause: Cause) -> str:
    if cause.caller is not None:
        return f"on the way from {name_text(cause.caller)} to {name_text(cause.service)}"
    return f"in {place_text(cause.service, cause.operation)}"


def _largest(parts: tuple[Part, ...]) -> str:
    """Where most of the time was saved."""
    saved = [part for part in parts if part.delta_ns < 0]
    if not saved:
        return ""
    most = min(saved, key=lambda part: part.delta_ns)
    where = (
        f"{name_text(most.caller)} → {name_text(most.service)}"
        if most.caller
        else place_text(most.service, most.operation)
    )
    return f"; most of it at {where} ({_signed(most.delta_ns)})"


def _signed(duration_ns: int) -> str:
    return (
        f"+{duration_text(duration_ns)}"
        if duration_ns > 0
        else duration_text(duration_ns).replace("-", "−", 1)
    )
