"""Words that mean much the same in questions about requests: the classifier learns about the concept, not each word."""

from __future__ import annotations

import re

CONCEPTS: dict[str, str] = {
    "slow": "slow slowest slowly slowness sluggish lag lags laggy lagging laggard laggards latency latencies long longest lengthy"
    " duration durations bottleneck bottlenecks crawl crawling crawls drag dragging hang hangs hanging hung stuck stalled stalling"
    " ages forever delay delays delayed hog hogs expensive heaviest heavy performance perf dominate dominates eating tardy late"
    " time-consuming consuming consume consumes spend spending spent slowing slows outlier outliers wait waiting waits loads drags"
    " badly overly hogging dawdling unresponsive patience eternity molasses snail glacial choke chokes choked choking freeze freezes"
    " freezing froze frozen jammed clogged clogs bogged congested congestion spinner spinning stinkers offenders longer tardier"
    " creeping creeps plateau snappy snappier",
    "fault": "error errors errored erroring erred errs err fail fails failed failing failure failures exception exceptions crash"
    " crashes crashed crashing broke broken break breaks breaking wrong bug bugs fault faults faulty problem problems issue issues"
    " trouble troubles 500 500s 501 502 503 504 5xx 4xx timeout timeouts timed down unavailable unreachable rejected refused"
    " denied declined aborted cancelled exhausted exceeded unsuccessful amiss weird off throw throws throwing threw threw"
    " outage incident uncaught retries dead die died dying dies panic panics succeed healthy defect defects work"
    " nullpointer nullpointers npe traceback tracebacks stacktrace stacktraces codes declines decline rejects reject rejections"
    " refuses 404 404s 429 429s 401 403 dropped drops dropping unhealthy",
    "why": "why cause causes caused causing reason reasons root blame explain explains explained explanation responsible behind"
    " triggered trigger diagnose diagnosis debug troubleshoot analyse analyze analysis rca led culprit because fault's whose"
    " guilty origin's apart common shared driver clue story",
    "change": "compare compared compares comparison comparing comparision versus vs against than before difference differences different"
    " changed change changes regression regressions regress regressed slower worse worsened better usual unusual normal abnormal"
    " baseline trend trends increasing increased increase rising rise rises anomaly anomalies deviation contrast relative"
    " improved degraded growing gone-up faster quicker effect typical became become",
    "release": "canary release releases released releasing deploy deploys deployed deployment deployments redeploy rollout rollouts rollback"
    " rolled version versions upgrade upgraded upgrading shipped ship hotfix patch migration migrated redesign sprint stable blue"
    " green",
    "alert": "alert alerts alerting notify notified notifies notifying notification mute mutes muted muting unmute silence silences"
    " silenced snooze watch watches watching unwatch subscribe subscribed unsubscribe subscription subscriptions ping page paging"
    " remind threshold thresholds acknowledge ack quiet shut monitor observe uptime alive poll oncall incident incidents firing",
    "hygiene": "hygiene instrumentation instrumented instrument orphan orphans orphaned parents parentless sampling sample sampled"
    " policy skew skewed clock clocks drift cardinality propagation leak leaks secrets sensitive personal quality",
    "find": "find finding searching look locate lookup fetch matching filter having carry carries carrying history journey"
    " follow activity timeline investigate inspect examine dig happened happens happening experience arrive complained complaint"
    " trace",
    "service": "service services microservice microservices app apps application applications component components"
    " everything system",
    "operation": "operation operations ops endpoint endpoints route routes method methods handler handlers",
    "figures": "stats statistics metrics numbers figures p50 p90 p95 p99 percentile percentiles quantile quantiles median mean average"
    " throughput traffic busy busiest load calls count counts overview summary summarize describe status state popular called used",
    "help": "help usage manual documentation docs instructions command commands question questions ask examples example syntax"
    " understand introduce tracewhy format formats specify guide tutorial start capabilities explain-yourself",
    "say": "show list give tell display print report get name enumerate pull",
    "person": "user users customer customers client clients people support complain complaints",
    "chat": "hello hi hey howdy thanks thank thx morning evening joke laugh sing song story poem funny weather rain snowing warm love"
    " life god truth match football president capital tall pizza lunch coffee hungry table restart scale replicas delete pod"
    " kill fix python code translate equation article email boss meeting timer calendar yes no maybe sure whatever mind forget lol"
    " haha hmm wow oops asdf stupid useless hate away alone wrote owns ticket team maintainer logs log cpu memory disk milk"
    " music lights mother door moon sky cats dogs train machine computer internet robot human feel you",
}  # fmt: skip
CONCEPT_OF = {word: f"<{concept}>" for concept, words in CONCEPTS.items() for word in words.split()}
SUFFIXES = re.compile(r"(?:'s|ing|ed|s)$")


def concept_of(word: str) -> str | None:
    """The concept of a word, also of one with another ending; None where it has none."""
    return CONCEPT_OF.get(word) or CONCEPT_OF.get(SUFFIXES.sub("", word))
