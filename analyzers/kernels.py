"""The hot loops, over columns of one table: ordering, linking, self time, critical path, replay.

All of them run over rows grouped by trace; `trace_begin[t]` to `trace_begin[t + 1]` are the rows of trace t.
None recurses: some traces are deeper than any stack. Every sort is a merge sort, so that no span ids, times or shapes
chosen by a stranger make it slow. They stand in one file because numba notices a change only in the file it cached.
"""

from __future__ import annotations

from typing import Any

from analyzers.kernel import kernel

# numba reads these as constants.
NONE = -1
OFF_PATH = -(1 << 62)
ROOT, CHILD, ORPHAN, CUT, FOLLOWS = 1, 2, 3, 4, 5  # analyzers.table.Relation
SERVER, CLIENT, CONSUMER = 2, 3, 5  # analyzers.table.Kind
PLAIN_SPANS = 1024  # larger traces are sorted: no ids chosen by a stranger can make that slow
SPREAD = 0x1E3779B97F4A7C15  # 2**61 by the golden ratio, odd: Fibonacci hashing
POSITIVE = (1 << 63) - 1
RUN = 16  # below this, insertion beats merging
MOST_STEPS_PER_SPAN = 8  # beyond, sorting is cheaper than inserting
SAME_ID_TRIED = 16  # candidates looked at where several spans share the parent's id; two are usual


def sort_rows(rows: Any, keys: Any, begin: int, end: int, spare: Any) -> None:
    """Sort rows[begin:end] by keys[row], ascending and stable."""
    for low in range(begin, end, RUN):
        for position in range(low + 1, min(low + RUN, end)):
            row = rows[position]
            key = keys[row]
            hole = position
            while hole > low and keys[rows[hole - 1]] > key:
                rows[hole] = rows[hole - 1]
                hole -= 1
            rows[hole] = row
    width = RUN
    while width < end - begin:
        for low in range(begin, end - width, 2 * width):
            middle = low + width
            high = min(middle + width, end)
            if keys[rows[middle - 1]] <= keys[rows[middle]]:
                continue
            for position in range(low, middle):
                spare[position] = rows[position]
            left, right, out = low, middle, low
            while left < middle and right < high:
                if keys[rows[right]] < keys[spare[left]]:
                    rows[out] = rows[right]
                    right += 1
                else:
                    rows[out] = spare[left]
                    left += 1
                out += 1
            while left < middle:
                rows[out] = spare[left]
                left += 1
                out += 1
        width *= 2


@kernel(sort_rows)
def order_rows(
    trace_begin: Any,
    start: Any,
    longest_first: Any,
    span_id: Any,
    side: Any,
    out_rows: Any,
    scratch_spare: Any,
) -> None:
    """Rows of each trace by start, then longest first, then span id, then side (kind and service).

    `out_rows` comes in as the rows grouped by trace, in any order.
    """
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        sort_rows(out_rows, start, begin, end, scratch_spare)
        low = begin
        while low < end:
            high = low + 1
            while high < end and start[out_rows[high]] == start[out_rows[low]]:
                high += 1
            if high - low > 1:
                sort_rows(out_rows, side, low, high, scratch_spare)
                sort_rows(out_rows, span_id, low, high, scratch_spare)
                sort_rows(out_rows, longest_first, low, high, scratch_spare)
            low = high


def place_of(wanted: int, span_id: Any, slots: Any, bits: int) -> int:
    """The slot that holds the row with this span id, or else the free one where it belongs."""
    slot = ((wanted * SPREAD) & POSITIVE) >> (63 - bits)
    while slots[slot] != NONE and span_id[slots[slot]] != wanted:
        slot = (slot + 1) & ((1 << bits) - 1)
    return int(slot)


