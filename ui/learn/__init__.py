"""Pages on which learners study a course at their own pace."""
