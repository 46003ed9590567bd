"""What a free sentence most likely asks for by the words that tell one kind from another, where they agree and one place is named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.questions.durations import DURATION
from bot.questions.known_names import has_hidden, hidden_place
from bot.questions.naming import place_within
from bot.questions.thesaurus import concept_of
from bot.questions.words import is_common

KEYWORD_SCORE = 0.9
"""As sure as the classifier is where it is sure: such a reading is guessed too, and its answer never of high confidence."""

SLOW = frozenset(
    """
    slow slower slowest slowly slowness sloow slooow slooooow sluggish laggy lag lags lagging crawl crawls crawling hang hangs hanging hung stuck drag drags
    dragging forever ages bottleneck bottlenecks longest lengthy outlier outliers unresponsive hog hogs tardy speed costliest hogging
    """.split()
)
LATENCY = frozenset("latency latencies duration durations performance perf time times long".split())
BADLY = frozenset(
    "high highest worst bad badly poor poorly terrible awful horrible tail max spikes issue issues problem problems trouble most too more overly".split()
)
FAULT = frozenset(
    """
    error errors erroring errored erred errs err fail fails failed failing failure failures exception exceptions crash crashes crashed
    crashing broke broken breaking breaks break wrong bug bugs fault faults faulty timeout timeouts unavailable unreachable rejected
    refused denied declined aborted cancelled exhausted unsuccessful throwing throws threw outage incident uncaught dead die died dying
    dies panic panics amiss borked busted toast fubar kaput stacktrace stacktraces bork wonky 5xx 4xx exploded explode explodes
    """.split()
)
WHY_FIRST = re.compile(r"(?:and |but |so )?(?:why|how come)\b", re.IGNORECASE)
WHY_LAST = re.compile(r"(?:^|[\s,>])(?:why|how come|root cause)\W*$", re.IGNORECASE)
BREAK_DOWN = frozenset({"break"})
"""No failure in `break it down by endpoint`."""
PROBLEM = frozenset("problem problems issue issues trouble troubles off weird".split())
WELL = frozenset(
    "ok okay fine alright healthy up alive good work works working respond responding answer answering well".split()
)
SENTENCE_END = re.compile(r"[.!?;]+\s+(?=\w)")
STATUS_CODE = re.compile(r"[45](?:\d\d|xx)s?")
TOGETHER = re.compile(
    r"\b(?:tim(?:e|es|ed|ing) out|blow(?:s|ing|n)? up|blew up|f[ae]ll(?:s|ing|en)? over|(?:on|caught) fire|stack traces?|g(?:o|oes|one) (?:wrong|bad)|went (?:wrong|bad))\b",
    re.IGNORECASE,
)
NOT = frozenset("not no never can't cannot don't doesn't won't isn't aren't nobody without unable".split())
FIGURES = frozenset(
    """
    p50 p75 p90 p95 p99 percentile percentiles quantile quantiles median mean average avg throughput traffic load stats statistics stat
    metrics numbers figures rundown overview summary summarize describe busy busiest hottest qps rps signals red rate rates ratio ratios count counts
    """.split()
)
OPERATIONS = frozenset(
    "operation operations ops endpoint endpoints route routes method methods handler handlers".split()
)
SERVICES = frozenset(
    "service services svc svcs microservice microservices app apps application applications component components".split()
)
SYSTEM = frozenset("everything system prod production platform whole all things".split())
CALLERS = re.compile(
    r"\bwho(?:'s| is| are|m)? (?:calls?|calling|uses?|using|hits?|hitting|hammers?|hammering|spams?|spamming|talks? to|talking to|ddosing|loading|pounding)\b|\bcallers?\b"
    r"|\brequests per (?:second|minute)\b|\bcall (?:rate|count)s?\b|\bhow (?:many|much) (?:calls|requests|traffic|load)\b|\bhow busy\b",
    re.IGNORECASE,
)
HOW = re.compile(
    r"^(?:how(?:'s| is| are| was| were| did| does| do| has| have| fast| quick)\b.*|how \S+(?: \S+)? (?:is|are) (?:doing|going|performing|running))$",
    re.IGNORECASE,
)
TIME_SPENT = re.compile(
    rf"\bhow (?:long|slow|much time)\b|\b(?:takes?|taking|took|needs?|lasts?|wait|waiting|waits)(?: \w+){{0,3}} {DURATION}|\bwait(?:s|ing)?(?: \w+)? (?:for|on)\b|\btime (?:go|goes|spent)\b"
    r"|\b(?:eats?|burns?|costs?|loses?|lose|spends?|spending|consum\w+|tak\w+|need\w*) (?:\w+ ){0,4}(?:time|long)\b|\blasted? (?:too |so |very )?long\b|\b(?:by|descending) duration|\bduration descending|\bnever (?:finish|stop|end)\w*"
    r"|\b(?:worst|longest|tail|expensive|heaviest)\b(?: \S+){0,3} (?:traces?|requests?|calls?|ones?|queries)\b|\b(?:traces|requests)(?: \w+){0,3} tail\b|^(?:the )?(?:long )?tail of\b|\bloads? slow\w*|\btime[- ]consuming\b|\bp\d\d (?:traces|requests)\b",
    re.IGNORECASE,
)
FIGURE_WORD = re.compile(
    r"\b(?:rates?|throughput|traffic|latenc(?:y|ies)|p(?:50|9\d)|calls|counts?|percentages?|rps|response times?)\b"
)
"""Two of them are a table: `error rate and p99`."""
HOW_LONG = re.compile(r"\bhow (?:long|slow|much time|fast|quick)\b", re.IGNORECASE)
SHOW = re.compile(r"(?:show|list|give|get|see|pull|display)\b", re.IGNORECASE)
SHOWN_CHANGE = re.compile(
    r"\b(?:spik(?:e|es|ing|ed)|grow\w*|increas\w+|ris(?:e|es|ing)|jump\w*)\b", re.IGNORECASE
)
"""What is shown on demand is not to be explained: `show latency spikes`."""
TROUBLED = re.compile(
    r"\b(?:regress\w*|degrad\w*|anomal\w+|deviat\w+|baseline|(?:ab)?normal\w*|unusual|slowdowns?|blocked|root cause|rca|chang\w+|downstream|dependenc\w+|slowed|worse|requests?|traces?|p\d\d|[45]\d\d|[45]xx)\b",
    re.IGNORECASE,
)
LOOKED_UP = re.compile(
    r"\b(?:(?:look|pull|dig|bring)(?: (?:it|this|that|them|him|her|me))? up|find (?:it|this|that|them)|(?:do|can) (?:you|we) see|check (?:it|this|that|on)|went wrong (?:for|with)|what was (?:it|that|the problem)|ticket|complain\w*)\b",
    re.IGNORECASE,
)
"""Of one user or order: everything that is known of them."""
WHERE_DID = re.compile(r"where (?:did|has|is|was)\b", re.IGNORECASE)
BY_SERVICE = re.compile(
    r"\b(?:by|per|each|every|all|across)(?: (?:the|our|of|all))* (?:services?|apps?|components?)\b",
    re.IGNORECASE,
)
BY_OPERATION = re.compile(
    r"\b(?:by|per|each|every)(?: (?!service)\S+)? (?:operation|endpoint|route|method|handler|span name)s?\b",
    re.IGNORECASE,
)
RESPONSE_TIME = re.compile(
    r"\b(?:response|reply|answer|processing) times?\b|\b(?:typical|normal) latency\b", re.IGNORECASE
)
ABOUT = re.compile(
    r"^(?:show(?: me)?|(?:tell me |what do you know )about|info(?:rmation)? (?:on|about|for)|details? (?:of|on|about|for)|describe|(?:give me )?(?:a |the )?run ?down of|what(?:'s| is) (?:in|inside)|what (?:calls|spans|parts) (?:are|does)|which (?:spans|calls) (?:are|does)"
    r"|what (?:does|can|is) \S+(?: \S+)? (?:do|offer|serve|have|expose|provide|made of|composed of|consist of))\b",
    re.IGNORECASE,
)
SENDERS = re.compile(
    r"\b(?:reports?|reporting|sends?|sending)(?: (?:us |me )?(?:any |the |all )?(?:traces?|spans?|data))?$|\bspans come from\b|\bdo you (?:see|monitor|know)$",
    re.IGNORECASE,
)
WHICH = re.compile(r"(?:who|which|what|where|do|show|list|all|everything|things)\b", re.IGNORECASE)
HELP = re.compile(
    r"^(?:how|h[ae]lp|hlep|cheat ?sheet|(?:what|who) (?:is|are|'s) (?:this|that|you)(?: (?:bot|thing|for|good for|able to do|and what.*))?|tell me what you are"
    r"|what (?:\w+ )?(?:can|should|could|may|do|am|shall|might)(?: \w+)? (?:i|we) (?:ask|type|say|do|write|enter|supposed|know).*|how (?:can|do|should|could|shall) i .*|what (?:stuff|kind of \w+|sort of \w+) (?:can|do) .*"
    r"|(?:i am|i'm) new.*|first time.*|where (?:to|do i|should i) (?:begin|start)|(?:what are |list )?your (?:features|capabilities|commands|abilities)|(?:some |any |sample |example |give me )*(?:examples?|questions?)(?: questions?| please)?"
    r"|(?:find|search|look up|filter|look for)(?: \w+){0,5} by (?:user|customer|order|id|(?:its |an? |the )?attributes?)|(?:find|look up|search for) (?:one|a|some) (?:user|customer|order)|(?:find|get) the traces of (?:one|a|some) (?:user|customer|order)"
    r"|what (?:does|is|do) (?:slowest|errors|find|operations|services|why|compare|where)(?: \w+)?|(?:what's |what is )?(?:the )?difference between (?:slowest|errors|find|operations|services|why|compare) and (?:slowest|errors|find|operations|services|why|compare)|explain yourself|(?:explain |what are |which )?(?:the )?(?:time|date|period) formats?(?: .*)?)$",
    re.IGNORECASE,
)
ENDS_WELL = re.compile(
    r"(?<!run)(?<!slow)(?<!slowing) (?:ok|okay|up|down|alive|healthy|fine|working)$", re.IGNORECASE
)
YES_OR_NO = re.compile(r"^(?:is|are|was|were|does|do|did|has|have|all|anything|everything)\b", re.IGNORECASE)
CAUSE = re.compile(
    r"\b(?:why|explain|lies behind|because of|dependenc(?:y|ies)|downstream|upstream|(?:makes?|made|making) \S+ (?:so )?(?:slow|sluggish|fail)|(?:what|who)(?:'s| is| was)? behind (?:it|this|that|the)|(?:what|who) did (?:it|this|that)(?: in)?|diagnos\w+|(?:in|have) common|distinguish\w*|correlat\w+|how come|any (?:idea|clue)s? (?:what|who)|from where|where (?:does|do|did) (?:it|this|that|they|the \S+) (?:come|start)s?|patient zero|what (?:the \S+ )?is going on|what's different|guilty|to blame|blame|culprit|responsible|explanation|reasons?|cause[ds]?|causing|because|(?:go|goes|gone|going|went|is|are) up|spik(?:e|ed|es|ing)|jump(?:ed|s)?|doubled|tripled|degrad\w*|regress\w*"
    r"|anomal\w+|trends?|deviat\w+|unusual|abnormal|grow(?:ing|n|s)|increas\w+|ris(?:e|es|en|ing)|getting (?:worse|slower)|gotten (?:worse|slower)|(?:get|got) this (?:slow|bad)|slowed"
    r"|(?:the )?(?:deal|matter) with (?=.*\b(?:slow\w*|latency|p\d\d|timeouts?)\b)|(?:what's|what is)(?: going on| up| it)? with (?=.*\b(?:slow\w*|latency|p\d\d|timeouts?)\b)"
    r"|(?:happened|happening|wrong) (?:to|with) (?=.*\b(?:performance|latency|p\d\d|response)\b)|broke(?= \S+(?: /\S+)?$))\b",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"\b(?:than|vs|versus|compar\w+|differ\w*|deploy\w*|releases?|rollback|versions?|last week|yesterday's|alert\w*|notif\w+|mut(?:e|ed|ing)|unmute|silenc\w+|snooz\w+|watch\w*|observe|follow|shout|subscri\w+|ping|page me|paged|warn|shout|remind|threshold|exceed(?:s|ing)?|above|incident|drift|(?:if|when|once) "
    r"|orphan\w*|sampl\w+|hygiene|instrument\w*|tracing|context|propagat\w+|(?:no|without|missing|lost|broken|dropped|parent\w*) spans?|spans? (?:missing|lost|dropped|without)|cardinality|hygien\w*|skew\w*|clocks?|ids?|traces (?:ok|good|complete|missing|broken)|broken traces|(?:send|report|sends|reports) (?:no|nothing)"
    r"|i(?: am|'m| will be|'ll be)(?: (?:so|very|too|a bit|bit|still|running))* (?:slow|late|stuck|down|tired|broken|off|out|away|back)"
    r"|of (?:me|you|us)|bot|my(?! (?:users?|customers?|clients?|services?|requests?|traces?|orders?|calls?|team)\b)|(?:are|were) you|who are you|still alive|logs?|cpu|memory|disk|heap|pods?|ci|build|pipeline|tests?|ticket|restart|roll back|scale|fix|example questions?|commands?|syntax|help|how (?:do|can|to)|who (?:owns|wrote)|what (?:does|is) (?:slowest|errors|find|operations|services|why|compare|where)\b)\b",
    re.IGNORECASE,
)
"""What another kind of question is made of, or none at all."""
TOKEN = re.compile(r"[^\s,;?!()\"]+")
FILLING = frozenset(
    """
    so very much super really mega insanely painfully extremely af as hell dog god people users user customers customer clients everyone
    just only seeing see sees loads load loads screen site log pay order buy lots tons many occasional super quite like list one ones
    """.split()
)
OVERVIEW = frozenset("overview summary dashboard".split())
NEGATED = re.compile(r"\b(?:no|not|never|nothing|without|\w+n't)\b", re.IGNORECASE)
PASSING = frozenset("you cost costs sure whatever mind maybe yes no feel".split())
"""Words of chatter that questions hold in passing."""
PEOPLE, TALK = "<person>", "<chat>"


@dataclass(frozen=True)
class Reading:
    """A kind, and the place that the sentence names, if any."""

    kind: str
    scope: str | None


def read_keywords(sentence: str, known: frozenset[str], *, has_conditions: bool) -> Reading | None:
    """The kind that the sentence's words agree on; None where they do not, or there are words that are neither common nor one name."""
    if not has_conditions and not has_hidden(sentence) and HELP.match(sentence):
        return Reading("help", None)
    if (
        not has_conditions
        and WHICH.match(sentence)
        and SENDERS.search(sentence)
        and not NEGATED.search(sentence)
    ):
        return Reading("services", None)
    if OTHER.search(sentence):
        return None
    tokens = [token.lower().strip(".:'#@").removesuffix("'s") for token in TOKEN.findall(sentence)]
    place = _place(sentence, known)
    if place is None or (not has_conditions and _is_talk(tokens, place)):
        return None
    asked = SHOWN_CHANGE.sub(" ", sentence) if SHOW.match(sentence) else sentence
    kind = "why" if CAUSE.search(asked) else None
    if kind == "why" and not place and not complains(sentence):
        return None
    kind = kind or _kind(sentence, frozenset(tokens), has_conditions=has_conditions, placed=bool(place))
    return None if kind is None or (kind == "services" and place) else Reading(kind, place or None)


