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
    op.execute(
        "UPDATE users SET last_seen_at = (SELECT max(audit.at) FROM audit WHERE audit.user_id = users.id) "
        "WHERE last_seen_at IS NULL"
    )
