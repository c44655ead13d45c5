"""Courses as instructors build them: catalog, modules, checkpoints, import and export."""
