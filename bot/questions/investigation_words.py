"""The words that questions for causes and comparisons are made of: how they begin, what parts their sides, and what is no name in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.questions.everyday import EVERYDAY
from bot.questions.moments import MOMENT
from bot.questions.words import METHODS, is_name

if TYPE_CHECKING:
    from bot.questions.intent import Measure

POLITE = r"(?:(?:hey|so|and|but|ok|please|pls|tell me|do you know|any ideas?|any clue|find out|explain|show me|i wonder|know|(?:can|could) you(?: please)?(?: tell me| explain| see| find out)?|analy[sz]e|lets see|let's see)[ ,:]+)*"
RELEASE = r"(?:(?:the|our|that|this|a) )?(?:(?:last|latest|new|newest|recent) )?(?:deploy(?:ment)?|release|roll-?out|upgrade|update|migration|version|change)"
BLAMED = rf"(?:is|was) (?:it|this|that) (?:again )?{RELEASE}(?= |$)|(?:is|was|did|has|have) {RELEASE} (?:to blame(?: for)?|(?:the )?(?:cause|reason) (?:of|for)|caused?|br(?:eak|oken?)|ma[dk]e|slow(?:ed)?(?: down)?)"
"""Whether a release did it: what changed along with a version is part of every investigation."""
SWEAR = r"(?: (?:tf|the (?:hell|heck|fuck|f)|on earth|in the world|exactly|oh why))?"
WHY = re.compile(
    rf"{POLITE}(?:why(?:'s|s(?= ))?{SWEAR}|how (?:come|comes it|it comes|comes)(?: that)?|(?:for (?:what|which) (?:reason|cause)|for what(?= (?:is|are|was|were|does|do|did)\b)|from where (?:comes?|does|is)|where (?:does|is)(?= .* com(?:e|ing) from$))|(?:(?:what(?:'s|s| is| are| was) |find |do |run |give me )?(?:the |a )?(?:root[ -]?cause(?: analysis)?|rca|reasons?|causes?)(?: (?:for|of|why|behind|that))?)"
    r"|(?:what|who)(?: the (?:hell|heck|fuck)| on earth)?(?:'s|s(?= )| is| has| was| are| have)? (?:been )?(?:caus(?:ed|es|ing)|making|makes?|made|triggered|triggering|behind|led to|leading to|slowing(?: down)?|slows(?: down)?|slowed(?: down)?)"
    rf"|(?:diagnose|debug|troubleshoot|investigate|root[ -]?cause)|what(?:'s|s(?= )| is| has| have)? (?:been )?(?:changed|different|unusual|abnormal)|anything (?:unusual|abnormal|different)|(?:since )?when(?: and why)?(?= (?:did|is|was|were|has|have|are|does)\b)|{BLAMED})(?![\w'-])",
    re.IGNORECASE,
)  # fmt: skip
ASKED_LAST = re.compile(
    r"(?P<body>.+?)(?<![ ,;:.!?-])[ ,;:.!?-]+(?:(?:but|and|so|any (?:idea|clue)s?|do you know|find|find out|please|tell me|explain) )*"
    r"(?:why(?: is (?:that|this|it|so))?|how come"
    r"|(?:what(?:'s| is| was)? )?(?:the |a )?(?:root[ -]?cause|cause|reason|culprit)(?: (?:for|of) (?:it|this|that))?"
    r"|(?:what|who)(?:'s| is| has| was)? (?:caus(?:ed|es|ing)|behind|to blame(?: for)?)(?: (?:it|this|that))?"
    r"|(?:from )?where (?:it comes|comes it|does (?:it|this|that) come)(?: from)?|(?P<soft>what(?:'s| is| was)? (?:going on|happening|up|wrong|happened|changed|gives)))"
    r"(?P<when> (?:today|yesterday|this|last|since|around|in the|at|on) ?.*)?",
    re.IGNORECASE,
)
"""`checkout is slow, why`: the cause is asked for at the end."""
COMPARE = re.compile(
    rf"{POLITE}(?:compare(?: me)?|comparing|(?:a )?comparison|diff|(?:what(?:'s|s| is| are) )?(?:the )?differences?|how (?:do|does|did|is|are|was))(?![\w'-])",
    re.IGNORECASE,
)
PIVOT = re.compile(
    r"(?:^| )(?:vs\.?|versus|against|(?:as )?compared? (?:to|with)|relative to|in (?:comparison|relation) (?:to|with)|(?:any |a |the )?differen(?:ces?|t) (?:to|from|than|with))(?: |$)",
    re.IGNORECASE,
)
THAN = re.compile(r"(?<=[a-z]) (?:than|as) (?=\w)", re.IGNORECASE)
COMPARATIVE = re.compile(
    r"\b(?:slower|faster|worse|better|quicker|longer|higher|lower|more|less|fewer|(?:as|so) (?:slow|fast|good|bad))\b",
    re.IGNORECASE,
)
WEAK_PIVOT = re.compile(r" (?:with|to|and|from) ", re.IGNORECASE)
BEFORE_AND_AFTER = re.compile(
    rf"(?<!\w)(?:before(?: and |/| vs\.? | versus | with | to )after|after(?: and |/| vs\.? | versus | with | to )before) (?P<moment>{MOMENT})",
    re.IGNORECASE,
)
"""`before and after 14:00`: the time since then against as much time before it."""
MEASURES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    ("p99", re.compile(r"\b(?:p ?99|99th percentile|99th|tail)\b", re.IGNORECASE)),
    ("p95", re.compile(r"\b(?:p ?95|95th percentile|95th)\b", re.IGNORECASE)),
    ("p50", re.compile(r"\b(?:p ?50|50th percentile|median)\b", re.IGNORECASE)),
    ("mean", re.compile(r"\b(?:mean|average|avg)\b", re.IGNORECASE)),
)

AUXILIARY = frozenset("is are was were has have had did does do be been being".split())
COMPLAINTS = frozenset(
    """
    slow slower slowest slowly slowness slowdown slowdowns sluggish laggy lag lags lagging crawling crawl hanging hang hangs stuck stalled
    degraded degrade degrades degrading degradation regress regressed regressing regression worse worst bad badly poor poorly awful
    terrible horrible unusable unresponsive high higher up down increase increased increases increasing rising rise rose risen raised
    spike spikes spiked spiking jump jumped jumps grew grown growing long longer forever ages latency latencies fail fails failing
    failed failure failures error errors erroring errored broken breaking break breaks broke crash crashes crashing crashed exception
    exceptions timeout timeouts outage incident 500 500s 502 502s 503 503s 504 504s 5xx dying dead dropping problem problems
    issue issues faster better less fewer lower different changed unusual off weird odd strange climb climbs climbing climbed doubled tripled abnormal normal normally usual usually delayed delays delay
    """.split()
)
FILLING = AUXILIARY | frozenset(
    """
    timings look looks looked looking seem seems global globally lasts lasted lasting experience one ones me the a an our my your of in for on at with to from by within inside about it its this that these those we i you us they there things
    thing everything anything something all whole entire system overall requests request calls call traces trace responses response
    transactions users user customers customer people clients see seeing get gets got getting gotten become became becoming go goes
    going gone went come comes coming so too very really super extremely suddenly sudden now lately recently currently again still much
    many more lots lot some any such just right rn atm keep keeps kept take takes taking took time times timing timed out through roof
    duration durations performance perf mean average avg median p50 p95 p99 tail 50th 95th 99th percentile rate returning returns
    return responding respond loading load loads performing perform performs running run runs behaving behave throwing throws throw
    giving having happening happened happen today's service services app endpoint operation shop please pls between and or compare
    compared comparing comparison what which how if been new fast quick good well also old version versions release releases as than like here cause caused causing above below reach reached
    """.split()
)
MEASURED = frozenset("p50 p95 p99 mean median average avg tail".split())
VOCABULARY = COMPLAINTS | FILLING


REGRESSED = re.compile(
    r"(?:did|has|have|is|are|was|were|does)\b.*\b(?:slower|worse|regress\w*|degrad\w*|(?:behav\w+|perform\w*|as|look\w*) (?:normal|normally|usual|usually))(?![\w-])",
    re.IGNORECASE,
)
WAS_IT = re.compile(
    r"^(?:was|were|did|has|have|is|are|how)\b(?!.* (?:get|got|gotten|getting|become|became|becoming) ).*\b(?:different|slower|faster|worse|better|quicker|longer|higher|lower|more|fewer|(?:as|so|this|that|also) (?:slow|fast|good|bad|many|high|long))\b"
    r".* (?:(?:from|to) )?(?:yesterday|last week|the day before|an hour ago)$",
    re.IGNORECASE,
)
"""`was checkout faster yesterday`: now against then."""
MOST_COMPARED_WORDS = 3
"""Of a comparison without a second period: more of them that are no name are another sentence."""
LOOK_INTO = re.compile(
    r"going on|happen|what(?:'s| is) (?:up|wrong)|debug|diagnose|investigate|troubleshoot|\bmakes?\b|\bmade\b",
    re.IGNORECASE,
)
"""Of one user or order this asks for their traces."""
NEEDS_COMPLAINT = re.compile(
    r"\b(?:going on|happen|gives|up$|wrong|caus|mak|made|trigger|led|leading|behind)", re.IGNORECASE
)
COMPARING = re.compile(rf"\bchanged?\b|\bdiffer\w*|{COMPARATIVE.pattern}", re.IGNORECASE)
CHANGED = re.compile(r"chang|different", re.IGNORECASE)
"""What differs between two periods is a comparison, also after `what has`."""
DIFFERENCES = re.compile(r"differen", re.IGNORECASE)
JOINED = re.compile(r"\b(?:between|and)\b", re.IGNORECASE)
JOINING = frozenset({"between", "and"})
COMMANDS = frozenset({"slowest", "errors", "find", "operations", "services", "why", "compare", "help"})
"""What differs between these is told by help."""
EXPLICIT = re.compile(r"compar|diff", re.IGNORECASE)
QUOTED_NAME = re.compile(r"\"([^\"]{1,200})\"")
ROUTE = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(METHODS))}) /\S*", re.IGNORECASE)
PERSON = r"(user|customer|client|account|tenant)"
CALLED_A_PERSON = re.compile(
    rf"(?<!\w){PERSON} service(?!\w)|^(?:(?:is|was|are|did|does|has|of|in|the) )*{PERSON}(?=$| (?:is|was|so|slow\w*|gets?|got|takes?|latency|up|down)(?!\w))",
    re.IGNORECASE,
)
"""A service that is named like the people whom other sentences are about: `the user service`, `is user slow`."""
TOKEN = re.compile(r"[^\s,;?!()\"]+")
LENGTH = re.compile(r"(?<![\w.:/-])\d+(?:\.\d+)? ?(?:ms|s|secs?|seconds?|milliseconds?)(?!\w)", re.IGNORECASE)
"""How long something takes: no name."""


def place_left(sentence: str) -> str | None:
    """The one name within the words of such a question: empty for none, None where there is more than a name."""
    if named := QUOTED_NAME.search(sentence) or ROUTE.search(sentence) or CALLED_A_PERSON.search(sentence):
        rest = place_left(f"{sentence[: named.start()]} {sentence[named.end() :]}")
        return None if rest is None else f"{rest} {named[named.lastindex or 0]}".strip()
    tokens = [token.rstrip(":").removesuffix("'s") for token in TOKEN.findall(LENGTH.sub(" ", sentence))]
    unknown = [n for n, token in enumerate(tokens) if token.lower() not in VOCABULARY]
    if not unknown:
        return ""
    name_parts = tokens[unknown[0] : unknown[-1] + 1]
    if any(part.lower() in EVERYDAY for part in name_parts):
        return None
    return " ".join(name_parts) if len(name_parts) == len(unknown) and is_name(name_parts) else None


def measure_alone(words: str) -> Measure | None:
    """The measure that the words name and nothing else."""
    return next((measure for measure, pattern in MEASURES if pattern.fullmatch(words.strip(" ,"))), None)


def measure_named(sentence: str) -> Measure:
    """The measure that the words name; the mean where they name none."""
    return next((measure for measure, pattern in MEASURES if pattern.search(sentence)), "mean")
