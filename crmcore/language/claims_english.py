"""Does an English clause commit somebody? Word patterns only; dates and amounts are read by `promises`."""

import re

from crmcore.language.claim import Claim
from crmcore.language.topics import find_topic

ACTIONS = (
    "send|deliver|ship|dispatch|install|pay|transfer|sign|order|confirm|call|phone|ring|visit|come"
    "|bring|provide|supply|give|grant|offer|share"
    "|forward|email|e-mail|mail|write|reply|answer|respond|return|refund|replace|repair|fix|prepare"
    "|arrange|organi[sz]e|book|schedule|set|issue"
    "|submit|finish|complete|finali[sz]e|revise|update|let|get|check|decide|approve|place|buy|order"
    "|hand|train|show|present|demo|meet|start"
    "|credit|reduce|lower|waive|throw|include|extend|cover|match|hold|keep|reserve|post|fax|drop|stop"
    "|solve|resolve|quote|review|inform|tell"
    "|follow|make|do|take|put|add|upload|introduce|settle|collect|pick|clarify|message|text|ask"
    "|invite|sort|have|contact|process|reach|release"
)
_ADVERBS = (
    r"(?:\s+(?:also|then|definitely|certainly|gladly|happily|of\s+course|be\s+able\s+to"
    r"|be\s+happy\s+to|be\s+glad\s+to|make\s+sure\s+(?:to|that|we|i)|personally"
    r"|now|still|just|both|all|of\s+course|at\s+latest|by\s+\w+|on\s+\w+|within\s+\w+\s+\w+|today"
    r"|tomorrow|gladly|surely|absolutely|always|even|again|immediately|happily))*"
)
_WILL = (
    r"(?:['’]ll|\s+will|\s+shall|\s+(?:am|are|is)\s+going\s+to|['’](?:m|re|s)\s+going\s+to|\s+(?:am|are|is)\s+gonna)"
)
_WEAK = (
    r"see|think|need|help|assist|know|like|love|try|hope|miss|consider|discuss|wait|want|understand|remember|look"
    r"|assume|go|pass|regret|remain|stay|talk"
    r"|have\s+to|never|not|probably|likely|possibly|maybe|hopefully|either|lose|win|struggle|attempt"
    r"|aim|evaluate|use|continue|leave|take\s+(?:a\s+look|part|it\s+from)"
    r"|get\s+(?:there|used|into)|do\s+(?:my|our)\s+best|keep\s+(?:that|this|it)\s+in\s+mind"
    r"|make\s+a\s+decision|be|appreciate|have\s+(?:a\s+look|another)"
)
_BE = (
    r"be\s+(?:there|with\s+you|on[- ]site|at\s+your|in\s+touch|back\s+to\s+you|(?:sending|delivering"
    r"|shipping|calling|installing|visiting|bringing|giving))"
)
_US_WILL = re.compile(rf"\b(?:i|we){_WILL}{_ADVERBS}\s+(?P<what>{_BE}|(?!(?:{_WEAK})\b)[a-z][\w-]*)", re.IGNORECASE)
_OURS_WILL = re.compile(
    rf"\b(?:our|my|the)\s+(?P<who>(?:[\w-]+\s+){{0,2}}?(?:engineers?|technicians?|team|colleagues?"
    rf"|support|service|warehouse|fitters?|boss|manager|department|company|driver|trainer))"
    rf"{_WILL}{_ADVERBS}\s+(?P<what>{_BE}|(?:{ACTIONS})\b)",
    re.IGNORECASE,
)
_US_CAN = re.compile(rf"\b(?:i|we)\s+can{_ADVERBS}\s+(?P<what>(?:{ACTIONS})\b)", re.IGNORECASE)
_US_DO = re.compile(
    r"\bwe\s+(?P<what>(?:deliver|ship|install|offer|grant|give|include|dispatch|pay|refund)\b)", re.IGNORECASE
)
_US_DOING = re.compile(
    r"(?:\b(?:i|we)(?:['’]m|['’]re|\s+am|\s+are)(?:\s+\w+ly)?\s+|^)(?P<what>(?:sending|delivering"
    r"|shipping|installing|calling|visiting|paying|posting|dispatching|bringing|coming)\b)",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    rf"^(?:(?:and|then|so|but|ok|yes|sure)\b,?\s+)*(?:will|['’]ll|shall"
    rf"){_ADVERBS}\s+(?P<what>{_BE}|(?:{ACTIONS})\b)",
    re.IGNORECASE,
)
_YOU = re.compile(
    rf"\byou(?:{_WILL}{_ADVERBS}\s+(?P<what>(?:receive|get|have|hear|find|be\s+(?:contacted|called"
    rf"|informed|sent|given|refunded))\b)"
    r"|\s+can\s+(?:expect|count\s+on|rely\s+on)\s+(?P<what2>\w+)|\s+(?:get|receive)\s+(?P<what3>\w+))",
    re.IGNORECASE,
)
_THEM_WILL = re.compile(
    rf"(?:\b(?P<pronoun>[Hh]e|[Ss]he|[Tt]hey)|\b(?P<group>(?:[Tt]he|[Tt]heir|[Hh]is"
    rf"|[Hh]er)\s+(?:[\w-]+\s+){{0,2}}?(?:customer|client|buyer|supplier|boss|purchas\w+|finance"
    rf"|accounting|assistant|office|director|manager|cfo|ceo|engineer|colleague|team|department))"
    rf"|^(?P<group2>(?:[Cc]ustomer|[Cc]lient|[Bb]uyer|[Ss]upplier))|\b(?P<group3>(?:[Tt]heir|[Hh]is|[Hh]er)\s+[\w-]+(?:\s+[\w-]+)?)|(?P<name>\b(?!(?:I|We|You|Service"
    rf"|Support|It|That|This|There|What|Who|Which|Delivery|Installation|Price|Prices|Goods|Samples"
    rf"|Training)\b)[A-Z][\w-]+(?:\s+[A-Z][\w-]+){{0,2}}))"
    rf"{_WILL}{_ADVERBS}\s+(?P<what>(?:{ACTIONS})\b)"
)
_THING = re.compile(
    r"\b(?:(?:delivery|shipment|goods|order|installation|set-?up|training|quote|quotation|offer"
    r"|proposal|contract|invoice|documents?|documentation|samples?"
    r"|refund|credit\s+note|replacements?|machines?|units?|routers?|switches|parts?|report|brochure"
    r"|catalogue|datasheet|discount|equipment|package|drawings?|payment|certificate|price|money"
    r"|update)"
    r"(?:\s+(?:of|for|on|and)\s+[\w% -]{1,40}?)?)\s+(?:will|shall|is\s+going\s+to|are\s+going\s+to)"
    r"(?:\s+(?:also|then|definitely))*\s+(?P<what>(?:be\s+(?:(?!(?:higher|late|delayed|difficult"
    r"|important|discussed|tough|needed|big|necessary|used|expensive|more|good|great|fine"
    r"|a\s+problem)\b)[\w%])|arrive|take\s+place|follow|reach|ship|go\s+out|leave|come\s+(?:by|on"
    r"|within|tomorrow|next)|cost|include|start|happen))",
    re.IGNORECASE,
)
_GOODS_WILL = re.compile(
    r"\b(?:the|your)\s+(?:[\w-]+\s+){1,3}will\s+(?P<what>arrive|ship|leave\s+(?:our|the)"
    r"|be\s+(?:delivered|shipped|sent|installed|repaired|replaced|ready|collected|dispatched))\b",
    re.IGNORECASE,
)
_THING_GOES = re.compile(
    r"\b(?:delivery|installation|set-?up|training|shipping|maintenance|service|support)\s+(?:is|comes"
    r"|are)\s+(?P<what>free|included|at\s+no|guaranteed|on\s+us)\b",
    re.IGNORECASE,
)
_WORD_GIVEN = re.compile(
    r"\b(?P<cue>promis(?:ed?|ing|es)|guarantee[ds]?|commit(?:ted|s)?\s+(?:to|ourselves\s+to"
    r"|himself\s+to)|pledged?|undertook|undertake|assured?|agreed\s+to|agree\s+to"
    r"|(?P<weak>confirmed|confirm|offered|offer|granted|gave|give)|(?:gave|have|has)\s+(?:him|her|them"
    r"|you)?\s*(?:my|our|his|her)\s+word)\b"
    r"(?:\s+(?:to(?!\s+\w+\s+\d)|that|you|him|her|it|them|us|me|li|the\s+(?:customer|client|buyer)|we"
    r"|i|will|would|they|he|she|['’]ll))*\s*(?P<what>)",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"^(?:(?:and|plus|also|with|incl(?:uding|\.)?|includes?)\s+)*(?P<what>(?:free"
    r"|\d+(?:\.\d+)?\s*%)\s+(?:of\s+charge\s+)?(?:installation|delivery|shipping|training|set-?up"
    r"|maintenance|support|samples?|off|discount|service)\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|cannot|unable|nobody|refuse[ds]?|without|no\s+promises?|nothing|neither)\b|n['’]t\b", re.IGNORECASE
)
_HEDGE = re.compile(
    r"\b(?:try|trying|hopes?|hoped|hoping|maybe|perhaps|probably|might|could|would|should|possibly|aim"
    r"|expects?|expected|think|thinks|guess|likely|consider\w*|plan(?:s|ned)?\s+to|wish\w*|ideally"
    r"|doubt\w*|afraid|unlikely|seems?|planning|intend\w*)\b",
    re.IGNORECASE,
)
_HEDGE_ANYWHERE = re.compile(
    r"\b(?:if\s+possible|hopefully|maybe|perhaps|probably|no\s+guarantee|not\s+guaranteed"
    r"|we['’]ll\s+see|fingers\s+crossed|depending|subject\s+to)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|providing|as\s+long\s+as|in\s+case|assuming|whether|should\s+(?:you|he"
    r"|she|they|the|your|any)\s|only\s+when|otherwise)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:asks?|asked|asking|wonder\w*|wants?|wanted|needs?|needed|demand\w*|insist\w*|requests?"
    r"|requested|requires?|hopes?|would\s+like|expects?|please|pls|remind|let\s+me\s+know|when|why|how"
    r"|where|whether|who"
    r"|competitors?|rivals?|(?:an)?other\s+suppliers?|claims?|claimed|thought|believes?|heard|reminded"
    r"|complain\w*|forgot|failed|last\s+year|used\s+to)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^(?:(?:and|so|but|hi|hello|also)\b,?\s+)*(?:will|can|could|would|do|does|did|is|are|was|were"
    r"|shall|may|has|have|when|what|who|how|where|why|which)\s+"
    r"(?:you|we|i|he|she|they|the|it|there|your|our|my|their|his|her|delivery|installation|this|that"
    r"|quote|soon|long|much|many|about)\b",
    re.IGNORECASE,
)
_AS_PROMISED = re.compile(
    r"\b(?:as|than|the|than\s+was|was|were|been|what|we['’]d|your|our|his|their|my|a|had|any|keep\w*|kept)\s+$",
    re.IGNORECASE,
)
_PAST_SUBJECT_US = re.compile(r"\b(?:i|we|i['’]ve|we['’]ve|our\s+\w+|my\s+\w+)\b", re.IGNORECASE)
_OBJECT_CUSTOMER = re.compile(
    r"^(?:\w+\s+)?(?:to\s+)?(?:him|her|them|you|the\s+(?:customer|client|buyer))\b|\bto\s+(?:him|her"
    r"|them|the\s+(?:customer|client|buyer))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?P<subject>[\w']+(?:\s[\w']+)?)\s+(?:was|were|has\s+been|have\s+been|been)\s+$", re.IGNORECASE
)
_CUSTOMERS_BUSINESS = re.compile(
    r"\b(?:pay|sign|order|decide|approve|transfer|place|buy|settle|get\s+back|let\s+(?:us|me)"
    r"|send\s+(?:us|me|(?:the\s+|a\s+)?(?:po|purchase\s+order|order|deposit|signed))|give\s+(?:us"
    r"|me))\b",
    re.IGNORECASE,
)
_OUR_TOPICS = {"delivery", "discount", "installation", "quote"}


