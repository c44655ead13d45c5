"""The people of a course: joining it, class lists, groups, fields, merging."""