def hash_ids(begin: int, end: int, span_id: Any, slots: Any) -> int:
    """Put rows begin to end into 2**bits slots by span id and return bits; NONE where an id comes twice or there are too many."""
    if end - begin > PLAIN_SPANS:
        return NONE
    bits = 4
    while (1 << bits) < 2 * (end - begin):
        bits += 1
    for slot in range(1 << bits):
        slots[slot] = NONE
    for row in range(begin, end):
        slot = place_of(span_id[row], span_id, slots, bits)
        if slots[slot] != NONE:
            return NONE
        slots[slot] = row
    return bits


@kernel(place_of, hash_ids)
def link_plain(
    trace_begin: Any,
    span_id: Any,
    parent_id: Any,
    follows_id: Any,
    out_parent: Any,
    out_relation: Any,
    out_plain: Any,
    scratch_slots: Any,
) -> int:
    """The parent's row and the relation of every row, in traces without repeated ids and not too large for a hash table.

    Other traces are left to `index_ids` and `link_parents`, which sort. `scratch_slots` has 4 * PLAIN_SPANS places.
    Returns how many traces are left.
    """
    left = 0
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        bits = hash_ids(begin, end, span_id, scratch_slots)
        out_plain[trace] = bits != NONE
        if bits == NONE:
            left += 1
            continue
        for row in range(begin, end):
            if parent_id[row] != 0:
                parent = scratch_slots[place_of(parent_id[row], span_id, scratch_slots, bits)]
                out_relation[row] = ORPHAN if parent == NONE else CHILD
            elif follows_id[row] != 0:
                parent = scratch_slots[place_of(follows_id[row], span_id, scratch_slots, bits)]
                out_relation[row] = ROOT if parent == NONE else FOLLOWS
            else:
                parent = NONE
                out_relation[row] = ROOT
            out_parent[row] = parent
    return left


@kernel(sort_rows)
def index_ids(
    trace_begin: Any,
    plain: Any,
    span_id: Any,
    side: Any,
    duration: Any,
    out_by_id: Any,
    out_duplicate: Any,
    scratch_spare: Any,
) -> int:
    """Rows of each trace that is not plain by span id, and which of them repeat another's id, kind and service.

    Of several that repeat each other the longest stays, since it was finished; of equally long ones the first.
    Returns how many rows are duplicates.
    """
    duplicates = 0
    for trace in range(len(trace_begin) - 1):
        if plain[trace]:
            continue
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        for row in range(begin, end):
            out_by_id[row] = row
        sort_rows(out_by_id, span_id, begin, end, scratch_spare)
        low = begin
        while low < end:
            high = low + 1
            while high < end and span_id[out_by_id[high]] == span_id[out_by_id[low]]:
                high += 1
            if high - low > 1:
                sort_rows(out_by_id, side, low, high, scratch_spare)
                kept = out_by_id[low]
                for position in range(low + 1, high):
                    row = out_by_id[position]
                    if side[row] != side[kept]:
                        kept = row
                        continue
                    duplicates += 1
                    if duration[row] > duration[kept]:
                        out_duplicate[kept] = True
                        kept = row
                    else:
                        out_duplicate[row] = True
            low = high
    return duplicates