def asks_cause_last(sentence: str) -> bool:
    """Whether the last of several sentences asks for the cause of what the others say of a known place: `it hangs. why?`"""
    if has_hidden(sentence) and (WHY_LAST.search(sentence) or WHY_FIRST.match(sentence)):
        return True
    *before, last = SENTENCE_END.split(sentence)
    return bool(before) and has_hidden(sentence) and CAUSE.search(last) is not None


def kind_told(sentence: str, known: frozenset[str], *, has_conditions: bool) -> str | None:
    """The kind of the last sentence of it that tells one."""
    if asks_cause_last(sentence):
        return "why"
    parts = SENTENCE_END.split(sentence)
    reads = [read_keywords(part.strip(" ,;:-"), known, has_conditions=has_conditions) for part in parts]
    return next((read.kind for read in reversed(reads) if read), None)


def _place(sentence: str, known: frozenset[str]) -> str | None:
    if has_hidden(sentence):
        return hidden_place(sentence)
    return place_within(
        CALLERS.sub(" ", TOGETHER.sub(" ", sentence)), lambda word: word in known or is_filling(word)
    )


def _is_talk(tokens: list[str], place: str) -> bool:
    named = place.lower().split()
    return any(concept_of(token) == TALK for token in tokens if token not in PASSING and token not in named)


