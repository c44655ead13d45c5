"""Mails wait in a table until they are sent; the school has a mail server and an address; addresses are confirmed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'

MOMENT = sa.DateTime(timezone=True)
OF_SCHOOL = {
    'public_url': (sa.String(length=200), ''),
    'mail_host': (sa.String(length=253), ''),
    'mail_port': (sa.Integer(), '0'),
    'mail_security': (sa.String(length=24), 'starttls'),
    'mail_user': (sa.String(length=254), ''),
    'mail_password': (sa.String(length=1000), ''),
    'mail_sender': (sa.String(length=254), ''),
}
"""columns, with their types and what they hold at first"""


def upgrade() -> None:
    """No address counts as confirmed: of those that are here, nobody has shown that they are right."""
    op.create_table(
        'mails',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('address', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=16), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('holder', sa.String(length=32), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_mails_user_id'), 'mails', ['user_id'])
    op.create_index(op.f('ix_mails_due_at'), 'mails', ['due_at'])
    op.add_column('users', sa.Column('email_confirmed_at', MOMENT, nullable=True))
    for name, (kind, usual) in OF_SCHOOL.items():
        op.add_column('school_settings', sa.Column(name, kind, server_default=usual, nullable=False))


def downgrade() -> None:
    """Take it back."""
    for name in reversed(OF_SCHOOL):
        op.drop_column('school_settings', name)
    op.drop_column('users', 'email_confirmed_at')
    op.drop_table('mails')