def first_with_id(by_id: Any, span_id: Any, begin: int, end: int, wanted: int) -> int:
    """Position in by_id[begin:end] of the first row with this span id; NONE without one."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if span_id[by_id[middle]] < wanted:
            low = middle + 1
        else:
            high = middle
    if low < end and span_id[by_id[low]] == wanted:
        return low
    return NONE


def caller_side(row: int, by_id: Any, span_id: Any, parent_id: Any, kind: Any, low: int, end: int) -> int:
    """The client row whose span id this server row shares (Zipkin's shared spans); NONE without one."""
    if kind[row] != SERVER:
        return NONE
    for position in range(low, min(low + SAME_ID_TRIED, end)):
        other = by_id[position]
        if span_id[other] != span_id[row]:
            break
        if kind[other] == CLIENT and parent_id[other] == parent_id[row]:
            return int(other)
    return NONE


def best_parent(row: int, by_id: Any, span_id: Any, kind: Any, service: Any, low: int, end: int) -> int:
    """Of the rows that share the parent's id: the one in the same service, else the called side, else the first."""
    wanted = span_id[by_id[low]]
    best = NONE
    called = NONE
    for position in range(low, min(low + SAME_ID_TRIED, end)):
        other = by_id[position]
        if span_id[other] != wanted:
            break
        if other == row:
            continue
        if service[other] == service[row]:
            return int(other)
        if best == NONE:
            best = int(other)
        if called == NONE and kind[other] in (SERVER, CONSUMER):
            called = int(other)
    if called != NONE:
        return called
    if best != NONE:
        return best
    return row  # its own parent: a circle of one, cut later


@kernel(first_with_id, caller_side, best_parent)
def link_parents(
    trace_begin: Any,
    plain: Any,
    by_id: Any,
    span_id: Any,
    parent_id: Any,
    follows_id: Any,
    kind: Any,
    service: Any,
    out_parent: Any,
    out_relation: Any,
) -> None:
    """The parent's row and the relation of every row of the traces that are not plain."""
    for trace in range(len(trace_begin) - 1):
        if plain[trace]:
            continue
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        low = begin
        for position in range(begin, end):
            row = by_id[position]
            if span_id[row] != span_id[by_id[low]]:
                low = position
            parent = caller_side(row, by_id, span_id, parent_id, kind, low, end)
            relation = CHILD
            if parent == NONE and parent_id[row] != 0:
                found = first_with_id(by_id, span_id, begin, end, parent_id[row])
                if found == NONE:
                    relation = ORPHAN
                else:
                    parent = best_parent(row, by_id, span_id, kind, service, found, end)
            elif parent == NONE:
                relation = ROOT
                if follows_id[row] != 0:
                    found = first_with_id(by_id, span_id, begin, end, follows_id[row])
                    if found != NONE:
                        relation = FOLLOWS
                        parent = best_parent(row, by_id, span_id, kind, service, found, end)
            out_parent[row] = parent
            out_relation[row] = relation


@kernel()
def cut_circles(out_parent: Any, out_relation: Any, scratch_walk: Any) -> int:
    """Cut every circle of parents above its first row. Returns how many there were.

    `scratch_walk` comes in filled with NONE.
    """
    cut = 0
    for row in range(len(out_parent)):
        node = row
        while node != NONE and scratch_walk[node] == NONE:
            scratch_walk[node] = row
            node = out_parent[node]
        if node == NONE or scratch_walk[node] != row:
            continue
        first = node
        probe = out_parent[node]
        while probe != node:
            first = min(first, probe)
            probe = out_parent[probe]
        out_parent[first] = NONE
        out_relation[first] = CUT
        cut += 1
    return cut


@kernel()
def granularities(
    trace_begin: Any,
    clock: Any,
    start: Any,
    duration: Any,
    out_error: Any,
    scratch_trace: Any,
    scratch_first: Any,
    scratch_tick: Any,
) -> None:
    """For every row the coarsest of 1 ms and 1 us of which all that passes on its clock in its trace is a multiple, else 0.

    `clock` numbers the places of the last three; `scratch_trace` comes in filled with NONE. Only differences count: where a clock
    began to count does not matter.
    """
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        for row in range(begin, end):
            on = clock[row]
            if scratch_trace[on] != trace:
                scratch_trace[on] = trace
                scratch_first[on] = start[row]
                scratch_tick[on] = 0
            tick = scratch_tick[on]
            if tick == 1:
                continue
            passed = start[row] - scratch_first[on]
            if tick == 0 and (passed != 0 or duration[row] != 0):
                tick = 1_000_000
            if tick == 1_000_000 and (passed % 1_000_000 != 0 or duration[row] % 1_000_000 != 0):
                tick = 1_000
            if tick == 1_000 and (passed % 1_000 != 0 or duration[row] % 1_000 != 0):
                tick = 1
            scratch_tick[on] = tick
        for row in range(begin, end):
            tick = scratch_tick[clock[row]]
            out_error[row] = tick if tick > 1 else 0


@kernel()
def choose_roots(
    trace_begin: Any, start: Any, end_of: Any, out_relation: Any, out_parent: Any, out_root: Any
) -> None:
    """Each trace's root row; orphans and cut rows that began while it ran are put under it.

    The root is the first span without a parent; where every span names one, the longest of those whose
    parent is missing.
    """
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        root = NONE
        longest = NONE
        for row in range(begin, end):
            if out_parent[row] != NONE:
                continue
            if out_relation[row] == ROOT:
                root = row
                break
            if longest == NONE or end_of[row] - start[row] > end_of[longest] - start[longest]:
                longest = row
        if root == NONE:
            root = longest
        out_root[trace] = root
        for row in range(begin, end):
            loose = out_parent[row] == NONE and out_relation[row] != ROOT and row != root
            if loose and start[root] <= start[row] <= end_of[root]:
                out_parent[row] = root


@kernel()
def parents_first(
    trace_begin: Any,
    parent: Any,
    out_rows: Any,
    scratch_child: Any,
    scratch_sibling: Any,
) -> int:
    """Rows such that parents stand before their children; untouched where they do already.

    A trace that has to be put in order is laid out depth first, siblings in row order. Returns how many traces had to.
    """
    moved = 0
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        ordered = True
        for row in range(begin, end):
            out_rows[row] = row
            if parent[row] > row:
                ordered = False
        if ordered:
            continue
        moved += 1
        for row in range(begin, end):
            scratch_child[row] = NONE
        top = NONE
        for row in range(end - 1, begin - 1, -1):
            if parent[row] == NONE:
                scratch_sibling[row] = top
                top = row
            else:
                scratch_sibling[row] = scratch_child[parent[row]]
                scratch_child[parent[row]] = row
        position = begin
        node = top
        while node != NONE:
            out_rows[position] = node
            position += 1
            following = scratch_child[node]
            while following == NONE and node != NONE:
                following = scratch_sibling[node]
                node = parent[node]
            node = following
    return moved


@kernel()
def self_times(start: Any, end: Any, parent: Any, out_self: Any, scratch_covered: Any) -> None:
    """Duration less the time any child ran, children clipped to their parent.

    `out_self` comes in as the durations and `scratch_covered` as the starts.
    """
    for row in range(len(start)):
        above = parent[row]
        if above == NONE:
            continue
        begin = max(start[row], scratch_covered[above])
        finish = min(end[row], end[above])
        if begin < finish:
            out_self[above] -= finish - begin
            scratch_covered[above] = finish


def insert_child(row: int, parent: int, key: Any, first_child: Any, next_sibling: Any) -> int:
    """Put a row into its parent's list of children, latest key first, of equal keys the first row first.

    Returns how many children it passed: none where children come in the order in which they end.
    """
    before = NONE
    here = first_child[parent]
    steps = 0
    while here != NONE and key[here] >= key[row]:
        before = here
        here = next_sibling[here]
        steps += 1
    next_sibling[row] = here
    if before == NONE:
        first_child[parent] = row
    else:
        next_sibling[before] = row
    return steps


def sort_children(
    begin: int,
    end: int,
    parent: Any,
    listed: Any,
    key: Any,
    first_child: Any,
    next_sibling: Any,
    rows: Any,
    spare: Any,
) -> None:
    """All lists of children of a trace at once, as `insert_child` makes them, by one sort."""
    for row in range(begin, end):
        first_child[row] = NONE
        rows[row] = end - 1 - (row - begin)  # backward: of equal keys the first row shall lead its list
    sort_rows(rows, key, begin, end, spare)
    for position in range(begin, end):
        row = rows[position]
        if parent[row] != NONE and listed[row]:
            next_sibling[row] = first_child[parent[row]]
            first_child[parent[row]] = row


@kernel(sort_rows, insert_child, sort_children)
def critical_times(
    trace_begin: Any,
    root: Any,
    start: Any,
    end_of: Any,
    parent: Any,
    waited_for: Any,
    tolerance: Any,
    out_begin: Any,
    out_end: Any,
    out_own: Any,
    scratch_rows: Any,
    scratch_spare: Any,
    scratch_key: Any,
    scratch_child: Any,
    scratch_sibling: Any,
) -> None:
    """The part [out_begin, out_end) of every span that lies on its trace's critical path, and what of it is its own.

    Off the path all three stay as they came in, the first two as OFF_PATH. Within a span the path is walked backward with a cursor:

        span      |--own--|=====A=====|-own-|==B==|own|
                                                      ^ cursor begins at the end of the span's part
        B ended last before the cursor: [B.end, cursor) is the span's own, B takes over until its start, and so on.
    """
    for trace in range(len(trace_begin) - 1):
        begin, end = trace_begin[trace], trace_begin[trace + 1]
        for row in range(begin, end):
            scratch_child[row] = NONE
            above = parent[row]
            scratch_key[row] = end_of[row] if above == NONE else min(end_of[row], end_of[above])
        steps = 0
        for row in range(begin, end):
            if parent[row] != NONE and waited_for[row]:
                steps += insert_child(row, parent[row], scratch_key, scratch_child, scratch_sibling)
                if steps > MOST_STEPS_PER_SPAN * (end - begin):
                    sort_children(
                        begin,
                        end,
                        parent,
                        waited_for,
                        scratch_key,
                        scratch_child,
                        scratch_sibling,
                        scratch_rows,
                        scratch_spare,
                    )
                    break
        top = root[trace]
        if top == NONE:
            continue
        out_begin[top] = start[top]
        out_end[top] = end_of[top]
        for row in range(top, end):
            if out_end[row] == OFF_PATH:
                continue
            cursor = out_end[row]
            low = out_begin[row]
            own = 0
            child = scratch_child[row]
            while child != NONE and cursor > low:
                stop = end_of[child]
                # Outlives the part walked here, or overlaps its successor by no more than clocks explain.
                if stop > cursor and (cursor == out_end[row] or stop - cursor <= tolerance[child]):
                    stop = cursor
                first = max(start[child], low)
                if first <= stop <= cursor:
                    own += cursor - stop
                    out_begin[child] = first
                    out_end[child] = stop
                    cursor = first
                child = scratch_sibling[child]
            out_own[row] = own + cursor - low


@kernel()
def replay(
    first_child: Any,
    last_child: Any,
    children_by_start: Any,
    children_by_ready: Any,
    ready: Any,
    start: Any,
    end: Any,
    order: Any,
    takes_time: Any,
    out_duration: Any,
    scratch_finish: Any,
) -> None:
    """How long every span would take if those without `takes_time` did nothing of their own.

    Whatever had ended when a child began is taken for its condition: the child begins as long after the last of them as it
    did. `start` and `end` are clipped to the parent's. `order` has children before parents. Children that nobody
    waits for are in neither list. With every span taking its time, the durations come out as they are.
    """
    for row in order:
        keep = 1 if takes_time[row] else 0
        last_end = start[row]  # as it was: end of the latest condition so far
        last_finish = 0  # as it would be, from the span's own start
        latest_end = start[row]
        latest_finish = 0
        done = first_child[row]
        for position in range(first_child[row], last_child[row]):
            child = children_by_start[position]
            while done < position:
                before = children_by_ready[done]
                if ready[before] > start[child] or scratch_finish[before] == NONE:
                    break
                # Where two overlap by what clocks explain, the later one began when the earlier one ended.
                overlap = max(0, end[before] - start[child])
                last_end = max(last_end, end[before] - overlap)
                last_finish = max(last_finish, scratch_finish[before] - min(overlap, out_duration[before]))
                done += 1
            begins = last_finish + (start[child] - last_end) * keep
            scratch_finish[child] = begins + out_duration[child]
            latest_end = max(latest_end, end[child])
            latest_finish = max(latest_finish, scratch_finish[child])
        out_duration[row] = latest_finish + (end[row] - latest_end) * keep
