"""Questions for causes and comparisons: `why checkout since 14:00 vs yesterday`, `compare checkout v1.4 vs v1.5`.

They are read by leaving out the words that such questions are made of: what remains must be the name of one place, or
nothing. A sentence with any other word in it is not read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.questions.baselines import find_baseline
from bot.questions.conditions import find_conditions, least_duration_ns
from bot.questions.everyday import EVERYDAY
from bot.questions.intent import CompareCohorts, FindErrors, Investigate
from bot.questions.moments import MOMENT
from bot.questions.named_failures import failures_plain
from bot.questions.not_understood import NotUnderstood
from bot.questions.periods import find_period
from bot.questions.words import METHODS, is_name

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from analyzers.report import Condition
    from bot.questions.intent import Investigated, Measure, Period

Asked: TypeAlias = Literal["why", "compare"]

SIDES_ADVICE = "Name two periods or two versions, as in: compare checkout last 1h vs yesterday, or compare checkout v1.4 vs v1.5."

POLITE = r"(?:(?:hey|so|and|but|ok|please|pls|tell me|do you know|any ideas?|any clue|find out|explain|show me|i wonder|know|(?:can|could) you(?: please)?(?: tell me| explain| see| find out)?|analy[sz]e|lets see|let's see)[ ,:]+)*"
SWEAR = r"(?: (?:tf|the (?:hell|heck|fuck|f)|on earth|in the world|exactly|oh why))?"
WHY = re.compile(
    rf"{POLITE}(?:why(?:'s|s(?= ))?{SWEAR}|how come|(?:for (?:what|which) (?:reason|cause)|from where (?:comes?|does|is)|where (?:does|is)(?= .* com(?:e|ing) from$))|(?:(?:what(?:'s|s| is| are| was) |find |do |run |give me )?(?:the |a )?(?:root[ -]?cause(?: analysis)?|rca|reasons?|causes?)(?: (?:for|of|why|behind|that))?)"
    r"|(?:what|who)(?:'s|s(?= )| is| has| was| are| have)? (?:been )?(?:caus(?:ed|es|ing)|making|makes?|made|triggered|triggering|behind|led to|leading to|slowing(?: down)?|slows(?: down)?|slowed(?: down)?)"
    r"|(?:diagnose|debug|troubleshoot|investigate|root[ -]?cause)|what(?:'s|s(?= )| is| has| have)? (?:been )?(?:changed|different|unusual|abnormal)|anything (?:unusual|abnormal|different))(?![\w'-])",
    re.IGNORECASE,
)  # fmt: skip
ASKED_LAST = re.compile(
    r"(?P<body>.+?)[ ,;:.!?-]+(?:(?:but|and|so|any (?:idea|clue)s?|do you know|find|find out|please|tell me|explain) )*"
    r"(?:why(?: is (?:that|this|it|so))?|how come"
    r"|(?:what(?:'s| is| was)? )?(?:the |a )?(?:root[ -]?cause|cause|reason|culprit)(?: (?:for|of) (?:it|this|that))?"
    r"|(?:what|who)(?:'s| is| has| was)? (?:caus(?:ed|es|ing)|behind|to blame(?: for)?)(?: (?:it|this|that))?"
    r"|(?:from )?where (?:it comes|comes it|does (?:it|this|that) come)(?: from)?|(?P<soft>what(?:'s| is| was)? (?:going on|happening|up|wrong|happened|changed|gives)))",
    re.IGNORECASE,
)
"""`checkout is slow, why`: the cause is asked for at the end."""
COMPARE = re.compile(
    rf"{POLITE}(?:compare(?: me)?|comparing|(?:a )?comparison|diff|(?:what(?:'s|s| is| are) )?(?:the )?differences?|how (?:do|does|did|is|are|was))(?![\w'-])",
    re.IGNORECASE,
)
PIVOT = re.compile(
    r"(?:^| )(?:vs\.?|versus|against|(?:as )?compared? (?:to|with)|relative to|(?:any |a |the )?differen(?:ces?|t) (?:to|from|than|with))(?: |$)",
    re.IGNORECASE,
)
THAN = re.compile(r"(?<=[a-z]) (?:than|as) (?=\w)", re.IGNORECASE)
COMPARATIVE = re.compile(
    r"\b(?:slower|faster|worse|better|quicker|longer|higher|lower|more|less|fewer|(?:as|so) (?:slow|fast|good|bad))\b",
    re.IGNORECASE,
)
WEAK_PIVOT = re.compile(r" (?:with|to|and|from) ", re.IGNORECASE)
VERSION = r"(?:(?:version |release |build )?v?\d{1,5}(?:\.\d{1,7}){1,3}(?:[-+][\w.\-+]{1,60})?|(?:(?:version |release |build )v?|v)\d{1,7}(?:\.\d{1,7}){0,3}(?:[-+][\w.\-+]{1,60})?)"
VERSIONS = re.compile(
    rf"(?<![\w.:/-])(?:between |from |versions? |releases? )?(?P<first>{VERSION})(?: in production)?"
    rf" (?:(?P<pivot>vs\.?|versus|against|with|to|and|or|than|(?:is |was )?(?P<than>(?:slower|faster|worse|better) than)|(?:as )?compared? (?:to|with)) |-+>? ?)(?P<second>{VERSION})(?![\w:])",
    re.IGNORECASE,
)
OF_PLACE = re.compile(
    rf"(?<![\w.:/-])(?P<version>{VERSION}) (?P<place>(?:of|in|for|on) (?:the )?[\w.\-/]+(?: service)?) (?P<rest>.*?{VERSION})",
    re.IGNORECASE,
)
"""`v1.5 of checkout slower than v1.4`."""
BEFORE_AND_AFTER = re.compile(
    rf"(?<!\w)(?:before(?: and |/| vs\.? | versus | with | to )after|after(?: and |/| vs\.? | versus | with | to )before) (?P<moment>{MOMENT})",
    re.IGNORECASE,
)
"""`before and after 14:00`: the time since then against as much time before it."""
VERSION_WORD = re.compile(r"^(?:version |release |build )?v?", re.IGNORECASE)
DOTTED = re.compile(r"\d+(?:\.\d+)*")
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
    issue issues faster better less fewer lower different changed unusual abnormal normal normally usual usually delayed delays delay
    """.split()
)
FILLING = AUXILIARY | frozenset(
    """
    me the a an our my your of in for on at with to from by within inside about it its this that these those we i you us they there things
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
DIFFERENCES = re.compile(r"differen", re.IGNORECASE)
JOINED = re.compile(r"\b(?:between|and)\b", re.IGNORECASE)
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


@dataclass(frozen=True)
class Sides:
    """A period, what it is held against, and the words that name neither."""

    sentence: str
    period: Period
    baseline: Period | None
    """None for what is usual."""
    words: str = ""
    """The period, as it was written."""
    against: str = ""
    """The baseline, as it was written."""


@dataclass(frozen=True)
class Question:
    """A sentence without its conditions, and how it begins."""

    lead: str
    body: str
    asked: Asked


def read_investigation(words: str, *, now: datetime, zone: tzinfo) -> Investigated | FindErrors | None:
    """What plain text asks to be explained or compared; None where it is another question, or in other words.

    Why there is one failure that is named, as in `why does checkout return 500`, the errors tell.

    After `why` the first period is the one asked about, and the one after `vs` is what it is held against. Of two periods
    that are compared the earlier one is the baseline, whichever comes first, and of two versions the lower.

    Raises:
        NotUnderstood: it compares, and one side is missing or cannot be used.
    """
    found = find_conditions(BEFORE_AND_AFTER.sub(r"since \g<moment> vs before", words))
    plain = failures_plain(found.rest)
    question = _question(plain)
    if question.lead and any(least_duration_ns(condition) is not None for condition in found.where):
        raise NotUnderstood(
            "Causes cannot be looked for among slow requests alone.", "Leave the duration out."
        )
    together = _versions_together(question.body)
    if versions := VERSIONS.search(together):
        return _versions_compared(replace(question, body=together), versions, found.where, now, zone)
    sides = _sides(question, now, zone)
    asked = _between(question, sides, found.where) if sides else None
    if plain != found.rest and question.asked == "why" and isinstance(asked, Investigate):
        return asked if asked.baseline else FindErrors(asked.scope, asked.period, asked.where)
    return asked


def _between(question: Question, sides: Sides, where: tuple[Condition, ...]) -> Investigated | None:
    """What is asked of the two sides; None where the words around them are more than one place."""
    place = _place(sides.sentence)
    if place is None or (where and not place and LOOK_INTO.search(question.lead)):
        return None
    if not _complains(question, sides.sentence, place):
        return None
    measure = _measure(sides.sentence)
    if question.asked == "why" or sides.baseline is None:
        return Investigate(place or None, sides.period, sides.baseline, where, measure)
    return CompareCohorts(place or None, sides.period, sides.baseline, None, where, measure)


def compared_words(words: str, *, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """The period that such a question asks about and what it is held against, as they were written; empty where they were not."""
    question = _question(find_conditions(BEFORE_AND_AFTER.sub(r"since \g<moment> vs before", words)).rest)
    together = _versions_together(question.body)
    if versions := VERSIONS.search(together):
        rest = f"{together[: versions.start()]} {together[versions.end() :]}"
        return find_period(rest, now=now, zone=zone).words, ""
    sides = _sides(question, now, zone)
    return (sides.words, sides.against) if sides else ("", "")


def _versions_together(body: str) -> str:
    """The words with a place that stands between two versions put before them."""
    return OF_PLACE.sub(r"\g<place> \g<version> \g<rest>", body, count=1)


def _question(text: str) -> Question:
    asked: Asked = "why"
    lead = WHY.match(text)
    if lead is None and (asking := ASKED_LAST.fullmatch(text)):
        return Question(asking["soft"] or "why", asking["body"].strip(" ,:"), asked)
    if lead is None:
        asked, lead = "compare", COMPARE.match(text)
    end = lead.end() if lead else 0
    return Question(text[:end].strip(), text[end:].strip(" ,:"), asked)


def _sides(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """What is asked about and against what; None where the sentence compares nothing and asks for no cause."""
    if pivot := PIVOT.search(question.body):
        return _split(question, pivot, now, zone, certain=bool(question.lead))
    than = next(
        (
            match
            for match in THAN.finditer(question.body)
            if COMPARATIVE.search(question.body[: match.start()])
        ),
        None,
    )
    if than:
        return _split(question, than, now, zone, certain=False)
    if question.asked == "compare" and WAS_IT.search(f"{question.lead} {question.body}".strip()):
        return _at_another_time(question, now, zone)
    if question.asked == "why" or REGRESSED.match(question.body):
        return _against_usual(question, now, zone)
    return _loosely_compared(question, now, zone) if EXPLICIT.search(question.lead) else None


def _loosely_compared(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """The sides after `compare` and `differences` where no word such as `vs` parts them; the latter may have one."""
    for weak in reversed(list(WEAK_PIVOT.finditer(f" {question.body}"))):
        shifted = Question(question.lead, f" {question.body}", question.asked)
        if sides := _split(shifted, weak, now, zone, certain=False):
            return sides
    if COMMANDS & set(question.body.split()):
        return None
    alone = _against_usual(question, now, zone)
    if DIFFERENCES.search(question.lead) and not JOINED.search(question.body):
        return alone
    if _place(alone.sentence) is None and len(question.body.split()) > MOST_COMPARED_WORDS:
        return None
    raise NotUnderstood("A comparison needs two sides.", SIDES_ADVICE)


def _against_usual(question: Question, now: datetime, zone: tzinfo) -> Sides:
    when = find_period(question.body, now=now, zone=zone)
    return Sides(when.rest, when.period, None, when.words)


def _at_another_time(question: Question, now: datetime, zone: tzinfo) -> Sides | None:
    """The usual period against the one that a question such as `was it faster yesterday` names."""
    usual = find_period("", now=now, zone=zone).period
    found = find_baseline(question.body, usual, now=now, zone=zone)
    return Sides(found.rest, usual, found.period, "", found.words) if found else None


def _split(
    question: Question, pivot: re.Match[str], now: datetime, zone: tzinfo, *, certain: bool
) -> Sides | None:
    """The sides around a word such as `vs`; None where what follows it is no time and need not be one."""
    left, right = question.body[: pivot.start()].strip(), question.body[pivot.end() :].strip()
    if not right:
        raise NotUnderstood(f"After “{pivot[0].strip()}” there is nothing to compare with.", SIDES_ADVICE)
    try:
        sides = _held_against(left, right, now, zone)
    except NotUnderstood:
        if question.asked == "why" or (sides := _turned(left, right, now, zone)) is None:
            raise
    if sides is None and certain:
        raise NotUnderstood(f"“{right[:60]}” is no period to compare with.", SIDES_ADVICE)
    if (
        sides
        and sides.baseline
        and question.asked == "compare"
        and sides.baseline.start_ns > sides.period.start_ns
    ):
        return _turned(left, right, now, zone) or sides
    return sides


def _held_against(asked: str, against: str, now: datetime, zone: tzinfo) -> Sides | None:
    when = find_period(asked, now=now, zone=zone)
    found = find_baseline(against, when.period, now=now, zone=zone)
    if found is None:
        return None
    sentence = f"{when.rest} {found.rest}".strip()
    return Sides(sentence, when.period, found.period, when.words, found.words)


def _turned(left: str, right: str, now: datetime, zone: tzinfo) -> Sides | None:
    """The sides with the second as the one asked about; None where that cannot be read either."""
    try:
        return (
            None
            if find_period(left, now=now, zone=zone).period.assumed
            else _held_against(right, left, now, zone)
        )
    except NotUnderstood:
        return None


def _versions_compared(
    question: Question,
    versions: re.Match[str],
    where: tuple[Condition, ...],
    now: datetime,
    zone: tzinfo,
) -> CompareCohorts | None:
    """Two versions within one period; None where the sentence says more than that."""
    rest = f"{question.body[: versions.start()]} {versions['than'] or ''} {question.body[versions.end() :]}"
    joined_only = versions["pivot"] and versions["pivot"].lower() in {"and", "or", "to", "with"}
    if joined_only and not (EXPLICIT.search(question.lead) or COMPARING.search(rest)):
        return None
    when = find_period(rest, now=now, zone=zone)
    place = _place(when.rest.replace("than", " "))
    if place is None:
        return None
    first, second = (VERSION_WORD.sub("", versions[side]) for side in ("first", "second"))
    if first == second:
        raise NotUnderstood(f"Both sides are version {first}.", SIDES_ADVICE)
    return CompareCohorts(
        place or None, when.period, None, _in_order(first, second), where, _measure(when.rest)
    )


def _in_order(first: str, second: str) -> tuple[str, str]:
    """The lower version first, where both are numbers with dots; else as written."""
    if DOTTED.fullmatch(first) and DOTTED.fullmatch(second):
        numbers = [[int(part) for part in version.split(".")] for version in (first, second)]
        return (second, first) if numbers[1] < numbers[0] else (first, second)
    return first, second


def _complains(question: Question, sentence: str, place: str) -> bool:
    """Whether a question for causes has something that needs one: `why is checkout slow`, and a place alone, but not `why is the sky blue`."""
    tokens = {token.lower() for token in TOKEN.findall(sentence)}
    if question.asked == "compare" or not tokens or tokens & (COMPLAINTS | MEASURED):
        return True
    return bool(place) and not tokens & AUXILIARY and not NEEDS_COMPLAINT.search(question.lead)


def _place(sentence: str) -> str | None:
    """The one name within the words of such a question: empty for none, None where there is more than a name."""
    if named := QUOTED_NAME.search(sentence) or ROUTE.search(sentence) or CALLED_A_PERSON.search(sentence):
        rest = _place(f"{sentence[: named.start()]} {sentence[named.end() :]}")
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


def _measure(sentence: str) -> Measure:
    return next((measure for measure, pattern in MEASURES if pattern.search(sentence)), "mean")
