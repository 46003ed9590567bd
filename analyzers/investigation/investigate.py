"""Why something became slower, or fails: two cohorts in, a report out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from analyzers.investigation.attributes import shared_attributes
from analyzers.investigation.besides import besides_of
from analyzers.investigation.bootstrap import change_interval_ns
from analyzers.investigation.causes import as_causes, find_causes
from analyzers.investigation.cohort import FEWEST_TRACES, cohort_of
from analyzers.investigation.corroboration import corroborated
from analyzers.investigation.decomposition import decompose, measured_ns
from analyzers.investigation.deploys import with_deploys
from analyzers.investigation.evidence import evidence_of
from analyzers.investigation.exemplars import find_exemplars
from analyzers.investigation.impact import find_impact
from analyzers.investigation.observations import observe
from analyzers.investigation.ranking import rank_services
from analyzers.investigation.remarks import remarks_on
from analyzers.investigation.requests import request_change
from analyzers.investigation.spread import spread_of
from analyzers.investigation.verdict import does_other_work, too_few, verdict_of
from analyzers.investigation.words import headline
from analyzers.investigation_report import Change, Compare, Why
from analyzers.report_base import Confidence, Scope
from analyzers.searched import confidence_in, less_sure
from analyzers.wording import duration_text, share_text

if TYPE_CHECKING:
    from analyzers.investigation.besides import Besides
    from analyzers.investigation.causes import Found
    from analyzers.investigation.cohort import Cohort
    from analyzers.investigation.measure import Measure
    from analyzers.investigation.observations import Observed
    from analyzers.investigation.question import Question
    from analyzers.investigation.requests import RequestChange
    from analyzers.investigation_report import Cause, SharedAttribute, Verdict
    from analyzers.repair import Repaired

SPENDING = frozenset({"self_time", "wire", "queue", "calls"})
"""Changes of how long requests spend somewhere."""
TOLD_DRIFT = 0.03
"""Of what everything usually takes; less is not worth a word."""
AnyInvestigation = TypeVar("AnyInvestigation", Why, Compare)


def investigate(baseline: Repaired, incident: Repaired, question: Question) -> Why:
    """Why the incident's requests to the scope are slower than the baseline's, or fail more; or that they are not."""
    return _investigation(baseline, incident, question, Why)


def compare_periods(baseline: Repaired, incident: Repaired, question: Question) -> Compare:
    """What changed from one period, or version, to the other."""
    return _investigation(baseline, incident, question, Compare)


def _investigation(
    baseline: Repaired, incident: Repaired, question: Question, kind: type[AnyInvestigation]
) -> AnyInvestigation:
    scope = question.incident.scope
    first, second = cohort_of(baseline, scope), cohort_of(incident, scope)
    if len(first) >= FEWEST_TRACES:
        # What is usual decides who waits for whom: an incident is no time to learn habits from.
        second = replace(second, asynchronous=first.habits)
    report = _compared(first, second, question, kind)
    told = remarks_on(first, second, baseline, question)
    done = question.incident.complete(report, incident, *report.notes, *told)
    sure = less_sure(done.confidence, confidence_in(question.baseline.health_of(baseline)))
    causes = tuple(
        msgspec.structs.replace(one, confidence=less_sure(one.confidence, sure)) for one in done.causes
    )
    return msgspec.structs.replace(
        done, confidence=sure, scope=scope, causes=causes, baseline_window=question.baseline_window()
    )


def _compared(
    first: Cohort, second: Cohort, question: Question, kind: type[AnyInvestigation]
) -> AnyInvestigation:
    if not (len(first) and len(second)):
        return _nothing_to_compare(first, second, question, kind)
    observed = observe(first, second)
    evidence = evidence_of(observed)
    ranking = rank_services(observed, evidence)
    change = _change(observed, question.measure)
    by_request = request_change(observed, evidence.shifts.drift)
    found = find_causes(observed, evidence, ranking)
    rise = change.error_ratio[1] - change.error_ratio[0]
    verdict: Verdict = "cannot_tell"
    if not too_few(first, second):
        verdict = verdict_of(by_request, found, question.measure, change.delta_ns, rise)
    # What a tie decides is another cause, but no other verdict.
    besides = besides_of(observed, evidence, found, by_request, change)
    rise_ns, found = _explained(by_request, corroborated(observed, found))
    causes: tuple[Cause, ...] = ()
    if verdict in {"slower", "more_errors"}:
        found = with_deploys(observed, found)
        causes = as_causes(observed, found, rise_ns, min(first.effective, second.effective))
    parts = decompose(observed, question.measure)
    suspect = found[0].service if found and causes else None
    asked = question.incident.asked
    scoped = question.incident.scope not in {None, Scope()}
    return kind(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=headline(question, verdict, change, causes, parts, besides),
        confidence=_confidence(verdict, causes, change),
        verdict=verdict,
        change=change,
        parts=parts,
        causes=causes,
        services_ranked=tuple(observed.names.services[one] for one in _order(ranking.order(), found)),
        attributes=_attributes(observed, suspect, verdict, question.measure) if causes else (),
        exemplars=find_exemplars(observed, suspect, failing=verdict == "more_errors"),
        notes=_traffic(besides) + _drifted(by_request) + (() if causes else _other_calls(found)),
        impact=find_impact(observed, {one.service for one in found}, scoped=scoped) if causes else (),
        spread=spread_of(observed, found[0].main) if causes and found[0].kind in SPENDING else None,
    )


def _explained(by_request: RequestChange, found: tuple[Found, ...]) -> tuple[float, tuple[Found, ...]]:
    """(what there is to explain, the causes): where requests run other operations than before, that time is of who calls them."""
    if not does_other_work(by_request, found):
        return max(by_request.rate_ns, 0.0), found
    added_ns = max(by_request.other_work_ns, 0.0)
    return max(by_request.rate_ns, 0.0) + added_ns, (replace(found[0], delta_ns=added_ns), *found[1:])


def _order(ranked: list[int], found: tuple[Found, ...]) -> list[int]:
    """All services in the order of their scores, but those of the causes among each other in theirs."""
    causes = iter([one.service for one in found])
    moved = {one.service for one in found}
    return [next(causes) if one in moved else one for one in ranked]


def _nothing_to_compare(
    first: Cohort, second: Cohort, question: Question, kind: type[AnyInvestigation]
) -> AnyInvestigation:
    """One of the periods has no requests to the scope."""
    asked = question.incident.asked
    change = Change(
        baseline_ns=0, incident_ns=0, delta_ns=0, ci95_ns=(0, 0), traces=(len(first), len(second))
    )
    return kind(
        question=asked.question,
        asked_at=asked.asked_at,
        headline=headline(question, "cannot_tell", change, ()),
        confidence="none",
        verdict="cannot_tell",
        services_ranked=_names_only(first, second),
    )


def _attributes(
    observed: Observed, suspect: int | None, verdict: Verdict, measure: Measure
) -> tuple[SharedAttribute, ...]:
    """What slow requests share; where failures are told of and some requests failed, what those do."""
    service = None if suspect is None else observed.names.services[suspect]
    failing = verdict == "more_errors" and bool(observed.incident.cohort.failed.any())
    return shared_attributes(observed, service, failing=failing, measure=measure)


def _traffic(besides: Besides) -> tuple[str, ...]:
    """What other traffic alone does to the mean, where it is much of the change."""
    if not besides.mix_ns:
        return ()
    sign, length = "+" if besides.mix_ns > 0 else "−", duration_text(abs(besides.mix_ns))
    return (f"other kinds of requests were made than before: that alone makes {sign}{length} of the mean",)


def _drifted(by_request: RequestChange) -> tuple[str, ...]:
    """What all services share."""
    if by_request.drift < 1 + TOLD_DRIFT:
        return ()
    share = share_text(by_request.drift - 1)
    return (
        f"everything takes about {share} longer than before, in all services alike, as on a busier machine",
    )


def _other_calls(found: tuple[Found, ...]) -> tuple[str, ...]:
    """What changed without making requests slower: whom they call."""
    return tuple(
        f"not slower, but {one.evidence[0]}" for one in found if one.kind in {"new", "gone"} and one.evidence
    )


def _names_only(*cohorts: Cohort) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                name
                for one in cohorts
                for name in np.array(one.spans.services)[np.unique(one.spans.service)].tolist()
            }
        )
    )


def _change(observed: Observed, measure: Measure) -> Change:
    first, second = (one.cohort for one in observed.both)
    before, after = measured_ns(observed, measure)
    effective = (round(first.effective, 1), round(second.effective, 1))
    return Change(
        baseline_ns=before,
        incident_ns=after,
        delta_ns=after - before,
        ci95_ns=change_interval_ns(first, second, measure),
        traces=(len(first), len(second)),
        measure=measure,
        effective_traces=effective if first.weighted or second.weighted else None,
        error_ratio=(round(first.error_ratio, 6), round(second.error_ratio, 6)),
    )


def _confidence(verdict: Verdict, causes: tuple[Cause, ...], change: Change) -> Confidence:
    """How sure the answer is: of its cause where it names one, of what was seen where there is none."""
    if verdict == "cannot_tell":
        return "none"
    if causes:
        return causes[0].confidence
    fewest = min(change.traces)
    if verdict in {"slower", "more_errors"} or fewest < 3 * FEWEST_TRACES:
        return "low"
    return "high" if fewest >= 10 * FEWEST_TRACES else "medium"
