"""Plugins' state, background work, integrators' definitions, processes; the journal keeps causes and commit order."""

import sqlalchemy as sa
from alembic import op

from crmcore.engine.types import Id, Instant, Json

revision = "core_0002"
down_revision = "core_0001"


def upgrade() -> None:
    """Add the tables of the platform, and fields of the workspace's own to the records that have them."""
    op.create_table(
        "automation_run",
        sa.Column("automation", sa.Text(), nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("entity", sa.Text(), server_default="", nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("made", Json, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("automation", "event_id", name=op.f("pk_automation_run")),
    )
    op.create_index("ix_automation_run_subject", "automation_run", ["subject_id", "event_id"], unique=False)
    op.create_table(
        "definition",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_definition")),
    )
    op.create_table(
        "delivery",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant, nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("subscription", "event_id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "next_at"], unique=False)
    op.create_index("ix_delivery_subject", "delivery", ["subscription", "subject_id", "event_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("plugin", "hook", "kind", name=op.f("pk_finding")),
    )
    op.create_table(
        "erased",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("record_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("denied", Json, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased")),
    )
    op.create_table(
        "hook_time",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("calls", Id, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("worst", sa.Float(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.PrimaryKeyConstraint("plugin", "hook", name=op.f("pk_hook_time")),
    )
    op.create_table(
        "link",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("from_entity", sa.Text(), nullable=False),
        sa.Column("from_id", Id, nullable=False),
        sa.Column("to_entity", sa.Text(), nullable=False),
        sa.Column("to_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_from", "link", ["from_entity", "from_id", "to_entity", "to_id"], unique=False)
    op.create_index("ix_link_to", "link", ["to_entity", "to_id", "from_entity", "from_id"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("plugin", "name", name=op.f("pk_schedule")),
    )
    op.create_table(
        "job",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("shift", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("plugin", "name", name=op.f("pk_job")),
    )
    op.create_table(
        "subscription",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plugin", sa.Text(), server_default="", nullable=False),
        sa.Column("xid", Id, nullable=False),
        sa.Column("until", Id, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_subscription")),
    )
    op.create_table(
        "worker",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("done", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.create_table(
        "process_item",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("owner_id", Id, nullable=True),
        sa.Column("interaction_id", Id, nullable=True),
        sa.Column("entered_at", Instant, nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_process_item_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_process_item_customer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name=op.f("fk_process_item_interaction_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_process_item_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_item")),
    )
    op.create_index(
        "ix_process_item_contact_id",
        "process_item",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_process_item_customer_id",
        "process_item",
        ["customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_process_item_interaction_id",
        "process_item",
        ["interaction_id"],
        unique=False,
        sqlite_where=sa.text("interaction_id IS NOT NULL"),
        postgresql_where=sa.text("interaction_id IS NOT NULL"),
    )
    op.create_index(
        "ix_process_item_owner_id",
        "process_item",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index("ix_process_item_state", "process_item", ["process", "state", "id"], unique=False)
    op.add_column("contact", sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("customer", sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("interaction", sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("journal", sa.Column("cause_id", Id, nullable=True))
    op.add_column("journal", sa.Column("depth", sa.Integer(), server_default="0", nullable=False))
    op.add_column("journal", sa.Column("xid", Id, server_default="0", nullable=False))
    op.create_index(
        "ix_journal_xid",
        "journal",
        ["xid", "id"],
        unique=False,
        sqlite_where=sa.text("xid <> 0"),
        postgresql_where=sa.text("xid <> 0"),
    )
    op.add_column("plugin", sa.Column("requires", Json, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("plugin", sa.Column("entities", Json, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("plugin", sa.Column("quarantined", sa.Text(), server_default="", nullable=False))
    op.add_column("task", sa.Column("custom", Json, server_default=sa.text("'{}'"), nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        # Ids are drawn in another order than transactions commit in; who follows the journal goes by the latter.
        op.execute("ALTER TABLE journal ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text)::bigint")