def is_condition(clause: str) -> bool:
    """Whether the clause is a condition, so that what hangs on it is not promised."""
    return bool(_CONDITION.match(clause.lower().removeprefix("only ").removeprefix("but ").removeprefix("and ")))


def is_question(clause: str) -> bool:
    """Whether the clause is put as a question."""
    return bool(_QUESTION.match(clause))


def _guess(clause: str) -> str:
    if _CUSTOMERS_BUSINESS.search(clause):
        return "them"
    return "us" if find_topic(clause) in _OUR_TOPICS else "them"


def _word_given(clause: str) -> Claim | None:
    found = _WORD_GIVEN.search(clause)
    if not found:
        return None
    cue = found["cue"].lower()
    before, after = clause[: found.start()], clause[found.end() :]
    passive = _PASSIVE.search(before)
    if cue.startswith("promise") and (
        (not passive and _AS_PROMISED.search(before)) or re.match(r"(?:no|nothing|but|and\s+never)\b", after)
    ):
        return None
    if cue == "promises" and not before.strip():
        return None
    if cue.startswith("guarantee") and re.search(
        r"\b(?:a|the|no|year|years|month|months|our|under)\s*$", before, re.IGNORECASE
    ):
        return None
    weak = bool(found["weak"]) or cue.startswith("assure") or bool(re.search(r"\bcan\b", before, re.IGNORECASE))
    if (
        found["weak"]
        and re.match(r"confirm", cue)
        and not re.search(
            r"\b(?:deliver|install|ship|pay|visit|price|discount|meeting|date|order|that)", clause, re.IGNORECASE
        )
    ):
        return None
    if (
        found["weak"]
        and re.match(r"g[ai]ve|grant|offer", cue)
        and find_topic(clause) not in {"discount", "delivery", "installation"}
        and "free" not in clause.lower()
    ):
        return None
    if passive:
        by = "them" if passive["subject"].lower() in ("we", "i") else "us"
    elif (
        re.search(r"\b(?:my|our)\s+word", cue)
        or _PAST_SUBJECT_US.search(before)
        or not before.strip(" ,-")
        or re.fullmatch(r"(?:also|just|and|but|today|yesterday|have|then|so)\W*", before.strip(), re.IGNORECASE)
    ) or _OBJECT_CUSTOMER.search(clause[found.start("cue") :]):
        by = "us"
    elif re.search(r"\b(?:he|she|they|customer|client|buyer)\b", before, re.IGNORECASE):
        by = "them"
    else:
        by = _guess(after)
    return Claim(
        by=by, what_start=found.start("what"), reported=cue.endswith("ed") or cue == "gave", needs_measure=weak
    )


