"""Programs: whose device a sign-in is and what a service may do; requests that can be repeated; what they tell of
films and documents; who is about to complete a course.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    """Programs."""
    op.add_column('sign_ins', sa.Column('kind', sa.String(length=24), server_default='browser', nullable=False))
    op.add_column('sign_ins', sa.Column('scope', sa.String(length=24), nullable=True))
    op.add_column('content_positions', sa.Column('spent_until', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'idempotent_requests',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('owner', sa.String(length=40), nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('owner', 'key'),
    )
    op.create_index('ix_idempotent_requests_created_at', 'idempotent_requests', ['created_at'])
    op.add_column('enrollments', sa.Column('completion_due_at', sa.DateTime(timezone=True), nullable=True))
    due = sa.text('completion_due_at IS NOT NULL')
    op.create_index('ix_enrollments_due', 'enrollments', ['id'], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    """Take it back: programs are signed out."""
    op.drop_index('ix_enrollments_due', 'enrollments')
    op.drop_column('enrollments', 'completion_due_at')
    op.drop_table('idempotent_requests')
    op.drop_column('content_positions', 'spent_until')
    op.execute("DELETE FROM sign_ins WHERE kind <> 'browser'")
    op.drop_column('sign_ins', 'scope')
    op.drop_column('sign_ins', 'kind')
