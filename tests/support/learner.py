"""A learner in front of their page of a class."""

from dataclasses import dataclass

from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from tests.factories.classes import ClassAtHand, CourseAtHand

RETRIES = 30


@dataclass(frozen=True, slots=True)
class Learner:
    """What they see, and what they do."""

    user: User

    async def opens(self, klass: ClassAtHand | CourseAtHand) -> None:
        await self.user.open(f'/class/{klass.course_id}')

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await self.user.should_see(text, retries=RETRIES)

    async def is_at(self, title: str) -> None:
        await self.user.should_see(f'>{title}</h1>', retries=RETRIES)

    @property
    def markers(self) -> list[ui.element]:
        """The big buttons that can be tapped now: one, or none."""
        elements = self.user.client.elements.values() if self.user.client else ()
        return [element for element in elements if 'marker' in element.classes and element.visible]

    def taps(self, *, marker: ui.element | None = None) -> ui.element:
        """Tap the big button, or one that was there before; returns it."""
        tapped = marker or self.markers[0]
        UserInteraction(self.user, {tapped}, None).trigger('change', [])
        return tapped

    def picks(self, checkpoint: int) -> None:
        """Pick a checkpoint from the list of all checkpoints."""
        elements = self.user.client.elements.values() if self.user.client else ()
        checkpoints = next(element for element in elements if element.tag == 'q-option-group')
        UserInteraction(self.user, {checkpoints}, None).trigger('update:modelValue', checkpoint)

    def takes_back(self) -> None:
        self.user.find('Undo').click()
