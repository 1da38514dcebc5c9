"""What the states, priorities and channels of other help desks are here.

Sources: the picklists Case.Status, Case.Priority and Case.Origin as Salesforce has them when nobody changed them; the
states, priorities and sources of Zendesk and Freshdesk.
"""

from collections.abc import Mapping

from crmcore.api import heading_key

STATES: Mapping[str, str] = {
    "new": "new", "open": "open", "working": "open", "inprogress": "open", "assigned": "open", "escalated": "open",
    "reopened": "open", "pending": "waiting", "waitingoncustomer": "waiting", "awaitingyourreply": "waiting",
    "waitingonthirdparty": "on_hold", "hold": "on_hold", "onhold": "on_hold", "solved": "resolved",
    "resolved": "resolved", "closed": "closed", "done": "closed", "cancelled": "cancelled", "canceled": "cancelled",
    "duplicate": "cancelled", "spam": "cancelled",
    "新建": "new", "待处理": "new", "处理中": "open", "已分配": "open", "等待客户": "waiting", "待客户回复": "waiting",
    "挂起": "on_hold", "已解决": "resolved", "已关闭": "closed", "已取消": "cancelled",
}  # fmt: skip

_PRIORITIES: Mapping[str, str] = {
    "p1": "P1", "urgent": "P1", "critical": "P1", "1": "P1", "紧急": "P1", "p2": "P2", "high": "P2", "2": "P2",
    "高": "P2", "p3": "P3", "normal": "P3", "medium": "P3", "3": "P3", "中": "P3", "普通": "P3", "p4": "P4",
    "low": "P4", "4": "P4", "低": "P4",
}  # fmt: skip

_CHANNELS: Mapping[str, str] = {
    "email": "email", "mail": "email", "邮件": "email", "phone": "call", "call": "call", "voice": "call",
    "电话": "call", "web": "form", "webform": "form", "webwidget": "form", "portal": "form",
    "feedbackwidget": "form", "网页": "form", "chat": "chat", "messaging": "chat", "whatsapp": "chat", "微信": "chat",
    "在线客服": "chat", "fax": "fax", "传真": "fax",
}  # fmt: skip


def states(text: str) -> tuple[str, ...]:
    """Return words for a ticket's state: what the file says, then what that is known to be."""
    known = STATES.get(heading_key(text))
    return tuple(each for each in (text, known) if each) if text else ()


def priority(text: str) -> str:
    """Return a priority, P1 to P4; an empty text for a word that is not known."""
    return _PRIORITIES.get(heading_key(text), "")


def channel(text: str) -> str:
    """Return the channel that a word means, else the word as channels are written here."""
    return _CHANNELS.get(heading_key(text)) or "_".join(text.strip().lower().split())
