"""The tables of the call centre, written from `crmcore_callcenter.tables`."""

import sqlalchemy as sa
from alembic import op

from crmcore.api import Id, Instant, Json

revision = "callcenter_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "callcenter_call_queue",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("numbers", Json, nullable=False),
        sa.Column("answer_seconds", sa.Integer, nullable=False),
        sa.Column("callback_minutes", sa.Integer, nullable=False),
        sa.Column("manager_id", Id),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_call_queue"),
        sa.UniqueConstraint("code", name="uq_callcenter_call_queue_code"),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["user_account.id"], name="fk_callcenter_call_queue_manager_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "callcenter_joined",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("batch_id", Id, nullable=False),
        sa.Column("was_id", Id, nullable=False),
        sa.Column("into_id", Id, nullable=False),
        sa.Column("heard", Json, nullable=False),
        sa.Column("keys", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_joined"),
    )
    op.create_index("ix_callcenter_joined_batch", "callcenter_joined", ["batch_id"])
    op.create_table(
        "callcenter_phone_line",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("dial", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("dial_as", sa.Text, nullable=False),
        sa.Column("dial_prefix", sa.Text, nullable=False),
        sa.Column("own_numbers", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_phone_line"),
        sa.UniqueConstraint("code", name="uq_callcenter_phone_line_code"),
    )
    op.create_table(
        "callcenter_script",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("opening", sa.Text, nullable=False),
        sa.Column("closing", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_script"),
        sa.UniqueConstraint("code", name="uq_callcenter_script_code"),
    )
    op.create_table(
        "callcenter_wrap_code",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("follow_days", sa.Integer),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_wrap_code"),
        sa.UniqueConstraint("code", name="uq_callcenter_wrap_code_code"),
    )
    op.create_table(
        "callcenter_call",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("from_number", sa.Text, nullable=False),
        sa.Column("from_normal", sa.Text, nullable=False),
        sa.Column("from_name", sa.Text, nullable=False),
        sa.Column("to_number", sa.Text, nullable=False),
        sa.Column("to_normal", sa.Text, nullable=False),
        sa.Column("queue_id", Id),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("queued_at", Instant),
        sa.Column("answered_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("seconds", sa.Integer),
        sa.Column("talk_seconds", sa.Integer),
        sa.Column("hold_seconds", sa.Integer, nullable=False),
        sa.Column("wait_seconds", sa.Integer),
        sa.Column("transfers", sa.Integer, nullable=False),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("abandoned", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recording", sa.Text, nullable=False),
        sa.Column("wrap_code_id", Id),
        sa.Column("wrapped_at", Instant),
        sa.Column("interaction_id", Id),
        sa.Column("custom", Json, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_call"),
        sa.UniqueConstraint("interaction_id", name="uq_callcenter_call_interaction"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_callcenter_call_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_callcenter_call_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interaction.id"], name="fk_callcenter_call_interaction_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_callcenter_call_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["callcenter_call_queue.id"], name="fk_callcenter_call_queue_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["wrap_code_id"], ["callcenter_wrap_code.id"], name="fk_callcenter_call_wrap_code_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_call_contact", "callcenter_call", ["contact_id", "started_at"])
    op.create_index("ix_callcenter_call_customer", "callcenter_call", ["customer_id", "started_at"])
    op.create_index("ix_callcenter_call_from", "callcenter_call", ["from_normal", "started_at"])
    op.create_index(
        "ix_callcenter_call_going_on",
        "callcenter_call",
        ["started_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_callcenter_call_owner", "callcenter_call", ["owner_id", "started_at"])
    op.create_index("ix_callcenter_call_queue", "callcenter_call", ["queue_id", "started_at"])
    op.create_index("ix_callcenter_call_started", "callcenter_call", ["started_at", "id"])
    op.create_index("ix_callcenter_call_to", "callcenter_call", ["to_normal", "started_at"])
    op.create_table(
        "callcenter_call_agent",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("user_id", Id),
        sa.Column("extension", sa.Text, nullable=False),
        sa.Column("devices", Json, nullable=False),
        sa.Column("line_id", Id),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_call_agent"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["callcenter_phone_line.id"], name="fk_callcenter_call_agent_line_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_callcenter_call_agent_user_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_call_agent_extension", "callcenter_call_agent", ["extension"])
    op.create_index("ix_callcenter_call_agent_user", "callcenter_call_agent", ["user_id"])
    op.create_table(
        "callcenter_calling_list",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("script_id", Id),
        sa.Column("most_attempts", sa.Integer, nullable=False),
        sa.Column("retry_minutes", sa.Integer, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_calling_list"),
        sa.UniqueConstraint("code", name="uq_callcenter_calling_list_code"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_callcenter_calling_list_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["callcenter_script.id"], name="fk_callcenter_calling_list_script_id", ondelete="SET NULL"
        ),
    )
    op.create_table(
        "callcenter_hearing",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("line_id", Id, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("heard_at", Instant),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("cuts", sa.Integer, nullable=False),
        sa.Column("p50_ms", sa.Integer, nullable=False),
        sa.Column("p95_ms", sa.Integer, nullable=False),
        sa.Column("most_ms", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_hearing"),
        sa.UniqueConstraint("line_id", name="uq_callcenter_hearing_line"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["callcenter_phone_line.id"], name="fk_callcenter_hearing_line_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "callcenter_call_key",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("call_id", Id, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_call_key"),
        sa.UniqueConstraint("system", "value", name="uq_callcenter_call_key_value"),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["callcenter_call.id"],
            name="fk_callcenter_call_key_call_id",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_callcenter_call_key_call", "callcenter_call_key", ["call_id"])
    op.create_table(
        "callcenter_callback",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("call_id", Id),
        sa.Column("queue_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("normal", sa.Text, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("taken_at", Instant),
        sa.Column("next_at", Instant),
        sa.Column("done_at", Instant),
        sa.Column("done_call_id", Id),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_callback"),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_callback_call_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_callcenter_callback_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_callcenter_callback_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["done_call_id"], ["callcenter_call.id"], name="fk_callcenter_callback_done_call_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_callcenter_callback_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["callcenter_call_queue.id"], name="fk_callcenter_callback_queue_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_callback_contact", "callcenter_callback", ["contact_id"])
    op.create_index("ix_callcenter_callback_customer", "callcenter_callback", ["customer_id"])
    op.create_index("ix_callcenter_callback_normal", "callcenter_callback", ["normal"])
    op.create_index("ix_callcenter_callback_open", "callcenter_callback", ["status", "due_at"])
    op.create_table(
        "callcenter_heard",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("call_id", Id, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Instant),
        sa.Column("data", Json, nullable=False),
        sa.Column("batch_id", Id),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_heard"),
        sa.UniqueConstraint("call_id", "source", "key", name="uq_callcenter_heard_key"),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_heard_call_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "callcenter_leg",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("call_id", Id, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agent_id", Id),
        sa.Column("user_id", Id),
        sa.Column("rang_at", Instant),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("transfer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_leg"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["callcenter_call_agent.id"], name="fk_callcenter_leg_agent_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_leg_call_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_callcenter_leg_user_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_leg_agent", "callcenter_leg", ["agent_id", "rang_at"])
    op.create_index("ix_callcenter_leg_call", "callcenter_leg", ["call_id", "place"])
    op.create_table(
        "callcenter_list_entry",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("list_id", Id, nullable=False),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("normal", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("owner_id", Id),
        sa.Column("taken_at", Instant),
        sa.Column("next_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("call_id", Id),
        sa.Column("details", Json, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("batch_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_list_entry"),
        sa.UniqueConstraint("list_id", "contact_id", name="uq_callcenter_list_entry_contact"),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_list_entry_call_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_callcenter_list_entry_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_callcenter_list_entry_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["callcenter_calling_list.id"], name="fk_callcenter_list_entry_list_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_callcenter_list_entry_owner_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_list_entry_contact", "callcenter_list_entry", ["contact_id"])
    op.create_index("ix_callcenter_list_entry_next", "callcenter_list_entry", ["list_id", "status", "next_at", "id"])
    op.create_index("ix_callcenter_list_entry_normal", "callcenter_list_entry", ["normal"])
    op.create_table(
        "callcenter_presence",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("call_id", Id),
        sa.Column("from_at", Instant, nullable=False),
        sa.Column("until_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_presence"),
        sa.UniqueConstraint("agent_id", "from_at", name="uq_callcenter_presence_agent"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["callcenter_call_agent.id"], name="fk_callcenter_presence_agent_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_presence_call_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_presence_call", "callcenter_presence", ["call_id"])
    op.create_index("ix_callcenter_presence_until", "callcenter_presence", ["agent_id", "until_at"])
    op.create_table(
        "callcenter_presence_call",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("call_id", Id, nullable=False),
        sa.Column("rang_at", Instant, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("wraps", sa.Boolean, nullable=False),
        sa.Column("wrapped_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_presence_call"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["callcenter_call_agent.id"], name="fk_callcenter_presence_call_agent_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_callcenter_presence_call_agent", "callcenter_presence_call", ["agent_id", "ended_at"])
    op.create_index("ix_callcenter_presence_call_call", "callcenter_presence_call", ["call_id"])
    op.create_table(
        "callcenter_presence_mark",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_presence_mark"),
        sa.UniqueConstraint("agent_id", "source", "key", name="uq_callcenter_presence_mark_key"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["callcenter_call_agent.id"], name="fk_callcenter_presence_mark_agent_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_callcenter_presence_mark_agent", "callcenter_presence_mark", ["agent_id", "queue", "at"])
    op.create_table(
        "callcenter_queue_member",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("queue_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("penalty", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_queue_member"),
        sa.UniqueConstraint("queue_id", "agent_id", name="uq_callcenter_queue_member_queue"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["callcenter_call_agent.id"], name="fk_callcenter_queue_member_agent_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["callcenter_call_queue.id"], name="fk_callcenter_queue_member_queue_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "callcenter_script_run",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("script_id", Id),
        sa.Column("list_id", Id),
        sa.Column("call_id", Id),
        sa.Column("contact_id", Id),
        sa.Column("customer_id", Id),
        sa.Column("owner_id", Id),
        sa.Column("at", Instant, nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("record_id", Id),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callcenter_script_run"),
        sa.ForeignKeyConstraint(
            ["call_id"], ["callcenter_call.id"], name="fk_callcenter_script_run_call_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_callcenter_script_run_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_callcenter_script_run_customer_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["callcenter_calling_list.id"], name="fk_callcenter_script_run_list_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name="fk_callcenter_script_run_owner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["callcenter_script.id"], name="fk_callcenter_script_run_script_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_callcenter_script_run_contact", "callcenter_script_run", ["contact_id", "at"])
    op.create_index("ix_callcenter_script_run_list", "callcenter_script_run", ["list_id", "at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("callcenter_script_run")
    op.drop_table("callcenter_queue_member")
    op.drop_table("callcenter_presence_mark")
    op.drop_table("callcenter_presence_call")
    op.drop_table("callcenter_presence")
    op.drop_table("callcenter_list_entry")
    op.drop_table("callcenter_leg")
    op.drop_table("callcenter_heard")
    op.drop_table("callcenter_callback")
    op.drop_table("callcenter_call_key")
    op.drop_table("callcenter_hearing")
    op.drop_table("callcenter_calling_list")
    op.drop_table("callcenter_call_agent")
    op.drop_table("callcenter_call")
    op.drop_table("callcenter_wrap_code")
    op.drop_table("callcenter_script")
    op.drop_table("callcenter_phone_line")
    op.drop_table("callcenter_joined")
    op.drop_table("callcenter_call_queue")
