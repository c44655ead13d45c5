"""The folders of a question bank, as Moodle writes them in one line."""

_CONTEXTS = frozenset({'$system$', '$category$', '$course$', '$module$', '$cat1$', 'top'})
_SLASH = '\ufdd0'
"""stands for a slash in a name; no text has this character"""


def category_of(path: str) -> str:
    """Return a path without where it hangs in Moodle; two slashes there are one in a name, and become a dash."""
    parts = [' '.join(part.split()) for part in path.replace('//', _SLASH).split('/')]
    while parts and parts[0].lower() in _CONTEXTS:
        parts.pop(0)
    return '/'.join(part.replace(_SLASH, '–') for part in parts if part)
