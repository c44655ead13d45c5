"""The closed lists of words that tables and screens share; screens know tables only through services."""

from models import CheckpointKind, NameDisplay, Role, Verb

__all__ = ['CheckpointKind', 'NameDisplay', 'Role', 'Verb']
