"""Instructors choose whether a course gives certificates.

Revision ID: 0069
Revises: 0068
"""

import sqlalchemy as sa
from alembic import op

revision = '0069'
down_revision = '0068'


def upgrade() -> None:
    """All courses that there are give them."""
    given = sa.Column('gives_certificates', sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column('courses', given)


def downgrade() -> None:
    """Take the choice back."""
    op.drop_column('courses', 'gives_certificates')
