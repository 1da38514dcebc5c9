"""The core's figures, declared as a plugin declares its own."""

from collections.abc import Iterable

from sqlalchemy import func, select

from crmcore.engine.figures import TODAY, share
from crmcore.engine.tables import contact, contact_point, customer, interaction, task
from crmcore.hooks.kinds import impl
from crmcore.hooks.metrics import Metric
from crmcore.i18n import _

_REACHED = (
    select(contact_point.c.id)
    .where(
        contact_point.c.contact_id == contact.c.id,
        contact_point.c.kind.in_(["email", "phone"]),
        contact_point.c.status == "",
    )
    .exists()
)
_ABOUT = {"user": task.c.owner_id, "customer": task.c.customer_id, "contact": task.c.contact_id}


@impl
def crm_metrics() -> Iterable[Metric]:
    """Declare who is new, what passed, what was kept of what was promised, what is late, whom we can reach."""
    yield Metric(
        name="customers.new", title=_("New customers"), value=func.count(), source=customer, at=customer.c.created_at,
        conditions=(customer.c.merged_into_id.is_(None),), dimensions={"user": customer.c.owner_id},
        text=customer.c.name,
    )  # fmt: skip
    yield Metric(
        name="contacts.new", title=_("New contacts"), value=func.count(), source=contact, at=contact.c.created_at,
        conditions=(contact.c.merged_into_id.is_(None),), dimensions={"user": contact.c.owner_id}, text=contact.c.name,
    )  # fmt: skip
    yield Metric(
        name="contacts.reachable", title=_("Contacts with a way to reach them"), value=share(_REACHED), unit="%",
        source=contact, at=contact.c.created_at, conditions=(contact.c.merged_into_id.is_(None),),
        dimensions={"user": contact.c.owner_id}, text=contact.c.name,
    )  # fmt: skip
    c = interaction.c
    yield Metric(
        name="interactions", title=_("Interactions"), value=func.count(), source=interaction, at=c.moment, day=c.day,
        dimensions={"channel": c.channel, "user": c.user_id, "customer": c.customer_id, "contact": c.contact_id},
    )  # fmt: skip
    promised, settled = task.c.kind == "promise", task.c.closed_at
    for name, title, status in (
        ("promises.kept", _("Promises kept"), "done"), ("promises.broken", _("Promises broken"), "broken")
    ):  # fmt: skip
        yield Metric(
            name=name, title=title, value=func.count(), source=task, at=settled, dimensions=_ABOUT,
            conditions=(promised, task.c.status == status),
        )  # fmt: skip
    yield Metric(
        name="promises.share", title=_("Promises kept of those settled"), value=share(task.c.status == "done"),
        unit="%", source=task, at=settled, dimensions=_ABOUT,
        conditions=(promised, task.c.status.in_(["done", "broken"])),
    )  # fmt: skip
    yield Metric(
        name="tasks.overdue", title=_("Tasks and promises overdue"), value=func.count(), source=task, dimensions=_ABOUT,
        conditions=(task.c.status == "open", task.c.due < TODAY),
    )  # fmt: skip
