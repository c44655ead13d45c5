"""The pages; `register` declares them all. Their order does not matter, but the catch-all page comes last."""

from ui.pages import (
    account,
    attendance,
    course_editor,
    courses,
    goals,
    home,
    learn,
    live,
    not_found,
    notes,
    own_class,
    people,
    preview,
    projector,
    replay,
    school,
    sign_in,
    study_time,
)


def register() -> None:
    """Declare every page."""
    home.create()
    sign_in.create()
    own_class.create()
    learn.create()
    live.create()
    projector.create()
    courses.create()
    course_editor.create()
    attendance.create()
    people.create()
    study_time.create()
    replay.create()
    account.create()
    preview.create()
    school.create()
    goals.create()
    notes.create()
    not_found.create()  # matches every address, so it comes last
