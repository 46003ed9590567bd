"""The sentences that are read by rule. Periods and conditions have been taken out of them before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.questions.spelling import is_swapped
from bot.questions.words import scope_named

Kind: TypeAlias = Literal["slowest", "errors", "find", "operations", "services", "help", "why"]
Later: TypeAlias = Literal["why", "compare", "deploys", "alerts", "watch", "mute", "status", "health"]

NOUN = r"(?:requests?|traces?|calls?|transactions?|things?|ones?|responses?|spans?|quer(?:y|ies))"
PLACE = r"(?: (?:in|of|for|on|at|by|from|with|inside|within) (?P<scope>.+))?"
ASK = (
    r"(?:(?:please |can you |could you |i want |i need |i'd like |let's |to )*(?:show|give|list|get(?! /)|tell|see|display|report|print|pull(?: up)?|fetch)(?: me| us)? "
    r"|(?:what|which|who)(?:'s| is| are| was| were) |(?:are|were|is|was) there |do we have |did we have |have there been |any )?"
    r"(?:(?:any|all|some|of|the|our|my|recent|latest|new|top|\d+) )*"
)
SLOW = r"(?:slow(?:est)?|sluggish|laggy|longest(?: running)?|long[- ]running)"
BE = r"(?:'s| is| are| was| were| has been| have been|s)"
FAULTS = (
    r"(?:errors?|failures?|exceptions?|crashes|problems?|issues?|faults?|timeouts?|(?:failed|failing|broken) "
    + NOUN
    + r")"
)
EACH = r"(?: (?:by|per|grouped by|for each|for every|in each|in every|of each|across) (?:the )?(?:all )?services?)?"
WRONG = r"(?:wrong|broken|failing|failed|amiss|going wrong|on fire|not working|erroring|crashing|gone wrong)"
FIGURE = r"latency|latencies|response times?|p ?(?:50|9\d)|throughput|request rate|error rate"
TIME_SPENT = r"critical path|(?:time )?breakdown|breakdown of (?:the )?time"
PLACES = r"(?:operations?|ops|endpoints?|routes?)"

FORMS: tuple[tuple[Kind, str], ...] = (
    ("help", r"(?:help(?: me)?|\?|--help|-h|usage|commands|what can (?:i|you|we) (?:ask|do)(?: (?:you|here))?|how does (?:this|it) work|how do i use (?:this|it|you)|what do you (?:do|understand))"),
    ("services", r"(?:(?:what|which) (?:are|is) )?(?:the )?(?:slowest|slow) (?:by )?services?"),
    ("services", rf"{ASK}services?(?: overview| list| there are| are there| exist| you know| do you know| do we have)?"),
    ("services", r"(?:what|which things)(?:'s| is| are) (?:deployed|instrumented|running|traced|monitored)(?: in (?:prod|production))?"),
    ("services", r"(?:which|what) services (?:are there|exist|do we have|do you (?:know|see)(?: about)?|are running|can i ask about)"),
    ("slowest", rf"{ASK}{SLOW}(?: {NOUN})?{PLACE}"),
    ("slowest", rf"{ASK}{SLOW} (?P<scope>.+)"),
    ("slowest", rf"what{BE}? (?:so |too |being |running |getting |been |the |really )*(?:slow(?:est|ing down)?|sluggish|laggy|lagging|taking (?:so |too |the )?(?:long|longest|forever|ages)){PLACE}"),
    ("slowest", rf"what (?:took|takes|is taking|was taking) (?:so |the |too )?(?:long|longest|most time|forever|ages){PLACE}"),
    ("slowest", rf"(?:which|what) {NOUN}(?:{PLACE[:-1]})?(?:{BE}| took| take| takes| ran)(?: the| too| so| very)? (?:slow(?:est|ly)?|long(?:est)?|most time|forever)"),
    # Yes or no, against what is usual.
    ("why", r"(?:is|are|was|were) (?:it|this|everything|all|things|the (?:site|app|shop|system|platform|website)|prod|production) (?:slow|sluggish|lagging|laggy)(?: (?:now|right now|rn|today|again))?"),
    ("why", rf"(?:is|are|was|were) (?P<scope>.+?)(?: {NOUN})? (?:slow|sluggish|lagging|laggy)(?: for (?:everyone|everybody|all|all users))?(?: (?:now|right now|rn|today|again|please))?"),
    ("why", r"(?P<scope>.+?) (?:is|are|was|were|feels|seems|looks) (?:so |very |really |too |a bit |quite )*(?:slow|sluggish|laggy)(?: (?:now|right now|rn|today|again))?"),
    ("slowest", rf"{ASK}(?:{TIME_SPENT})(?: of| in| for)? (?P<scope>.+)"),
    ("errors", rf"{ASK}{FAULTS}{EACH}{PLACE}{EACH}"),
    ("errors", rf"{ASK}(?:http )?status codes?(?: breakdown| counts?)?(?: of| in| for)? (?P<scope>.+)"),
    ("errors", rf"{ASK}{FAULTS} (?P<scope>.+)"),
    ("errors", rf"(?:show (?:me )?|list |get (?!/))?(?:the )?(?P<scope>.+?) (?:errors|failures|exceptions|crashes){EACH}"),
    ("errors", rf"(?:is |was |are |were )?(?:there )?(?:anything|something) (?:been )?{WRONG}{PLACE}"),
    ("why", rf"what(?:{BE}) (?:the )?(?:wrong|amiss|going wrong|problem|issue|matter) (?:in|of|for|on|at|with) (?P<scope>.+)"),
    ("why", r"what (?:on earth |the hell |exactly |the heck )?(?:has )?(?:happened|went on|went down|was going on|is going on|is happening|was happening)(?: (?:in|of|at|with|to) (?P<scope>.+))?"),
    # What is wrong with nothing in particular may be slow as well: that is guessed.
    ("errors", rf"(?!what(?:{BE})? (?:going )?wrong$)what(?:{BE}| has| have)? (?:been |the )?(?:{WRONG}|fails|failed|broke|breaks|crashed|went wrong){PLACE}"),
    ("errors", rf"(?:what|which) {NOUN}(?:{PLACE[:-1]})?(?:{BE})? (?:failed|fail|failing|errored|broken)"),
    ("errors", rf"(?:which|what) services?(?:{BE}| have| had| has)? (?:the most |most )?(?:failed|failing|errors|broken|erroring)"),
    ("errors", r"(?:is|are|was|were) (?P<scope>.+?) (?:broken|failing|down|erroring|crashing|throwing errors|having (?:problems|issues|errors|trouble))"),
    ("errors", r"(?P<scope>.+?) (?:is|are|was|were) (?:broken|failing|down|erroring|crashing|throwing errors)"),
    ("operations", rf"{ASK}{PLACES}(?: table| overview| list| stats)?{PLACE}"),
    ("operations", rf"{ASK}(?P<scope>.+?)(?:'s)? {PLACES}"),
    ("operations", rf"(?:{PLACES}|services?) (?P<scope>.+)"),
    ("operations", rf"(?:what|which) {PLACES} (?:does (?P<scope>.+?) have|are there|exist)"),
    ("operations", rf"{ASK}(?:{FIGURE}) (?:of|in|for|on) (?P<scope>.+)"),
    ("operations", rf"(?P<scope>.+?) (?:{FIGURE})"),
    ("services", r"how (?:is|are) (?:everything|things|the system|all services|(?:all |the |our |my )*services)(?: doing| going| performing)?"),
    ("operations", r"how(?:'s| is| are| was| were| did) (?P<scope>.+?) (?:doing|performing|going|behaving|running|perform)"),
    ("find", r"(?:give me |get |show )?(?:the )?trace ids?"),
    ("find", rf"(?:please |can you |could you )?(?:find|search|query|look up|locate|trace|look for|search for|show|get|list|fetch|give|pull(?: up)?|open)?(?: me| us)?(?: all| the| any)*(?: {NOUN})?{PLACE}"),
    ("find", r"(?:find|search|trace|look up) (?P<scope>.+)"),
    ("find", r"(?:(?:do you know |tell me |show me )?what (?:has )?(?:happened|happens|went on|did .{0,20} do|was going on)|what was)(?: (?:to|with|for))?"),
)  # fmt: skip
ONLY_SLOW = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{ASK}(?:{NOUN}|anything|everything|something)?{PLACE}",
        rf"{ASK}(?P<scope>.+?)(?:'s)?(?: {NOUN})?",
    )
)
"""What stands beside a least duration and nothing else: `checkout calls` over 2s, `requests in checkout` over 2s."""
COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in FORMS)
SLOWLY = re.compile(r"\b(?:slow|sluggish|lagging|laggy)\b", re.IGNORECASE)
COMMANDS = ("slowest", "errors", "find", "operations", "services", "help")

SIDE = (
    r"(?:(?:the )?(?:old|new|previous|current|last|latest|this|stable|canary|blue|green|prod|production)(?: (?:version|build|release|sprint|stack|one|deployment|deploy))?"
    r"|baseline|pre-\w+|post-\w+|(?:before|after)(?: (?:the )?(?:incident|outage|migration|fix|upgrade|release|deploy|deployment|rollout|rollback|change|switch))?|now)"
)
"""Of a comparison: a time or a version that the words do not tell."""
COMPARED = r"(?:compar\w*|differ\w*|between|vs\.?|versus|against|than|diff|(?:slow|fast|quick|long|high|low)er|worse|better|changed?|before|after|releases?|versions?|builds?|deploy\w*)"
"""What holds one side against another, or is one that only a deployment tells."""
UNTOLD_SIDES = rf"^(?=.*\b{COMPARED}(?!\w)).*(?<![\w-])(?:{SIDE})(?<!now) (?:vs\.?|versus|and|or|against|to|than|from|compared (?:to|with)) (?:for )?(?:{SIDE})(?! (?:week|month|year|hour|day|half|night|\d))(?![\w-])"
"""Where no word compares, as in `errors in prod and canary`, they are places."""

LATER: tuple[tuple[Later, re.Pattern[str]], ...] = (
    ("deploys", re.compile(r"\b(?:since|after|before|until|around|following|with) (?:(?:and|or) (?:after|before) )?(?:(?:the|our|my|your|this|that|today's|yesterday's|last|latest|new|recent|previous|most) )*(?:re)?(?:deploy(?:ment)?s?|releases?|roll-?outs?|rollbacks?|upgrades?|go-?live|launch)(?! ?v?\d)\b", re.IGNORECASE)),
    ("deploys", re.compile(UNTOLD_SIDES, re.IGNORECASE)),
    ("compare", re.compile(r"^compare\b|\b(?:vs\.?|versus|compared (?:to|with))(?:\s|$)|\b(?:slower|faster|worse|better|more .{0,20}|less .{0,20}) than\b", re.IGNORECASE)),
    ("why", re.compile(r"^(?:\w+ ){0,2}?why\b|\bhow come\b|\broot cause\b|^(?:what|who|which \w+) (?:caused|is causing|causes|triggered|made|is (?:to blame|responsible))\b", re.IGNORECASE)),
    ("watch", re.compile(r"^(?:(?:un)?watch(?:es|ing)?|(?:un)?subscribe)\b", re.IGNORECASE)),
    ("mute", re.compile(r"^(?:(?:un)?mutes?|(?:un)?silences?|snooze)\b", re.IGNORECASE)),
    ("deploys", re.compile(r"\b(?:did|do|does|have|has) (?:we|they|you|i|some(?:one|body)|any(?:one|body)) (?:just )?(?:deploy|release|ship|roll out)(?:ed)?\b", re.IGNORECASE)),
    ("deploys", re.compile(r"^(?:what|which|who|when|list|show|last|latest)\b.*(?<!is )(?<!are )\b(?:deployed|deployments?|deploys|releases|released|rolled out)\b", re.IGNORECASE)),
    ("alerts", re.compile(r"^alerts$", re.IGNORECASE)),
    ("status", re.compile(r"^(?:(?:your|bot|bot's) )?status$", re.IGNORECASE)),
    ("watch", re.compile(r"^(?:please )?(?:tell|let|notify|ping|alert|warn|page|send|message|remind)\b.{0,40} (?:if|when|once|as soon as)\b", re.IGNORECASE)),
    ("health", re.compile(r"^health(?: (?:sampling|of (?:my |our |the )?traces|of (?!(?:the )?(?:platform|system|site|shop|everything|all|our|services?)\b)\S+|(?!overview|summary|check|status|report|of\b)\S+))?$|\b(?:services?|apps?)\b.*\b(?:no|without|missing|don't|doesn't|never|not)\b.*\b(?:spans?|traces?|report\w*|instrument\w*)\b|\breports? nothing\b|\btraces? (?:ok|okay|good|fine|complete|any good)\b|\bbroken (?:traces|context)\b|\borphan(?:s|ed)?\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """What a sentence asks for, and where."""

    kind: Kind
    scope: str | None


def read_sentence(
    text: str, *, has_conditions: bool, only_slow: bool = False, limited: bool = False
) -> Sentence | None:
    """What the sentence asks for; None where no rule reads it.

    `find` is only understood with conditions, and an empty sentence with conditions is one. Where the only condition is a
    least duration, a place alone asks for the slowest there. Where one of them is (`limited`), no cause is looked for; beside
    others it is where something is said to be slow, and what happened to them is told by their traces.
    """
    words = " ".join(text.split())
    read = _by_forms(words, has_conditions=has_conditions, limited=limited)
    if only_slow and (read is None or (read.kind == "find" and not read.scope)):
        return _of_slow(words) or read
    return read


def _of_slow(words: str) -> Sentence | None:
    for pattern in ONLY_SLOW:
        if match := pattern.fullmatch(words):
            scope = scope_named(match.groupdict().get("scope") or "")
            if scope is not None:
                return Sentence("slowest", scope or None)
    return None


def _by_forms(words: str, *, has_conditions: bool, limited: bool) -> Sentence | None:
    for kind, pattern in COMPILED:
        if kind == "find" and not has_conditions:
            continue
        if kind == "why" and has_conditions and (limited or not SLOWLY.search(words)):
            continue
        if match := pattern.fullmatch(words):
            scope = scope_named(match.groupdict().get("scope") or "")
            if scope is not None and not any(is_swapped(part.lower()) for part in scope.split()):
                return Sentence(kind, scope or None)
    return None


def read_later(text: str) -> Later | None:
    """What the sentence asks for that is no search: causes, comparisons, and what cannot be answered yet."""
    return next((later for later, pattern in LATER if pattern.search(text)), None)
