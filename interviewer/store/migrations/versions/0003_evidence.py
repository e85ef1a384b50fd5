"""Keep what people say of evidence: review, redaction, release, merged subjects; and what the library and API need."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    op.create_table(
        "merged_subjects",
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("alias", name="pk_merged_subjects"),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_views_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
    )
    with op.batch_alter_table("saved_views") as table:
        table.create_index("ix_saved_views_user_id", ["user_id"], unique=False)

    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_changes_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    with op.batch_alter_table("changes") as table:
        table.create_index("ix_changes_interview_id", ["interview_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_documents_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("kind", "ref", name="uq_documents_kind_ref"),
    )
    with op.batch_alter_table("documents") as table:
        table.create_index("ix_documents_interview_id", ["interview_id"], unique=False)

    op.create_table(
        "redactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_redactions_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_redactions_turn_id_turns", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_redactions"),
        sa.UniqueConstraint("turn_id", "start", "end", name="uq_redactions_turn_id_start_end"),
    )
    with op.batch_alter_table("redactions") as table:
        table.create_index("ix_redactions_interview_id", ["interview_id"], unique=False)
        table.create_index("ix_redactions_turn_id", ["turn_id"], unique=False)

    op.create_table(
        "translations",
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("words_digest", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_translations_turn_id_turns", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", "language", name="pk_translations"),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_releases_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name="fk_releases_quote_id_quotes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sa.UniqueConstraint("quote_id", "audience", name="uq_releases_quote_id_audience"),
    )
    with op.batch_alter_table("releases") as table:
        table.create_index("ix_releases_audience", ["audience"], unique=False)
        table.create_index("ix_releases_interview_id", ["interview_id"], unique=False)
        table.create_index("ix_releases_quote_id", ["quote_id"], unique=False)

    with op.batch_alter_table("analysis_steps") as table:
        table.add_column(sa.Column("changes", sa.JSON(), nullable=True))

    with op.batch_alter_table("interviews") as table:
        table.add_column(sa.Column("mode", sa.String(), server_default="ai", nullable=False))
        table.add_column(sa.Column("conducted_by", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("consent", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("source_id", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("audiences", sa.JSON(), nullable=True))
        table.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reviewed_by", sa.String(), server_default=sa.text("''"), nullable=False))
        table.create_index("ix_interviews_mode", ["mode"], unique=False)
        table.create_index("ix_interviews_source_id", ["source_id"], unique=False)

    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("body", sa.JSON(), nullable=True))
        table.add_column(sa.Column("key", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("review", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("reviewed_by", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("machine_text", sa.String(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("tags") as table:
        table.add_column(sa.Column("review", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("reviewed_by", sa.String(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
