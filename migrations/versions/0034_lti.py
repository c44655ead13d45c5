"""Learning management systems that open Waymark: registrations, launches, links, grades out and class lists.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'

TABLES = (
    'lti_members',
    'lti_scores',
    'lti_links',
    'lti_places',
    'lti_identities',
    'lti_logins',
    'lti_platforms',
)


def upgrade() -> None:
    """No platform is registered yet."""
    op.create_table(
        'lti_platforms',
        _id(),
        _text('name', 80),
        _text('issuer', 255),
        _text('client_id', 255),
        sa.Column('deployments', sa.JSON(), nullable=False),
        _text('auth_login_url', 1000),
        _text('auth_token_url', 1000),
        _text('key_set_url', 1000),
        sa.Column('makes_instructors', sa.Boolean(), nullable=False),
        sa.Column('is_on', sa.Boolean(), nullable=False),
        _moment('created_at'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('issuer', 'client_id'),
    )
    op.create_table(
        'lti_logins',
        _id(),
        sa.Column('platform_id', sa.Integer(), nullable=False),
        _text('state_hash', 64),
        _text('nonce_hash', 64),
        _text('browser_hash', 64),
        sa.Column('ticket_hash', sa.String(length=64), nullable=True),
        sa.Column('claims', sa.JSON(), nullable=True),
        sa.Column('user_id', sa.Integer(), nullable=True),
        _moment('created_at'),
        _platform(),
        _user(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('state_hash'),
        sa.UniqueConstraint('ticket_hash'),
    )
    _index('lti_logins', 'platform_id', 'user_id', 'created_at')
    op.create_table(
        'lti_identities',
        _id(),
        _text('issuer', 255),
        _text('subject', 255),
        sa.Column('user_id', sa.Integer(), nullable=False),
        _moment('made_at'),
        _user(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('issuer', 'subject'),
    )
    _index('lti_identities', 'user_id')
    op.create_table(
        'lti_places',
        _id(),
        _text('key', 43),
        sa.Column('platform_id', sa.Integer(), nullable=False),
        _text('context_id', 255),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=True),
        sa.Column('in_class', sa.Boolean(), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=True),
        _moment('made_at'),
        _platform(),
        *_target(),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('key'),
    )
    _index('lti_places', 'platform_id', 'course_id', 'checkpoint_id', 'made_by')
    op.create_table(
        'lti_links',
        _id(),
        sa.Column('platform_id', sa.Integer(), nullable=False),
        _text('deployment_id', 255),
        _text('resource_link_id', 255),
        _text('context_id', 255),
        _text('context_title', 200),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=True),
        sa.Column('in_class', sa.Boolean(), nullable=False),
        _text('line_item', 1000),
        _text('line_items', 1000),
        sa.Column('scopes', sa.JSON(), nullable=False),
        _text('roster', 1000),
        _moment('seen_at'),
        _platform(),
        *_target(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('platform_id', 'deployment_id', 'resource_link_id'),
    )
    _index('lti_links', 'course_id', 'checkpoint_id')
    op.create_table(
        'lti_scores',
        _id(),
        sa.Column('link_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        _moment('due_at', may_be_empty=True),
        sa.Column('moved', sa.Integer(), nullable=False),
        sa.Column('sent', sa.JSON(), nullable=True),
        _moment('sent_at', may_be_empty=True),
        _text('holder', 32),
        _moment('lease_until', may_be_empty=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        _text('problem', 280),
        _moment('failed_since', may_be_empty=True),
        sa.ForeignKeyConstraint(['link_id'], ['lti_links.id'], ondelete='CASCADE'),
        _user(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('link_id', 'user_id'),
    )
    _index('lti_scores', 'user_id', 'due_at')
    op.create_table(
        'lti_members',
        _id(),
        sa.Column('platform_id', sa.Integer(), nullable=False),
        _text('context_id', 255),
        _text('subject', 255),
        sa.Column('user_id', sa.Integer(), nullable=False),
        _moment('seen_at'),
        _moment('left_at', may_be_empty=True),
        _platform(),
        _user(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('platform_id', 'context_id', 'subject'),
    )
    _index('lti_members', 'user_id')


def downgrade() -> None:
    """Take it back: platforms have to be registered again, and people who only came from there cannot enter."""
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column('id', sa.Integer(), nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, may_be_empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=may_be_empty)


def _platform() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['platform_id'], ['lti_platforms.id'], ondelete='CASCADE')


def _user() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE')


def _target() -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='CASCADE'),
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f'ix_{table}_{column}', table, [column])
