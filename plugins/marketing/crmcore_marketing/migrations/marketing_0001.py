"""The tables of marketing, written from `crmcore_marketing.tables`."""

import sqlalchemy as sa
from alembic import op

from crmcore.api import Amount, Fixed, Id, Instant, Json

revision = "marketing_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "marketing_audience",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("expression", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_audience"),
        sa.UniqueConstraint("name", name="uq_marketing_audience_name"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_marketing_audience_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "marketing_mailbox",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", Json, nullable=False),
        sa.Column("looked_at", Instant, nullable=False),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_mailbox"),
        sa.UniqueConstraint("name", name="uq_marketing_mailbox_name"),
    )
    op.create_table(
        "marketing_material",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("unit_cost", Fixed),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_material"),
        sa.UniqueConstraint("code", name="uq_marketing_material_code"),
    )
    op.create_table(
        "marketing_pace",
        sa.Column("name", sa.Text, autoincrement=False, nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marketing_pace"),
    )
    op.create_table(
        "marketing_programme",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("industry", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("owner_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_programme"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_marketing_programme_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "marketing_score_model",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("factors", Json, nullable=False),
        sa.Column("base", sa.Float, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("positives", sa.Integer, nullable=False),
        sa.Column("measured", Json, nullable=False),
        sa.Column("trained_at", Instant),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_score_model"),
    )
    op.create_index("ix_marketing_score_model_name", "marketing_score_model", ["name"])
    op.create_table(
        "marketing_template",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_template"),
        sa.UniqueConstraint("name", name="uq_marketing_template_name"),
    )
    op.create_table(
        "marketing_visitor",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("consented_at", Instant),
        sa.Column("tied_at", Instant),
        sa.Column("tied_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_visitor"),
        sa.UniqueConstraint("token", name="uq_marketing_visitor_token"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_visitor_contact_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_visitor_contact", "marketing_visitor", ["contact_id"])
    op.create_table(
        "marketing_campaign",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("parent_id", Id),
        sa.Column("programme_id", Id),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("entered_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("owner_id", Id),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("industry", sa.Text, nullable=False),
        sa.Column("products", Json, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("planned_cost", Fixed),
        sa.Column("planned_revenue", Fixed),
        sa.Column("planned_reached", sa.Integer),
        sa.Column("planned_leads", sa.Integer),
        sa.Column("planned_orders", sa.Integer),
        sa.Column("outcome", Json, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_campaign"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_marketing_campaign_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["marketing_campaign.id"], name="fk_marketing_campaign_parent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["marketing_programme.id"], name="fk_marketing_campaign_programme_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_campaign_code", "marketing_campaign", ["code"])
    op.create_index("ix_marketing_campaign_parent", "marketing_campaign", ["parent_id"])
    op.create_index("ix_marketing_campaign_programme", "marketing_campaign", ["programme_id"])
    op.create_index("ix_marketing_campaign_status", "marketing_campaign", ["status", "starts_on"])
    op.create_table(
        "marketing_programme_play",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("programme_id", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_programme_play"),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["marketing_programme.id"],
            name="fk_marketing_programme_play_programme_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_marketing_programme_play_programme", "marketing_programme_play", ["programme_id"])
    op.create_table(
        "marketing_score",
        sa.Column("model_id", Id, autoincrement=False, nullable=False),
        sa.Column("contact_id", Id, autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("likely", sa.Float, nullable=False),
        sa.Column("bins", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("model_id", "contact_id", name="pk_marketing_score"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_score_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["marketing_score_model.id"], name="fk_marketing_score_model_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_score_contact", "marketing_score", ["contact_id"])
    op.create_index("ix_marketing_score_points", "marketing_score", ["model_id", "points", "contact_id"])
    op.create_table(
        "marketing_event",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_event"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_event_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_marketing_event_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_event_campaign", "marketing_event", ["campaign_id"])
    op.create_index("ix_marketing_event_starts", "marketing_event", ["starts_at"])
    op.create_index("ix_marketing_event_uid", "marketing_event", ["uid"])
    op.create_table(
        "marketing_form",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_form"),
        sa.UniqueConstraint("key", name="uq_marketing_form_key"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_form_campaign_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "marketing_mailing",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("template_id", Id, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("audience_id", Id),
        sa.Column("material_id", Id),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("starts_at", Instant),
        sa.Column("queued_at", Instant),
        sa.Column("finished_at", Instant),
        sa.Column("rate", sa.Integer),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("reply_to", sa.Text, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_mailing"),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["marketing_audience.id"], name="fk_marketing_mailing_audience_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_mailing_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["marketing_material.id"], name="fk_marketing_mailing_material_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_marketing_mailing_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["marketing_template.id"], name="fk_marketing_mailing_template_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_mailing_campaign", "marketing_mailing", ["campaign_id"])
    op.create_index("ix_marketing_mailing_status", "marketing_mailing", ["status", "starts_at"])
    op.create_table(
        "marketing_member",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("joined_at", Instant),
        sa.Column("responded_at", Instant),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("worklist", sa.Text, nullable=False),
        sa.Column("handled_at", Instant),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_member"),
        sa.UniqueConstraint("campaign_id", "contact_id", name="uq_marketing_member_contact"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_member_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_member_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_member_customer_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_member_campaign", "marketing_member", ["campaign_id", "status"])
    op.create_index("ix_marketing_member_contact", "marketing_member", ["contact_id"])
    op.create_index("ix_marketing_member_customer", "marketing_member", ["customer_id"])
    op.create_table(
        "marketing_placement",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("programme_id", Id, nullable=False),
        sa.Column("play_id", Id, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("result_on", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_placement"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_placement_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["play_id"], ["marketing_programme_play.id"], name="fk_marketing_placement_play_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["marketing_programme.id"], name="fk_marketing_placement_programme_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_placement_customer", "marketing_placement", ["customer_id"])
    op.create_index("ix_marketing_placement_play", "marketing_placement", ["play_id"])
    op.create_index("ix_marketing_placement_programme", "marketing_placement", ["programme_id", "customer_id", "since"])
    op.create_table(
        "marketing_spend",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("amount", Fixed, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", Amount, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_spend"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_spend_campaign_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_spend_campaign", "marketing_spend", ["campaign_id", "day"])
    op.create_table(
        "marketing_survey",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("material_id", Id),
        sa.Column("questions", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_survey"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_survey_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["marketing_material.id"], name="fk_marketing_survey_material_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "marketing_touch",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("campaign_id", Id),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("engaging", sa.Boolean, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("record_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_touch"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_touch_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_touch_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_touch_customer_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_touch_campaign", "marketing_touch", ["campaign_id", "kind", "at"])
    op.create_index("ix_marketing_touch_contact", "marketing_touch", ["contact_id", "at"])
    op.create_index("ix_marketing_touch_customer", "marketing_touch", ["customer_id", "at"])
    op.create_table(
        "marketing_visit",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("visitor_id", Id),
        sa.Column("at", Instant, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("referrer", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("utm", Json, nullable=False),
        sa.Column("machine", sa.Boolean, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_visit"),
        sa.UniqueConstraint("external_id", name="uq_marketing_visit_external_id"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_visit_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["marketing_visitor.id"], name="fk_marketing_visit_visitor_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_visit_campaign", "marketing_visit", ["campaign_id", "at"])
    op.create_index("ix_marketing_visit_visitor", "marketing_visit", ["visitor_id", "at"])
    op.create_table(
        "marketing_answer",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("survey_id", Id, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("at", Instant),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("sentiment", sa.Text, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("verbatim", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_answer"),
        sa.UniqueConstraint("external_id", name="uq_marketing_answer_external_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_answer_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_answer_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["marketing_survey.id"], name="fk_marketing_answer_survey_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_answer_contact", "marketing_answer", ["contact_id", "at"])
    op.create_index("ix_marketing_answer_customer", "marketing_answer", ["customer_id"])
    op.create_index("ix_marketing_answer_survey", "marketing_answer", ["survey_id", "sentiment"])
    op.create_table(
        "marketing_qualification",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("campaign_id", Id),
        sa.Column("member_id", Id),
        sa.Column("agent_id", Id),
        sa.Column("at", Instant),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("quantity", Fixed),
        sa.Column("need_by", sa.Date),
        sa.Column("budget", Fixed),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("again_on", sa.Date),
        sa.Column("task_id", Id),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_qualification"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["user_account.id"], name="fk_marketing_qualification_agent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["marketing_campaign.id"],
            name="fk_marketing_qualification_campaign_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_qualification_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_qualification_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["marketing_member.id"], name="fk_marketing_qualification_member_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name="fk_marketing_qualification_task_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_qualification_again", "marketing_qualification", ["result", "again_on"])
    op.create_index("ix_marketing_qualification_campaign", "marketing_qualification", ["campaign_id", "result"])
    op.create_index("ix_marketing_qualification_contact", "marketing_qualification", ["contact_id", "at"])
    op.create_index("ix_marketing_qualification_customer", "marketing_qualification", ["customer_id"])
    op.create_index("ix_marketing_qualification_member", "marketing_qualification", ["member_id"])
    op.create_table(
        "marketing_registration",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("registered_at", Instant),
        sa.Column("confirmed_at", Instant),
        sa.Column("reminded", Json, nullable=False),
        sa.Column("attended_at", Instant),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_registration"),
        sa.UniqueConstraint("event_id", "contact_id", name="uq_marketing_registration_contact"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_registration_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_registration_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["marketing_event.id"], name="fk_marketing_registration_event_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_registration_contact", "marketing_registration", ["contact_id"])
    op.create_index("ix_marketing_registration_customer", "marketing_registration", ["customer_id"])
    op.create_index(
        "ix_marketing_registration_event", "marketing_registration", ["event_id", "status", "registered_at"]
    )
    op.create_table(
        "marketing_submission",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("form_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("campaign_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("utm", Json, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_submission"),
        sa.UniqueConstraint("external_id", name="uq_marketing_submission_external_id"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_submission_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_submission_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_submission_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["marketing_form.id"], name="fk_marketing_submission_form_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_marketing_submission_campaign", "marketing_submission", ["campaign_id"])
    op.create_index("ix_marketing_submission_contact", "marketing_submission", ["contact_id"])
    op.create_index("ix_marketing_submission_customer", "marketing_submission", ["customer_id"])
    op.create_index("ix_marketing_submission_form", "marketing_submission", ["form_id", "at"])
    op.create_table(
        "marketing_message",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("mailing_id", Id),
        sa.Column("campaign_id", Id),
        sa.Column("registration_id", Id),
        sa.Column("template_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("taken_at", Instant),
        sa.Column("sent_at", Instant),
        sa.Column("bounced_at", Instant),
        sa.Column("replied_at", Instant),
        sa.Column("clicked_at", Instant),
        sa.Column("unsubscribed_at", Instant),
        sa.Column("interaction_id", Id),
        sa.Column("details", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_message"),
        sa.UniqueConstraint("mailing_id", "contact_id", name="uq_marketing_message_mailing"),
        sa.UniqueConstraint("token", name="uq_marketing_message_token"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_message_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_message_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_message_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_marketing_message_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["marketing_mailing.id"], name="fk_marketing_message_mailing_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["marketing_registration.id"],
            name="fk_marketing_message_registration_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["marketing_template.id"], name="fk_marketing_message_template_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_message_address", "marketing_message", ["address"])
    op.create_index("ix_marketing_message_contact", "marketing_message", ["contact_id", "sent_at"])
    op.create_index("ix_marketing_message_interaction", "marketing_message", ["interaction_id"])
    op.create_index("ix_marketing_message_mailing", "marketing_message", ["mailing_id", "status"])
    op.create_index(
        "ix_marketing_message_sending",
        "marketing_message",
        ["taken_at"],
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_marketing_message_waiting",
        "marketing_message",
        ["mailing_id", "due_at", "id"],
        sqlite_where=sa.text("status IN ('queued', 'deferred')"),
        postgresql_where=sa.text("status IN ('queued', 'deferred')"),
    )
    op.create_table(
        "marketing_handout",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("material_id", Id, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("at", Instant),
        sa.Column("user_id", Id),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("campaign_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("message_id", Id),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_handout"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["marketing_campaign.id"], name="fk_marketing_handout_campaign_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_handout_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_marketing_handout_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_marketing_handout_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["marketing_material.id"], name="fk_marketing_handout_material_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["marketing_message.id"], name="fk_marketing_handout_message_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_marketing_handout_user_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_handout_campaign", "marketing_handout", ["campaign_id"])
    op.create_index("ix_marketing_handout_contact", "marketing_handout", ["contact_id", "at"])
    op.create_index("ix_marketing_handout_customer", "marketing_handout", ["customer_id"])
    op.create_index("ix_marketing_handout_interaction", "marketing_handout", ["interaction_id"])
    op.create_index("ix_marketing_handout_material", "marketing_handout", ["material_id", "contact_id", "at"])
    op.create_table(
        "marketing_received",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("at", Instant),
        sa.Column("read_at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("mailbox_id", Id),
        sa.Column("message_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("interaction_id", Id),
        sa.Column("details", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marketing_received"),
        sa.UniqueConstraint("external_id", name="uq_marketing_received_external_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_marketing_received_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_marketing_received_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["marketing_mailbox.id"], name="fk_marketing_received_mailbox_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["marketing_message.id"], name="fk_marketing_received_message_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_marketing_received_contact", "marketing_received", ["contact_id"])
    op.create_index("ix_marketing_received_interaction", "marketing_received", ["interaction_id"])
    op.create_index("ix_marketing_received_kind", "marketing_received", ["kind", "id"])
    op.create_index("ix_marketing_received_mailbox", "marketing_received", ["mailbox_id", "kind"])
    op.create_index("ix_marketing_received_message", "marketing_received", ["message_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("marketing_received")
    op.drop_table("marketing_handout")
    op.drop_table("marketing_message")
    op.drop_table("marketing_submission")
    op.drop_table("marketing_registration")
    op.drop_table("marketing_qualification")
    op.drop_table("marketing_answer")
    op.drop_table("marketing_visit")
    op.drop_table("marketing_touch")
    op.drop_table("marketing_survey")
    op.drop_table("marketing_spend")
    op.drop_table("marketing_placement")
    op.drop_table("marketing_member")
    op.drop_table("marketing_mailing")
    op.drop_table("marketing_form")
    op.drop_table("marketing_event")
    op.drop_table("marketing_score")
    op.drop_table("marketing_programme_play")
    op.drop_table("marketing_campaign")
    op.drop_table("marketing_visitor")
    op.drop_table("marketing_template")
    op.drop_table("marketing_score_model")
    op.drop_table("marketing_programme")
    op.drop_table("marketing_pace")
    op.drop_table("marketing_material")
    op.drop_table("marketing_mailbox")
    op.drop_table("marketing_audience")
