"""The formats that service reads, recognised by the headings of a table."""

from crmcore.api import Format, TableKind, table_formats
from crmcore_service.formats import headings as h
from crmcore_service.formats.comments import comment
from crmcore_service.formats.costs import cost
from crmcore_service.formats.tickets import ticket

_KINDS = (
    TableKind(
        name="service-costs", label="What service costs: time sheets, parts, travel", build=cost, late=True,
        headings=(h.COST_AMOUNT, h.COST_DAY, h.COST_KIND, (*h.COST_TICKET, *h.COST_CONTRACT, *h.CUSTOMER)),
    ),
    TableKind(
        name="service-comments", label="What was said in tickets, as Salesforce writes it", build=comment, late=True,
        headings=(h.COMMENT_TICKET, ("CommentBody", "Comment Body", "Comment", "Case Comments", "评论")),
    ),
    TableKind(
        name="service-tickets", label="Tickets, as Salesforce, Zendesk and Freshdesk write them", build=ticket,
        headings=(
            (*h.ID, *h.NUMBER), h.SUBJECT, (*h.STATUS, *h.CLOSED),
            ("CaseNumber", "Case Number", "Case Origin", "Origin", "SuppliedEmail", "Requester", "Requester email",
             "Ticket ID", "Ticket type", "Agent", "工单编号", "工单号"),
        ),
    ),
)  # fmt: skip


def formats() -> list[Format]:
    """Return the formats."""
    return table_formats(_KINDS, certain=92)
