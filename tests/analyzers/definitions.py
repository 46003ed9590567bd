"""Slow twins: the algorithms written from their definitions, to compare the fast ones with."""

from __future__ import annotations

from analyzers.asynchrony import waited_for
from analyzers.critical_path import clock_tolerance_ns
from analyzers.table import NO_PARENT


def children_of(spans, row):
    return [child for child in range(len(spans)) if spans.parent_row[child] == row]


def slow_self_time_ns(spans):
    """For every instant of the span, whether a child runs."""
    result = []
    for row in range(len(spans)):
        covered = set()
        for child in children_of(spans, row):
            covered |= set(range(int(spans.start_ns[child]), int(spans.end_ns[child])))
        own = set(range(int(spans.start_ns[row]), int(spans.end_ns[row])))
        result.append(len(own - covered))
    return result


def slow_clock_error_ns(spans, clock):
    """Every two starts, and every duration, on one clock in one trace; `clock` names each row's."""
    result = []
    for row in range(len(spans)):
        same = [o for o in range(len(spans)) if spans.trace[o] == spans.trace[row] and clock[o] == clock[row]]
        starts = spans.start_ns[same].tolist()
        passed = spans.duration_ns[same].tolist() + [a - b for a in starts for b in starts]
        fitting = [tick for tick in (10**6, 10**3) if any(passed) and all(one % tick == 0 for one in passed)]
        result.append(max(fitting, default=0))
    return result


def slow_critical_own_ns(spans):
    """The backward walk by recursion, looking at every child at every step."""
    waited, tolerance = waited_for(spans), clock_tolerance_ns(spans)
    own = [0] * len(spans)

    def precedes(child, cursor, until):
        """Where the child would hand over, or None if it does not come before the cursor."""
        end = int(spans.end_ns[child])
        if end > cursor and (cursor == until or end - cursor <= tolerance[child]):
            end = cursor
        return end if end <= cursor and int(spans.start_ns[child]) <= end else None

    def walk(row, low, until):
        cursor = until
        left = [child for child in children_of(spans, row) if waited[child]]
        left.sort(key=lambda child: (-min(int(spans.end_ns[child]), int(spans.end_ns[row])), child))
        for child in left:
            end = precedes(child, cursor, until)
            if end is None or end < low or cursor <= low:
                continue
            own[row] += cursor - end
            begin = max(int(spans.start_ns[child]), low)
            walk(child, begin, end)
            cursor = begin
        own[row] += cursor - low

    for root in spans.root_row.tolist():
        walk(root, int(spans.start_ns[root]), int(spans.end_ns[root]))
    return own


def slow_replayed_duration_ns(spans, idle):
    """The root's duration if the rows in `idle` did nothing of their own, by recursion."""
    waited, tolerance = waited_for(spans), clock_tolerance_ns(spans)
    start, end = _clipped(spans)

    def duration(row):
        keep = 0 if row in idle else 1
        kids = sorted((c for c in children_of(spans, row) if waited[c]), key=lambda c: (start[c], c))
        finish, length = {}, {}
        seen = []  # conditions of later children, as (end as it was, finish as it would be)
        done = set()
        ready = {c: max(end[c] - int(tolerance[c]), start[c]) for c in kids}
        by_ready = sorted(kids, key=lambda c: (ready[c], c))
        for child in kids:
            for before in by_ready:
                if before in done:
                    continue
                if ready[before] > start[child] or before not in finish:
                    break
                overlap = max(0, end[before] - start[child])
                seen.append((end[before] - overlap, finish[before] - min(overlap, length[before])))
                done.add(before)
            last_end = max([start[row], *(s[0] for s in seen)])
            last_finish = max([0, *(s[1] for s in seen)])
            length[child] = duration(child)
            finish[child] = last_finish + (start[child] - last_end) * keep + length[child]
        tail = end[row] - max([start[row], *(end[c] for c in kids)])
        return max([0, *finish.values()]) + tail * keep

    return duration(int(spans.root_row[0]))


def _clipped(spans):
    start, end = {}, {}
    for row in range(len(spans)):
        parent = int(spans.parent_row[row])
        low, high = int(spans.start_ns[row]), int(spans.end_ns[row])
        if parent != NO_PARENT:
            low = min(max(low, start[parent]), end[parent])
            high = max(min(high, end[parent]), low)
        start[row], end[row] = low, high
    return start, end
