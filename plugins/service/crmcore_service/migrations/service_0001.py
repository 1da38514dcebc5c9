"""The tables of service, written from `crmcore_service.tables`."""

import sqlalchemy as sa
from alembic import op

from crmcore.api import Amount, Fixed, Id, Instant, Json

revision = "service_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "service_absence",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_service_absence"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_service_absence_user_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_absence_user", "service_absence", ["user_id", "ends_on"])
    op.create_table(
        "service_asset",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("installed_on", sa.Date),
        sa.Column("warranty_until", sa.Date),
        sa.Column("retired_on", sa.Date),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_asset"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_asset_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_asset_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_service_asset_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_asset_customer", "service_asset", ["customer_id"])
    op.create_index("ix_service_asset_installed", "service_asset", ["installed_on"])
    op.create_index("ix_service_asset_serial", "service_asset", ["serial"])
    op.create_index("ix_service_asset_warranty", "service_asset", ["warranty_until"])
    op.create_index(
        "uq_service_asset_serial",
        "service_asset",
        ["product", "serial"],
        unique=True,
        sqlite_where=sa.text("serial <> ''"),
        postgresql_where=sa.text("serial <> ''"),
    )
    op.create_table(
        "service_hour_rate",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("amount", Fixed, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_hour_rate"),
        sa.UniqueConstraint("user_id", "since", name="uq_service_hour_rate_since"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_service_hour_rate_user_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "service_level",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("pauses", Json, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_level"),
        sa.UniqueConstraint("name", name="uq_service_level_name"),
    )
    op.create_table(
        "service_place",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float, nullable=False),
        sa.Column("longitude", sa.Float, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_service_place"),
        sa.UniqueConstraint("key", name="uq_service_place_key"),
    )
    op.create_table(
        "service_skill",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_service_skill"),
        sa.UniqueConstraint("user_id", "name", name="uq_service_skill_name"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_service_skill_user_id", ondelete="SET NULL"),
    )
    op.create_index("ix_service_skill_name", "service_skill", ["name", "level"])
    op.create_table(
        "service_technician",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("radius", sa.Integer),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_technician"),
        sa.UniqueConstraint("user_id", name="uq_service_technician_user"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_service_technician_user_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "service_contract",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("level_id", Id),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("amount", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", Amount, nullable=False),
        sa.Column("hours", sa.Integer),
        sa.Column("renewed_from_id", Id),
        sa.Column("closed_at", Instant),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_contract"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_contract_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_contract_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["service_level.id"], name="fk_service_contract_level_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_service_contract_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["renewed_from_id"],
            ["service_contract.id"],
            name="fk_service_contract_renewed_from_id",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_service_contract_customer", "service_contract", ["customer_id", "ends_on"])
    op.create_index("ix_service_contract_ends", "service_contract", ["ends_on"])
    op.create_index("ix_service_contract_number", "service_contract", ["number"])
    op.create_index("ix_service_contract_renewed", "service_contract", ["renewed_from_id"])
    op.create_table(
        "service_queue",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("level_id", Id),
        sa.Column("manager_id", Id),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("skill", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("assign", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_queue"),
        sa.ForeignKeyConstraint(
            ["level_id"], ["service_level.id"], name="fk_service_queue_level_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["user_account.id"], name="fk_service_queue_manager_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_queue_code", "service_queue", ["code"])
    op.create_table(
        "service_step",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("level_id", Id, nullable=False),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("counted", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("tells", sa.Text, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("priority_then", sa.Text, nullable=False),
        sa.Column("assigns", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_step"),
        sa.ForeignKeyConstraint(
            ["level_id"], ["service_level.id"], name="fk_service_step_level_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_service_step_user_id", ondelete="SET NULL"),
    )
    op.create_index("ix_service_step_level", "service_step", ["level_id"])
    op.create_table(
        "service_target",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("level_id", Id, nullable=False),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("days", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_service_target"),
        sa.UniqueConstraint("level_id", "priority", "clock", name="uq_service_target_clock"),
        sa.ForeignKeyConstraint(
            ["level_id"], ["service_level.id"], name="fk_service_target_level_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "service_category",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent_id", Id),
        sa.Column("queue_id", Id),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("skill", sa.Text, nullable=False),
        sa.Column("skill_level", sa.Integer),
        sa.Column("minutes", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_category"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["service_category.id"], name="fk_service_category_parent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["service_queue.id"], name="fk_service_category_queue_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "service_cover",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("contract_id", Id, nullable=False),
        sa.Column("asset_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_cover"),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["service_asset.id"], name="fk_service_cover_asset_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["service_contract.id"], name="fk_service_cover_contract_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_cover_asset", "service_cover", ["asset_id"])
    op.create_index("ix_service_cover_contract", "service_cover", ["contract_id"])
    op.create_table(
        "service_mailbox",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("queue_id", Id),
        sa.Column("since", sa.Date),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_mailbox"),
        sa.UniqueConstraint("name", name="uq_service_mailbox_name"),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["service_queue.id"], name="fk_service_mailbox_queue_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "service_reading",
        sa.Column("mailbox_id", Id, autoincrement=False, nullable=False),
        sa.Column("position", Json, nullable=False),
        sa.Column("looked_at", Instant),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("mailbox_id", name="pk_service_reading"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["service_mailbox.id"], name="fk_service_reading_mailbox_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "service_ticket",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("queue_id", Id),
        sa.Column("category_id", Id),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("entered_at", Instant),
        sa.Column("owner_id", Id),
        sa.Column("level_id", Id),
        sa.Column("contract_id", Id),
        sa.Column("asset_id", Id),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("assigned_at", Instant),
        sa.Column("responded_at", Instant),
        sa.Column("resolved_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("owner_due", Instant),
        sa.Column("response_due", Instant),
        sa.Column("resolution_due", Instant),
        sa.Column("paused_at", Instant),
        sa.Column("remaining", Json, nullable=False),
        sa.Column("next_step_at", Instant),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("resolution", sa.Text, nullable=False),
        sa.Column("at_risk", sa.Boolean, nullable=False),
        sa.Column("merged_into_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_ticket"),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["service_asset.id"], name="fk_service_ticket_asset_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["service_category.id"], name="fk_service_ticket_category_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_ticket_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["service_contract.id"], name="fk_service_ticket_contract_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_ticket_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_service_ticket_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["service_level.id"], name="fk_service_ticket_level_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["service_ticket.id"], name="fk_service_ticket_merged_into_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_service_ticket_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["service_queue.id"], name="fk_service_ticket_queue_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_ticket_asset", "service_ticket", ["asset_id"])
    op.create_index("ix_service_ticket_contact", "service_ticket", ["contact_id", "opened_at"])
    op.create_index("ix_service_ticket_customer", "service_ticket", ["customer_id", "opened_at"])
    op.create_index("ix_service_ticket_opened", "service_ticket", ["opened_at", "id"])
    op.create_index(
        "ix_service_ticket_owner",
        "service_ticket",
        ["owner_id", "id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_service_ticket_owner_due",
        "service_ticket",
        ["owner_due", "id"],
        sqlite_where=sa.text("closed_at IS NULL AND assigned_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND assigned_at IS NULL"),
    )
    op.create_index(
        "ix_service_ticket_queue",
        "service_ticket",
        ["queue_id", "id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_service_ticket_resolution_due",
        "service_ticket",
        ["resolution_due", "id"],
        sqlite_where=sa.text("closed_at IS NULL AND resolved_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND resolved_at IS NULL"),
    )
    op.create_index(
        "ix_service_ticket_resolved",
        "service_ticket",
        ["resolved_at"],
        sqlite_where=sa.text("resolved_at IS NOT NULL"),
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_index(
        "ix_service_ticket_response_due",
        "service_ticket",
        ["response_due", "id"],
        sqlite_where=sa.text("closed_at IS NULL AND responded_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND responded_at IS NULL"),
    )
    op.create_index(
        "ix_service_ticket_step",
        "service_ticket",
        ["next_step_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "service_deflection",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("offered", Json, nullable=False),
        sa.Column("answer_kind", sa.Text, nullable=False),
        sa.Column("answer_id", Id),
        sa.Column("answer_title", sa.Text, nullable=False),
        sa.Column("confirmed_at", Instant),
        sa.Column("confirmed_by_id", Id),
        sa.Column("minutes", sa.Integer),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("category_id", Id),
        sa.Column("ticket_id", Id),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_deflection"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["service_category.id"], name="fk_service_deflection_category_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name="fk_service_deflection_confirmed_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_deflection_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_deflection_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_deflection_ticket_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_deflection_answer", "service_deflection", ["answer_kind", "answer_id"])
    op.create_index("ix_service_deflection_asked", "service_deflection", ["asked_at", "status"])
    op.create_index("ix_service_deflection_contact", "service_deflection", ["contact_id", "asked_at"])
    op.create_index("ix_service_deflection_ticket", "service_deflection", ["ticket_id"])
    op.create_table(
        "service_gain",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("contract_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("record_id", Id),
        sa.Column("amount", Fixed, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", Amount, nullable=False),
        sa.Column("worth", Fixed, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("claimed_by_id", Id),
        sa.Column("confirmed_by_id", Id),
        sa.Column("confirmed_at", Instant),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_gain"),
        sa.UniqueConstraint("entity", "record_id", name="uq_service_gain_record"),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["user_account.id"], name="fk_service_gain_claimed_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name="fk_service_gain_confirmed_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_service_gain_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["service_contract.id"], name="fk_service_gain_contract_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_gain_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_gain_ticket_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_gain_customer", "service_gain", ["customer_id"])
    op.create_index("ix_service_gain_day", "service_gain", ["day"])
    op.create_index("ix_service_gain_ticket", "service_gain", ["ticket_id"])
    op.create_table(
        "service_link",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_service_link"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_link_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_link_ticket", "service_link", ["ticket_id"])
    op.create_table(
        "service_pause",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_pause"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_pause_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_pause_ticket", "service_pause", ["ticket_id", "starts_at"])
    op.create_table(
        "service_post",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("interaction_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_post"),
        sa.UniqueConstraint("interaction_id", name="uq_service_post_interaction"),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_service_post_interaction_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_post_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_post_message", "service_post", ["message_id"])
    op.create_index("ix_service_post_ticket", "service_post", ["ticket_id", "at"])
    op.create_table(
        "service_posting",
        sa.Column("shelf", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("term", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Id, autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("shelf", "term", "ticket_id", name="pk_service_posting"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_posting_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_posting_ticket", "service_posting", ["ticket_id"])
    op.create_table(
        "service_public_answer",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("published_by_id", Id),
        sa.Column("published_at", Instant, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_public_answer"),
        sa.UniqueConstraint("ticket_id", name="uq_service_public_answer_ticket"),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["user_account.id"],
            name="fk_service_public_answer_published_by_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_public_answer_ticket_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "service_received",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("mailbox_id", Id),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("content", sa.LargeBinary),
        sa.Column("settled_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_service_received"),
        sa.UniqueConstraint("digest", name="uq_service_received_digest"),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_service_received_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["service_mailbox.id"], name="fk_service_received_mailbox_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_received_ticket_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_received_kind", "service_received", ["kind", "at"])
    op.create_index("ix_service_received_message", "service_received", ["message_id"])
    op.create_index("ix_service_received_sender", "service_received", ["sender", "at"])
    op.create_index("ix_service_received_ticket", "service_received", ["ticket_id"])
    op.create_table(
        "service_work_order",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("asset_id", Id),
        sa.Column("contract_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("entered_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("owner_id", Id),
        sa.Column("technician_id", Id),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("promised_on", sa.Date),
        sa.Column("starts_at", Instant),
        sa.Column("ends_at", Instant),
        sa.Column("visited_at", Instant),
        sa.Column("done_at", Instant),
        sa.Column("next_step_at", Instant),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("skill", sa.Text, nullable=False),
        sa.Column("skill_level", sa.Integer),
        sa.Column("fixed", sa.Boolean),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("task_id", Id),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_work_order"),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["service_asset.id"], name="fk_service_work_order_asset_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_work_order_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["service_contract.id"], name="fk_service_work_order_contract_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_work_order_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_service_work_order_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_service_work_order_task_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["user_account.id"], name="fk_service_work_order_technician_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_work_order_ticket_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_work_order_asset", "service_work_order", ["asset_id"])
    op.create_index("ix_service_work_order_customer", "service_work_order", ["customer_id", "opened_at"])
    op.create_index(
        "ix_service_work_order_due",
        "service_work_order",
        ["due_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_service_work_order_promised",
        "service_work_order",
        ["promised_on"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_service_work_order_step",
        "service_work_order",
        ["next_step_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_service_work_order_technician", "service_work_order", ["technician_id", "starts_at"])
    op.create_index("ix_service_work_order_ticket", "service_work_order", ["ticket_id"])
    op.create_table(
        "service_cost",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("amount", Fixed, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", Amount, nullable=False),
        sa.Column("worth", Fixed, nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("user_id", Id),
        sa.Column("ticket_id", Id),
        sa.Column("work_order_id", Id),
        sa.Column("contract_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("record_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_cost"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_service_cost_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["service_contract.id"], name="fk_service_cost_contract_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_cost_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_cost_ticket_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_service_cost_user_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_cost_work_order_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_cost_customer", "service_cost", ["customer_id", "day"])
    op.create_index("ix_service_cost_day", "service_cost", ["day"])
    op.create_index("ix_service_cost_order", "service_cost", ["work_order_id"])
    op.create_index("ix_service_cost_record", "service_cost", ["record_id"])
    op.create_index("ix_service_cost_ticket", "service_cost", ["ticket_id"])
    op.create_table(
        "service_escalation",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("work_order_id", Id),
        sa.Column("step_id", Id),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("told_id", Id),
        sa.Column("task_id", Id),
        sa.Column("what", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_escalation"),
        sa.UniqueConstraint("work_order_id", "step_id", "clock", "round", name="uq_service_escalation_order"),
        sa.UniqueConstraint("ticket_id", "step_id", "clock", "round", name="uq_service_escalation_step"),
        sa.ForeignKeyConstraint(
            ["step_id"], ["service_step.id"], name="fk_service_escalation_step_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_service_escalation_task_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_escalation_ticket_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["told_id"], ["user_account.id"], name="fk_service_escalation_told_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_escalation_work_order_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_escalation_at", "service_escalation", ["at"])
    op.create_table(
        "service_outgoing",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("work_order_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("user_id", Id),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("in_reply_to", sa.Text, nullable=False),
        sa.Column("references", sa.Text, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("taken_at", Instant),
        sa.Column("sent_at", Instant),
        sa.Column("interaction_id", Id),
        sa.Column("details", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_outgoing"),
        sa.UniqueConstraint("message_id", name="uq_service_outgoing_message"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_outgoing_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_outgoing_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_service_outgoing_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_outgoing_ticket_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_service_outgoing_user_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_outgoing_work_order_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_outgoing_address", "service_outgoing", ["address", "due_at"])
    op.create_index("ix_service_outgoing_ticket", "service_outgoing", ["ticket_id"])
    op.create_index(
        "ix_service_outgoing_waiting",
        "service_outgoing",
        ["due_at", "id"],
        sqlite_where=sa.text("status IN ('queued', 'deferred', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'deferred', 'sending')"),
    )
    op.create_table(
        "service_part",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("work_order_id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("quantity", Fixed, nullable=False),
        sa.Column("unit_cost", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("warranty", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_part"),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_part_work_order_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_part_order", "service_part", ["work_order_id"])
    op.create_table(
        "service_rating",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("ticket_id", Id),
        sa.Column("work_order_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", Instant),
        sa.Column("answered_at", Instant),
        sa.Column("score", sa.Integer),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("task_id", Id),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_rating"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_service_rating_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_service_rating_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_service_rating_task_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["service_ticket.id"], name="fk_service_rating_ticket_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_rating_work_order_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_service_rating_answered", "service_rating", ["answered_at"])
    op.create_index("ix_service_rating_contact", "service_rating", ["contact_id", "asked_at"])
    op.create_index("ix_service_rating_customer", "service_rating", ["customer_id", "answered_at"])
    op.create_index("ix_service_rating_ticket", "service_rating", ["ticket_id"])
    op.create_table(
        "service_visit",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("work_order_id", Id, nullable=False),
        sa.Column("technician_id", Id),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("kilometres", sa.Integer),
        sa.Column("fixed", sa.Boolean),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_visit"),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["user_account.id"], name="fk_service_visit_technician_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["service_work_order.id"], name="fk_service_visit_work_order_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_visit_order", "service_visit", ["work_order_id", "starts_at"])
    op.create_index("ix_service_visit_technician", "service_visit", ["technician_id", "starts_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("service_visit")
    op.drop_table("service_rating")
    op.drop_table("service_part")
    op.drop_table("service_outgoing")
    op.drop_table("service_escalation")
    op.drop_table("service_cost")
    op.drop_table("service_work_order")
    op.drop_table("service_received")
    op.drop_table("service_public_answer")
    op.drop_table("service_posting")
    op.drop_table("service_post")
    op.drop_table("service_pause")
    op.drop_table("service_link")
    op.drop_table("service_gain")
    op.drop_table("service_deflection")
    op.drop_table("service_ticket")
    op.drop_table("service_reading")
    op.drop_table("service_mailbox")
    op.drop_table("service_cover")
    op.drop_table("service_category")
    op.drop_table("service_target")
    op.drop_table("service_step")
    op.drop_table("service_queue")
    op.drop_table("service_contract")
    op.drop_table("service_technician")
    op.drop_table("service_skill")
    op.drop_table("service_place")
    op.drop_table("service_level")
    op.drop_table("service_hour_rate")
    op.drop_table("service_asset")
    op.drop_table("service_absence")
