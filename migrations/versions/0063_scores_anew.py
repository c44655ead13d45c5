"""Scores are counted anew by the rule of today, and who failed where no score is shown has handed in.

Revision ID: 0063
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op

from services.core import clock

revision = '0063'
down_revision = '0061'


def upgrade() -> None:
    """Put the job there that counts, where there is something to count; hold results that complete their steps."""
    put = sa.text(
        'INSERT INTO jobs (kind, key, due_at, holder, attempts, problem) '
        "SELECT 'scores anew', '', :now, '', 0, '' WHERE EXISTS (SELECT 1 FROM attempts)"
    )
    # as the models write it: a job is deleted by the moment at which it was due
    op.execute(put.bindparams(sa.bindparam('now', clock.now(), sa.DateTime(timezone=True))))
    op.execute(
        'UPDATE attempts SET is_held = true WHERE is_passed = false AND is_practice = false '
        "AND checkpoint_id IN (SELECT checkpoint_id FROM quizzes WHERE shows_score = 'never') "
        'AND NOT EXISTS (SELECT 1 FROM progress WHERE progress.user_id = attempts.user_id '
        'AND progress.checkpoint_id = attempts.checkpoint_id AND progress.completed_at IS NOT NULL)'
    )


def downgrade() -> None:
    """Leave scores as they are."""
    op.execute("DELETE FROM jobs WHERE kind = 'scores anew'")
