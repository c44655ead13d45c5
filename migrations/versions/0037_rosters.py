"""Lists of a whole school (OneRoster): who and what of them is who and what here.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'


def upgrade() -> None:
    """No list has been brought in yet."""
    op.create_table(
        'roster_people',
        *_known_as(),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        *_keys(),
    )
    op.create_index('ix_roster_people_user_id', 'roster_people', ['user_id'])
    op.create_table(
        'roster_classes',
        *_known_as(),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('school', sa.String(length=255), nullable=False),
        sa.Column('terms', sa.JSON(), nullable=False),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='CASCADE'),
        *_keys(),
    )
    op.create_index('ix_roster_classes_course_id', 'roster_classes', ['course_id'])
    op.create_table(
        'roster_places',
        *_known_as(),
        sa.Column('class_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(length=24), nullable=False),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['class_id'], ['roster_classes.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        *_keys(),
    )
    op.create_index('ix_roster_places_class_id', 'roster_places', ['class_id'])
    op.create_index('ix_roster_places_user_id', 'roster_places', ['user_id'])


def downgrade() -> None:
    """Take it back: people and courses stay, and the next list knows nobody."""
    for table in ('roster_places', 'roster_classes', 'roster_people'):
        op.drop_table(table)


def _known_as() -> tuple[sa.Column[int], sa.Column[str], sa.Column[str]]:
    return (
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(length=100), nullable=False),
        sa.Column('sourced_id', sa.String(length=255), nullable=False),
    )


def _keys() -> tuple[sa.PrimaryKeyConstraint, sa.UniqueConstraint]:
    return sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('source', 'sourced_id')
