"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import (
    TRAITS,
    AttemptState,
    Change,
    CheckpointKind,
    DeviceClass,
    DeviceKind,
    MailKind,
    MailSecurity,
    Mode,
    NameDisplay,
    Reveal,
    Role,
    Scope,
    Verb,
)

__all__ = [
    'TRAITS',
    'AttemptState',
    'Change',
    'CheckpointKind',
    'DeviceClass',
    'DeviceKind',
    'MailKind',
    'MailSecurity',
    'Mode',
    'NameDisplay',
    'Reveal',
    'Role',
    'Scope',
    'Verb',
]
