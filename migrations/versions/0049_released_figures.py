"""Figures of the whole school, drawn once with noise.

Revision ID: 0049
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0048'


def upgrade() -> None:
    """Nothing was drawn so far; the first ones are drawn when the server starts."""
    op.create_table(
        'released_figures',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('figure', sa.String(length=24), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False, autoincrement=False),
        sa.Column('value', sa.Integer(), nullable=True),
        sa.Column('rough', sa.String(length=8), nullable=False),
        sa.Column('epsilon', sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint('day', 'figure', 'course_id'),
    )


def downgrade() -> None:
    """Forget what was drawn."""
    op.drop_table('released_figures')
