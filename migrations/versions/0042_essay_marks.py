"""Essays are graded by a rubric: each answer keeps what it got for each criterion.

Revision ID: 0042
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0040'


def upgrade() -> None:
    """No answer was graded by a rubric yet."""
    op.add_column('attempt_answers', sa.Column('marks', sa.JSON(), server_default='[]', nullable=False))


def downgrade() -> None:
    """Take it back; the points that were given stay."""
    op.drop_column('attempt_answers', 'marks')