def speaks_of_other(sentence: str) -> bool:
    """Whether it has words that other kinds of questions are made of, or none at all."""
    return OTHER.search(sentence) is not None


def complains(sentence: str) -> bool:
    """Whether it speaks of anything that traces show: `why don't we take a break` does not."""
    words = {token.lower().strip(".:'#@") for token in TOKEN.findall(sentence)}
    telling = SLOW | LATENCY | BADLY | FAULT | PROBLEM | FIGURES | SYSTEM | SERVICES | OPERATIONS
    return bool(words & telling) or any(
        pattern.search(sentence) for pattern in (TOGETHER, TIME_SPENT, SHOWN_CHANGE, TROUBLED)
    )


def is_filling(word: str) -> bool:
    """Whether the word tells a kind, or nothing: no name."""
    words = (SLOW, FAULT, FIGURES, OPERATIONS, SERVICES, SYSTEM, FILLING)
    return (
        is_common(word)
        or concept_of(word) == PEOPLE
        or STATUS_CODE.fullmatch(word) is not None
        or any(word in group for group in words)
        or word.isdigit()
    )


def _kind(sentence: str, words: frozenset[str], *, has_conditions: bool, placed: bool) -> str | None:
    """The kind that the words agree on."""
    if clear := _clear_kind(sentence, words, has_conditions=has_conditions, placed=placed):
        return clear
    faulty = _is_faulty(sentence, words) if not has_conditions else bool(words & FAULT)
    slow = bool(words & SLOW) or bool(words & LATENCY and words & BADLY)
    by_place = bool(words & OPERATIONS)
    if RESPONSE_TIME.search(sentence) and not (faulty or words & (SLOW | BADLY)):
        return "operations" if placed or by_place else None
    if faulty and slow:
        return "slowest" if not words & FAULT and words & LATENCY else None
    if faulty and (TOGETHER.search(sentence) or not words & {"latency", "calls", "traffic"}):
        return "errors" if not (by_place and words & FIGURES) else "operations"
    if slow or TIME_SPENT.search(sentence):
        return None if words & NOT and not TIME_SPENT.search(sentence) else "slowest"
    return "find" if has_conditions else _of_figures(sentence, words, placed=placed)


