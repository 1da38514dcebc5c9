"""What the definition of the process cannot say: at most two samples under way to a customer, and where they are."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from crmcore.api import Block, Change, Plugin, PluginReader, PluginTransaction, Subject, impl, tables

PLUGIN = Plugin(name="sample_shipping", title="Sample shipping in four steps")
item = tables.process_item
under_way = (item.c.process == "sample_shipping", item.c.closed_at.is_(None))


@impl
def crm_before_save(changes: Sequence[Change], tx: PluginTransaction) -> Iterable[str]:
    """Refuse a third sample under way to one customer."""
    begun = [each.after for each in changes if each.entity == "process_item" and each.action == "created"]
    wanted = [row["customer_id"] for row in begun if row["process"] == "sample_shipping" and row["customer_id"]]
    if wanted:
        per_customer = select(item.c.customer_id).where(*under_way, item.c.customer_id.in_(wanted))
        for row in tx.rows(per_customer.group_by(item.c.customer_id).having(func.count() > 1)):
            yield f"Customer {row.customer_id} has two samples under way; wait for a verdict."


@impl
def crm_brief(subject: Subject, reader: PluginReader) -> Iterable[Block]:
    """Show where the samples are."""
    latest = select(item.c.state, item.c.custom).where(*under_way, item.c.customer_id.in_(subject.customer_ids))
    rows = reader.rows(latest.order_by(item.c.id.desc()).limit(5))
    shown = tuple((row.custom.get("product", ""), row.state, row.custom.get("tracking", "")) for row in rows)
    yield Block(title="Samples", weight=35, headings=("product", "state", "tracking"), rows=shown)
