"""Answers that ask for deletion are found at once, and old colleagues are known to have been here.

When somebody was last seen was not filled in for whoever had signed in before that was kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_turns_asks_deletion",
        "turns",
        ["interview_id"],
        sqlite_where=sa.text("json_extract(assessment, '$.kind') = 'wants_deletion'"),
        postgresql_where=sa.text("(assessment ->> 'kind') = 'wants_deletion'"),
    )
    # In one pass over the log, which has no index by person and may be long.
    seen = op.get_bind().execute(
        sa.text("SELECT user_id, max(at) FROM audit WHERE user_id IS NOT NULL GROUP BY user_id")
    )
    for user_id, at in seen.all():
        op.get_bind().execute(
            sa.text("UPDATE users SET last_seen_at = :at WHERE id = :id AND last_seen_at IS NULL"),
            {"at": at, "id": user_id},
        )
