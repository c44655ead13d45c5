"""The field for the code with which a parent is linked to a child."""

from services.core.phrases import phrase
from ui.shell.forms import Field

PARENT_CODE = Field(
    name='code',
    label=phrase('Code for parents'),
    is_code=True,
    hint=phrase('Six characters, from your child or from the school. It is good once, for a week.'),
)