def _spoken(clause: str) -> tuple[Claim, int] | None:
    """Return the claim and where its verb ends, from the patterns tried in turn."""
    for pattern, by, needs_measure in (
        (_US_WILL, "us", False),
        (_OURS_WILL, "us", False),
        (_YOU, "us", False),
        (_THEM_WILL, "them", False),
        (_THING, "us", False),
        (_GOODS_WILL, "us", False),
        (_NO_SUBJECT, "", False),
        (_THING_GOES, "us", False),
        (_US_CAN, "us", True),
        (_US_DO, "us", True),
        (_US_DOING, "us", True),
        (_FREE, "us", False),
    ):
        found = pattern.search(clause)
        if not found:
            continue
        groups = found.groupdict()
        name = next((g for g in ("what", "what2", "what3") if groups.get(g)), "what")
        if pattern is _THING:
            who = "them" if re.search(r"\bbe\s+(?:paid|signed|approved|transferred)\b", clause, re.IGNORECASE) else "us"
        elif pattern is _YOU:
            who, needs_measure = "us", needs_measure or bool(groups["what3"]) or "have" in (groups["what"] or "")
        elif pattern is _NO_SUBJECT:
            who = "them" if _CUSTOMERS_BUSINESS.search(clause) else "us"
        else:
            who = _guess(clause[found.start(name) :]) if groups.get("name") else by
        return Claim(by=who, what_start=found.start(name), needs_measure=needs_measure), found.end()
    return None


def read_english(clause: str) -> Claim | None:
    """Return the claim an English clause makes, or None where it is none, denied, hedged, asked or conditional."""
    if is_question(clause) or _CONDITION.search(clause) or _HEDGE_ANYWHERE.search(clause):
        return None
    spoken = _spoken(clause)
    given = _word_given(clause)
    if spoken and (not given or spoken[0].what_start <= given.what_start or given.needs_measure):
        claim, verb_end = spoken
    elif given:
        claim, verb_end = given, given.what_start
    else:
        return None
    head = clause[:verb_end]
    if _NEGATION.search(head) or _HEDGE.search(head.lower().replace("would ", " ") if claim.reported else head):
        return None
    if re.match(r"\s*(?:not|never)\b", clause[verb_end:]):
        return None
    return None if _ASKED.search(head) else claim
