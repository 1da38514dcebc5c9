"""What the stages, categories and roles of other systems are here, where a workspace has none of the same name.

Sources: the stages that Salesforce and HubSpot have when nobody has changed them, in the order of their odds; the
picklists of OpportunityContactRole and Lead in Salesforce's Object Reference.
"""

from collections.abc import Mapping

from crmcore.api import heading_key

STAGES: Mapping[str, tuple[str, ...]] = {
    "prospecting": ("qualification",),
    "qualification": ("qualification",),
    "needsanalysis": ("needs",),
    "valueproposition": ("needs",),
    "iddecisionmakers": ("needs",),
    "perceptionanalysis": ("needs",),
    "proposalpricequote": ("proposal",),
    "negotiationreview": ("negotiation",),
    "closedwon": ("won",),
    "closedlost": ("lost",),
    "appointmentscheduled": ("qualification",),
    "qualifiedtobuy": ("needs",),
    "presentationscheduled": ("proposal",),
    "decisionmakerboughtin": ("negotiation",),
    "contractsent": ("negotiation",),
    "初步接洽": ("qualification",),
    "初步沟通": ("qualification",),
    "需求分析": ("needs",),
    "需求确认": ("needs",),
    "方案报价": ("proposal",),
    "方案": ("proposal",),
    "报价": ("proposal",),
    "谈判": ("negotiation",),
    "谈判审核": ("negotiation",),
    "商务谈判": ("negotiation",),
    "赢单": ("won",),
    "成交": ("won",),
    "已成交": ("won",),
    "输单": ("lost",),
    "丢单": ("lost",),
}
ENDINGS = {"won": "won", "lost": "lost"}

LEAD_STATES: Mapping[str, tuple[str, ...]] = {
    "opennotcontacted": ("new",),
    "open": ("new",),
    "assigned": ("new",),
    "workingcontacted": ("working",),
    "contacted": ("working",),
    "inprogress": ("working",),
    "attemptedtocontact": ("working",),
    "connected": ("working",),
    "nurturing": ("working",),
    "opendeal": ("qualified",),
    "closedconverted": ("qualified",),
    "converted": ("qualified",),
    "closednotconverted": ("rejected",),
    "unqualified": ("rejected",),
    "badtiming": ("rejected",),
}

CATEGORIES: Mapping[str, str] = {
    "commit": "commit",
    "bestcase": "best",
    "mostlikely": "best",
    "pipeline": "pipeline",
    "omitted": "omitted",
    "notforecasted": "omitted",
    "closed": "",
}

ROLES: Mapping[str, str] = {
    "decisionmaker": "boss",
    "executivesponsor": "coach",
    "economicbuyer": "budget",
    "economicdecisionmaker": "budget",
    "budgetholder": "budget",
    "businessuser": "user",
    "enduser": "user",
    "evaluator": "technical",
    "technicalbuyer": "technical",
    "champion": "coach",
    "influencer": "influencer",
    "buyer": "buyer",
    "purchasing": "buyer",
}


def states(text: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return words for a state: what the file says, then what that is known to be."""
    return (text, *known.get(heading_key(text), ())) if text else ()


def role(text: str) -> str:
    """Return a buying role: ours where we have it, else the file's own word."""
    return ROLES.get(heading_key(text), text)
