"""Search documents by full text, and keep what the library filters by.

On SQLite an index of its own reads `documents` and is kept in step by triggers; a migration that rebuilds `documents`
has to make them anew. (No `secure-delete`: it makes a file that SQLite before 3.42 cannot read. Erasing merges the
index instead.) On PostgreSQL it is a stored column.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE VIRTUAL TABLE documents_fts USING fts5(
        search_text, content='documents', content_rowid='id', tokenize='ascii')""",
    """CREATE TRIGGER documents_fts_added AFTER INSERT ON documents BEGIN
        INSERT INTO documents_fts (rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    """CREATE TRIGGER documents_fts_removed AFTER DELETE ON documents BEGIN
        INSERT INTO documents_fts (documents_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    END""",
    """CREATE TRIGGER documents_fts_changed AFTER UPDATE ON documents BEGIN
        INSERT INTO documents_fts (documents_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
        INSERT INTO documents_fts (rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    "INSERT INTO documents_fts (documents_fts) VALUES ('rebuild')",
)
POSTGRES = (
    """ALTER TABLE documents ADD COLUMN search_fts tsvector
        GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple', search_text)) STORED""",
    "CREATE INDEX ix_documents_search_fts ON documents USING gin (search_fts)",
)


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("polarity", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_mentions_tag_id_tags", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_mentions_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name="fk_mentions_quote_id_quotes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", name="pk_mentions"),
    )
    op.create_index("ix_mentions_interview_id", "mentions", ["interview_id"])
    op.create_index("ix_mentions_quote_id", "mentions", ["quote_id"])
    for column in ("theme", "subject_key", "polarity"):
        op.create_index(f"ix_mentions_{column}_interview_id", "mentions", [column, "interview_id"])
    op.create_table(
        "rivals",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_rivals_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "key", name="pk_rivals"),
    )
    op.create_index("ix_rivals_key_interview_id", "rivals", ["key", "interview_id"])
    op.create_table(
        "holdings",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_holdings_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", name="pk_holdings"),
    )
    op.create_index("ix_documents_interview_id_kind", "documents", ["interview_id", "kind"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)