def _clear_kind(sentence: str, words: frozenset[str], *, has_conditions: bool, placed: bool) -> str | None:
    """The kind that a turn of phrase alone tells: `where did order 7 go`, `how long does each operation take`."""
    if has_conditions:
        return "find" if WHERE_DID.match(sentence) or LOOKED_UP.search(sentence) else None
    if len(set(FIGURE_WORD.findall(sentence.lower()))) > 1 and not words & SLOW:
        return "operations" if placed or words & OPERATIONS else "services"
    if asks_state(sentence, words):
        return "why" if placed else "services"
    if placed and HOW_LONG.search(sentence):
        return "operations"
    grouped = BY_OPERATION.search(sentence) and not words & (FAULT - BREAK_DOWN | SLOW)
    return "operations" if grouped else None


def _of_figures(sentence: str, words: frozenset[str], *, placed: bool) -> str | None:
    by_place = bool(words & OPERATIONS)
    if not placed and not by_place and BY_SERVICE.search(sentence):
        return "services"
    if by_place or CALLERS.search(sentence) or (placed and (words & FIGURES or ABOUT.match(sentence))):
        return "operations"
    return _of_the_whole(sentence, words, placed=placed)


def _is_faulty(sentence: str, words: frozenset[str]) -> bool:
    if words & FAULT or TOGETHER.search(sentence) or any(map(STATUS_CODE.fullmatch, words)):
        return True
    if words & PROBLEM and not words & LATENCY:
        return True
    if words & WELL and words & NOT and not HOW.match(sentence):
        return True
    if "down" in words:
        return _ends_well(sentence)
    return bool(
        words & NOT
        and words
        & {"use", "open", "opened", "placed", "load", "through", "login", "reach", "pay", "buy", "order"}
    )


def asks_state(sentence: str, words: frozenset[str]) -> bool:
    """Whether it asks if all is well: `is payment ok`, `everything fine`."""
    if not words & WELL or words & NOT or HOW.match(sentence):
        return False
    return _ends_well(sentence) or bool(YES_OR_NO.match(sentence))


def _ends_well(sentence: str) -> bool:
    """`payment ok`, `is checkout up`, `we are down`."""
    return ENDS_WELL.search(sentence) is not None


def _of_the_whole(sentence: str, words: frozenset[str], *, placed: bool) -> str | None:
    if HOW.match(sentence):
        return "operations" if placed else "services" if words & (SYSTEM | SERVICES | {"we"}) else None
    if words & SERVICES and not placed and not words & NOT:
        return "services"
    if not placed and ((words & SYSTEM and words & (FIGURES | {"state", "health"})) or words & OVERVIEW):
        return "services"
    return None
