"""The tables of sales, written from `crmcore_sales.tables`."""

import sqlalchemy as sa
from alembic import op

from crmcore.api import Amount, Fixed, Id, Instant, Json

revision = "sales_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sales_account",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("sponsor_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_account"),
        sa.UniqueConstraint("customer_id", name="uq_sales_account_customer"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_account_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["user_account.id"], name="fk_sales_account_sponsor_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_account_tier", "sales_account", ["tier"])
    op.create_table(
        "sales_agent",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("partner_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_agent"),
        sa.UniqueConstraint("user_id", name="uq_sales_agent_user"),
        sa.ForeignKeyConstraint(["partner_id"], ["customer.id"], name="fk_sales_agent_partner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sales_agent_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sales_agent_partner", "sales_agent", ["partner_id"])
    op.create_table(
        "sales_calibration",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rep_id", Id),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("won", sa.Integer, nullable=False),
        sa.Column("stated", sa.Float, nullable=False),
        sa.Column("shift", sa.Float, nullable=False),
        sa.Column("slope", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_calibration"),
        sa.ForeignKeyConstraint(
            ["rep_id"], ["user_account.id"], name="fk_sales_calibration_rep_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_calibration_day", "sales_calibration", ["day"])
    op.create_table(
        "sales_coaching",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rep_id", Id),
        sa.Column("manager_id", Id),
        sa.Column("held_on", sa.Date),
        sa.Column("next_on", sa.Date),
        sa.Column("sheet", Json, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_coaching"),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["user_account.id"], name="fk_sales_coaching_manager_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name="fk_sales_coaching_rep_id", ondelete="SET NULL"),
    )
    op.create_index("ix_sales_coaching_rep", "sales_coaching", ["rep_id", "held_on"])
    op.create_table(
        "sales_commission",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("attained", Fixed, nullable=False),
        sa.Column("percent", Fixed, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_commission"),
        sa.UniqueConstraint("tier", "since", name="uq_sales_commission_tier"),
    )
    op.create_table(
        "sales_competitor",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("strengths", sa.Text, nullable=False),
        sa.Column("weaknesses", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_competitor"),
        sa.UniqueConstraint("name", name="uq_sales_competitor_name"),
    )
    op.create_table(
        "sales_discount_limit",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("percent", Fixed, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("granted_id", Id),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_discount_limit"),
        sa.UniqueConstraint("user_id", "since", name="uq_sales_discount_limit_user"),
        sa.ForeignKeyConstraint(
            ["granted_id"], ["user_account.id"], name="fk_sales_discount_limit_granted_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_sales_discount_limit_user_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "sales_freeze",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("quarter", sa.Text, nullable=False),
        sa.Column("week", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("taken_at", Instant, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rates", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_freeze"),
        sa.UniqueConstraint("quarter", "week", name="uq_sales_freeze_quarter"),
    )
    op.create_table(
        "sales_number",
        sa.Column("series", sa.Text, autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_sales_number"),
    )
    op.create_table(
        "sales_opportunity",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("agent_id", Id),
        sa.Column("partner_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("lead_id", Id),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("entered_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("closed_on", sa.Date),
        sa.Column("amount", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", Amount),
        sa.Column("probability", sa.Integer),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("need_by", sa.Date),
        sa.Column("next_step", sa.Text, nullable=False),
        sa.Column("lead_source", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("must_win", sa.Boolean, nullable=False),
        sa.Column("sponsor_id", Id),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reason_note", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_opportunity"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["user_account.id"], name="fk_sales_opportunity_agent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_sales_opportunity_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_opportunity_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_sales_opportunity_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_opportunity_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["customer.id"], name="fk_sales_opportunity_partner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["user_account.id"], name="fk_sales_opportunity_sponsor_id", ondelete="SET NULL"
        ),
    )
    op.create_index(
        "ix_sales_opportunity_closed",
        "sales_opportunity",
        [
            "status",
            "closed_on",
            "rate",
            "reason",
            "currency",
            "amount",
            "region",
            "owner_id",
            "customer_id",
            "contact_id",
        ],
    )
    op.create_index("ix_sales_opportunity_contact", "sales_opportunity", ["contact_id"])
    op.create_index("ix_sales_opportunity_customer", "sales_opportunity", ["customer_id"])
    op.create_index(
        "ix_sales_opportunity_open",
        "sales_opportunity",
        [
            "status",
            "need_by",
            "stage",
            "probability",
            "category",
            "currency",
            "amount",
            "region",
            "owner_id",
            "customer_id",
            "contact_id",
        ],
    )
    op.create_index("ix_sales_opportunity_owner", "sales_opportunity", ["owner_id", "status"])
    op.create_table(
        "sales_play",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_play"),
        sa.UniqueConstraint("name", name="uq_sales_play_name"),
    )
    op.create_table(
        "sales_product",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("cost", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("floor", Fixed),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_product"),
        sa.UniqueConstraint("code", name="uq_sales_product_code"),
    )
    op.create_table(
        "sales_rate",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("rate", Amount, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_rate"),
        sa.UniqueConstraint("currency", "day", name="uq_sales_rate_currency"),
    )
    op.create_table(
        "sales_skip",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("skipped_on", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_skip"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_sales_skip_customer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sales_skip_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sales_skip_user", "sales_skip", ["user_id", "skipped_on"])
    op.create_table(
        "sales_tier",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("executive_days", sa.Integer),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("everybody_else", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_tier"),
        sa.UniqueConstraint("name", name="uq_sales_tier_name"),
    )
    op.create_table(
        "sales_visit_programme",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("begins_at", Instant, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("closed_at", Instant),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_visit_programme"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_visit_programme_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_index(
        "ix_sales_visit_programme_open",
        "sales_visit_programme",
        ["until"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "sales_buying_role",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("support", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_buying_role"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_sales_buying_role_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_buying_role_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_buying_role_contact", "sales_buying_role", ["contact_id"])
    op.create_index("ix_sales_buying_role_opportunity", "sales_buying_role", ["opportunity_id"])
    op.create_table(
        "sales_coaching_action",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("coaching_id", Id, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("task_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_coaching_action"),
        sa.ForeignKeyConstraint(
            ["coaching_id"], ["sales_coaching.id"], name="fk_sales_coaching_action_coaching_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_sales_coaching_action_task_id", ondelete="SET NULL"),
    )
    op.create_index("ix_sales_coaching_action_coaching", "sales_coaching_action", ["coaching_id"])
    op.create_index("ix_sales_coaching_action_task", "sales_coaching_action", ["task_id"])
    op.create_table(
        "sales_evidence",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("said_on", sa.Date),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_evidence"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_sales_evidence_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_sales_evidence_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_evidence_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_evidence_contact", "sales_evidence", ["contact_id"])
    op.create_index("ix_sales_evidence_opportunity", "sales_evidence", ["opportunity_id"])
    op.create_table(
        "sales_forecast",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("freeze_id", Id, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("week", sa.Integer, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("deals", sa.Integer, nullable=False),
        sa.Column("won", Fixed, nullable=False),
        sa.Column("low", Fixed, nullable=False),
        sa.Column("high", Fixed, nullable=False),
        sa.Column("weighted", Fixed, nullable=False),
        sa.Column("corrected", Fixed, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_forecast"),
        sa.ForeignKeyConstraint(
            ["freeze_id"], ["sales_freeze.id"], name="fk_sales_forecast_freeze_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_forecast_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_forecast_freeze", "sales_forecast", ["freeze_id", "owner_id"])
    op.create_table(
        "sales_forecast_unit",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("freeze_id", Id, nullable=False),
        sa.Column("product_id", Id),
        sa.Column("week", sa.Integer, nullable=False),
        sa.Column("won", Fixed, nullable=False),
        sa.Column("weighted", Fixed, nullable=False),
        sa.Column("high", Fixed, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_forecast_unit"),
        sa.ForeignKeyConstraint(
            ["freeze_id"], ["sales_freeze.id"], name="fk_sales_forecast_unit_freeze_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["sales_product.id"], name="fk_sales_forecast_unit_product_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_forecast_unit_freeze", "sales_forecast_unit", ["freeze_id"])
    op.create_table(
        "sales_lead",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("opportunity_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("entered_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("assigned_at", Instant),
        sa.Column("contacted_at", Instant),
        sa.Column("escalated_at", Instant),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("returned_by_id", Id),
        sa.Column("amount", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("lead_source", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reason_note", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_lead"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_sales_lead_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_lead_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_sales_lead_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_lead_opportunity_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name="fk_sales_lead_owner_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["user_account.id"], name="fk_sales_lead_returned_by_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_lead_contact", "sales_lead", ["contact_id"])
    op.create_index("ix_sales_lead_customer", "sales_lead", ["customer_id"])
    op.create_index("ix_sales_lead_owner", "sales_lead", ["owner_id", "status"])
    op.create_index("ix_sales_lead_received", "sales_lead", ["received_at"])
    op.create_index("ix_sales_lead_status", "sales_lead", ["status", "received_at"])
    op.create_index(
        "ix_sales_lead_waiting",
        "sales_lead",
        ["received_at"],
        sqlite_where=sa.text("contacted_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("contacted_at IS NULL AND closed_at IS NULL"),
    )
    op.create_table(
        "sales_line",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("product_id", Id),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("quantity", Fixed, nullable=False),
        sa.Column("unit_price", Fixed),
        sa.Column("amount", Fixed),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_line"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_line_opportunity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["sales_product.id"], name="fk_sales_line_product_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_line_opportunity", "sales_line", ["opportunity_id"])
    op.create_index("ix_sales_line_product", "sales_line", ["product_id"])
    op.create_table(
        "sales_method_use",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id),
        sa.Column("methods", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_method_use"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_method_use_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_method_use_opportunity", "sales_method_use", ["opportunity_id"])
    op.create_table(
        "sales_offered",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("quote_id", Id, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("quantity", Fixed, nullable=False),
        sa.Column("list_price", Fixed),
        sa.Column("unit_price", Fixed, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("valid_until", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_sales_offered"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_offered_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_offered_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["sales_product.id"], name="fk_sales_offered_product_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_offered_customer", "sales_offered", ["customer_id", "product_id"])
    op.create_index("ix_sales_offered_quote", "sales_offered", ["quote_id"])
    op.create_table(
        "sales_passage",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("entered_at", Instant, nullable=False),
        sa.Column("left_at", Instant),
        sa.Column("by_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_passage"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_sales_passage_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_passage_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_passage_opportunity", "sales_passage", ["opportunity_id", "entered_at", "stage"])
    op.create_index("ix_sales_passage_stage", "sales_passage", ["stage", "entered_at", "left_at", "opportunity_id"])
    op.create_table(
        "sales_plan_step",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("task_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_plan_step"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_plan_step_opportunity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_sales_plan_step_task_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sales_plan_step_opportunity", "sales_plan_step", ["opportunity_id"])
    op.create_index("ix_sales_plan_step_task", "sales_plan_step", ["task_id"])
    op.create_table(
        "sales_planned_visit",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("programme_id", Id, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("assigned_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("interaction_id", Id),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_planned_visit"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_planned_visit_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_sales_planned_visit_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_planned_visit_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["sales_visit_programme.id"],
            name="fk_sales_planned_visit_programme_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_sales_planned_visit_customer",
        "sales_planned_visit",
        ["customer_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_sales_planned_visit_owner",
        "sales_planned_visit",
        ["owner_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_sales_planned_visit_programme", "sales_planned_visit", ["programme_id"])
    op.create_table(
        "sales_price",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("price_list", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("unit_price", Fixed, nullable=False),
        sa.Column("minimum", Fixed, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_price"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["sales_product.id"], name="fk_sales_price_product_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_price_product", "sales_price", ["product_id", "currency", "valid_from"])
    op.create_table(
        "sales_quote",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", Fixed, nullable=False),
        sa.Column("discount", Fixed, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("sent_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_quote"),
        sa.UniqueConstraint("number", "revision", name="uq_sales_quote_number"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_sales_quote_contact_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_quote_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_quote_opportunity_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name="fk_sales_quote_owner_id", ondelete="SET NULL"),
    )
    op.create_index("ix_sales_quote_contact", "sales_quote", ["contact_id"])
    op.create_index("ix_sales_quote_customer", "sales_quote", ["customer_id", "status"])
    op.create_index("ix_sales_quote_opportunity", "sales_quote", ["opportunity_id"])
    op.create_index("ix_sales_quote_status", "sales_quote", ["status", "valid_until"])
    op.create_table(
        "sales_recommendation",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("recommended_id", Id),
        sa.Column("chosen_id", Id),
        sa.Column("decided_id", Id),
        sa.Column("decided_at", Instant),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_recommendation"),
        sa.ForeignKeyConstraint(
            ["chosen_id"], ["user_account.id"], name="fk_sales_recommendation_chosen_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_id"], ["user_account.id"], name="fk_sales_recommendation_decided_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["sales_opportunity.id"],
            name="fk_sales_recommendation_opportunity_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recommended_id"], ["user_account.id"], name="fk_sales_recommendation_recommended_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_recommendation_opportunity", "sales_recommendation", ["opportunity_id"])
    op.create_table(
        "sales_registration",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("partner_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("opportunity_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("agent_id", Id),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("amount", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("protected_until", sa.Date, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("rival_id", Id),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_registration"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["user_account.id"], name="fk_sales_registration_agent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sales_registration_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"],
            ["sales_opportunity.id"],
            name="fk_sales_registration_opportunity_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_sales_registration_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["customer.id"], name="fk_sales_registration_partner_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_sales_registration_customer", "sales_registration", ["customer_id", "protected_until"])
    op.create_index("ix_sales_registration_partner", "sales_registration", ["partner_id", "registered_on"])
    op.create_table(
        "sales_review",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("by_id", Id),
        sa.Column("need_by", sa.Date),
        sa.Column("probability", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_review"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_sales_review_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_review_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_review_opportunity", "sales_review", ["opportunity_id", "held_on"])
    op.create_table(
        "sales_rivalry",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("competitor_id", Id, nullable=False),
        sa.Column("price", Fixed),
        sa.Column("won", sa.Boolean, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_rivalry"),
        sa.ForeignKeyConstraint(
            ["competitor_id"], ["sales_competitor.id"], name="fk_sales_rivalry_competitor_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_rivalry_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_rivalry_competitor", "sales_rivalry", ["competitor_id"])
    op.create_index("ix_sales_rivalry_opportunity", "sales_rivalry", ["opportunity_id"])
    op.create_table(
        "sales_slip",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("told_at", Instant, nullable=False),
        sa.Column("was", sa.Date, nullable=False),
        sa.Column("became", sa.Date, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_slip"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_slip_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_slip_opportunity", "sales_slip", ["opportunity_id", "id"])
    op.create_table(
        "sales_standing",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("rep_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("amount", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("probability", sa.Integer),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("need_by", sa.Date),
        sa.Column("closed_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_sales_standing"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_standing_opportunity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["user_account.id"], name="fk_sales_standing_rep_id", ondelete="SET NULL"),
    )
    op.create_index("ix_sales_standing_opportunity", "sales_standing", ["opportunity_id", "id"])
    op.create_table(
        "sales_step",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opportunity_id", Id, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("done_at", Instant, nullable=False),
        sa.Column("by_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_step"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_sales_step_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["sales_opportunity.id"], name="fk_sales_step_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_step_opportunity", "sales_step", ["opportunity_id"])
    op.create_table(
        "sales_approval",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("quote_id", Id, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("asked_id", Id),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("percent", Fixed, nullable=False),
        sa.Column("limit_percent", Fixed, nullable=False),
        sa.Column("margin", Fixed),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("decided_id", Id),
        sa.Column("decided_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("task_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_sales_approval"),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["user_account.id"], name="fk_sales_approval_asked_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_id"], ["user_account.id"], name="fk_sales_approval_decided_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["sales_quote.id"], name="fk_sales_approval_quote_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_sales_approval_task_id", ondelete="SET NULL"),
    )
    op.create_index("ix_sales_approval_asked", "sales_approval", ["asked_id", "asked_at"])
    op.create_index("ix_sales_approval_quote", "sales_approval", ["quote_id"])
    op.create_index("ix_sales_approval_status", "sales_approval", ["status", "asked_at"])
    op.create_index("ix_sales_approval_task", "sales_approval", ["task_id"])
    op.create_table(
        "sales_quote_line",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("quote_id", Id, nullable=False),
        sa.Column("product_id", Id),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("quantity", Fixed, nullable=False),
        sa.Column("list_price", Fixed),
        sa.Column("unit_price", Fixed, nullable=False),
        sa.Column("cost", Fixed),
        sa.Column("amount", Fixed, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales_quote_line"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["sales_product.id"], name="fk_sales_quote_line_product_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["sales_quote.id"], name="fk_sales_quote_line_quote_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sales_quote_line_product", "sales_quote_line", ["product_id"])
    op.create_index("ix_sales_quote_line_quote", "sales_quote_line", ["quote_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sales_quote_line")
    op.drop_table("sales_approval")
    op.drop_table("sales_step")
    op.drop_table("sales_standing")
    op.drop_table("sales_slip")
    op.drop_table("sales_rivalry")
    op.drop_table("sales_review")
    op.drop_table("sales_registration")
    op.drop_table("sales_recommendation")
    op.drop_table("sales_quote")
    op.drop_table("sales_price")
    op.drop_table("sales_planned_visit")
    op.drop_table("sales_plan_step")
    op.drop_table("sales_passage")
    op.drop_table("sales_offered")
    op.drop_table("sales_method_use")
    op.drop_table("sales_line")
    op.drop_table("sales_lead")
    op.drop_table("sales_forecast_unit")
    op.drop_table("sales_forecast")
    op.drop_table("sales_evidence")
    op.drop_table("sales_coaching_action")
    op.drop_table("sales_buying_role")
    op.drop_table("sales_visit_programme")
    op.drop_table("sales_tier")
    op.drop_table("sales_skip")
    op.drop_table("sales_rate")
    op.drop_table("sales_product")
    op.drop_table("sales_play")
    op.drop_table("sales_opportunity")
    op.drop_table("sales_number")
    op.drop_table("sales_freeze")
    op.drop_table("sales_discount_limit")
    op.drop_table("sales_competitor")
    op.drop_table("sales_commission")
    op.drop_table("sales_coaching")
    op.drop_table("sales_calibration")
    op.drop_table("sales_agent")
    op.drop_table("sales_account")
