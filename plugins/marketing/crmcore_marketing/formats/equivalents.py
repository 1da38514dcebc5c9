"""What the states of other systems are here, where a workspace has none of the same name.

Sources: the picklists Campaign.Status and CampaignMember.Status as Salesforce has them when nobody changed them; the
states of HubSpot's campaigns.
"""

from collections.abc import Mapping

from crmcore.api import heading_key

STATES: Mapping[str, str] = {
    "inprogress": "active", "active": "active", "aborted": "cancelled", "canceled": "cancelled", "paused": "planned",
    "draft": "planned", "done": "completed", "finished": "completed", "计划中": "planned", "已计划": "planned",
    "进行中": "active", "已完成": "completed", "已取消": "cancelled", "已终止": "cancelled",
}  # fmt: skip

MEMBER_STATES: Mapping[str, str] = {
    "planned": "planned", "added": "planned", "sent": "sent", "mailed": "sent", "received": "sent", "invited": "sent",
    "responded": "responded", "clicked": "responded", "opened": "sent", "replied": "responded",
    "registered": "registered", "signedup": "registered", "attended": "attended", "present": "attended",
    "noshow": "no_show", "已发送": "sent", "已响应": "responded", "已报名": "registered", "已参加": "attended",
    "未出席": "no_show",
}  # fmt: skip


def states(text: str) -> tuple[str, ...]:
    """Return words for a campaign's state: what the file says, then what that is known to be."""
    known = STATES.get(heading_key(text))
    return tuple(each for each in (text, known) if each) if text else ()


def member_state(text: str) -> str:
    """Return a member's state: one of the usual, else the file's own word, as states are written here."""
    return MEMBER_STATES.get(heading_key(text)) or "_".join(text.strip().lower().replace("-", " ").split())
