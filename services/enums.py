"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import (
    TRAITS,
    AttemptState,
    CheckpointKind,
    DeviceKind,
    MailKind,
    MailSecurity,
    Mode,
    NameDisplay,
    Role,
    Scope,
    Verb,
)

__all__ = [
    'TRAITS',
    'AttemptState',
    'CheckpointKind',
    'DeviceKind',
    'MailKind',
    'MailSecurity',
    'Mode',
    'NameDisplay',
    'Role',
    'Scope',
    'Verb',
]
