"""What is shown of a second factor: the picture for the app, the field for its code, and the recovery codes."""

from collections.abc import Sequence
from html import escape

from services.accounts.set_up import SetUp
from services.core.phrases import phrase
from services.core.secrets import spell_code
from ui.kit.language import _
from ui.kit.qr_picture import secret_qr_html
from ui.shell.forms import Field

CODE = Field(
    name='code',
    label=phrase('Code that the app shows'),
    autocomplete='one-time-code',
    hint=phrase('Six digits.'),
    is_code=True,
)
EITHER_CODE = Field(
    name='code',
    label=phrase('Code'),
    autocomplete='one-time-code',
    hint=phrase('Six digits of the app, or one of your recovery codes. Have you lost both? Ask your school.'),
    is_code=True,
)


def set_up_html(draft: SetUp) -> str:
    """Return the picture that an authenticator app reads, and the same as text to type."""
    how = _('Open an authenticator app on your phone, add an account, and let it read this picture.')
    typed = _('Does it not read it? Type this key: {key}', key='\0')
    before, _key, after = (escape(part) for part in typed.partition('\0'))
    key = f'<b class="number" translate="no" dir="ltr">{escape(in_fours(draft.secret))}</b>'
    return f'<p class="body">{escape(how)}</p>{secret_qr_html(draft.address)}<p class="hint">{before}{key}{after}</p>'


def codes_html(codes: Sequence[str], target: str) -> str:
    """Return the page body with recovery codes, which are shown only now, and the way on."""
    why = _(
        'Each of these codes lets you in once when your phone is lost. They are shown only now: print them, or '
        'write them down, and keep them where your phone is not.'
    )
    listed = ''.join(f'<li class="number" translate="no" dir="ltr">{escape(spell_code(code))}</li>' for code in codes)
    return (
        f'<h1 class="title">{escape(_("Your recovery codes"))}</h1><p class="body">{escape(why)}</p>'
        f'<ul class="recovery-codes">{listed}</ul>'
        f'<a class="button-primary" href="{escape(target)}">{escape(_("I have kept them"))}</a>'
    )


def in_fours(secret: str) -> str:
    """Return a long key in groups, as people type it."""
    return ' '.join(secret[start : start + 4] for start in range(0, len(secret), 4))
