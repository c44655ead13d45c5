"""A course at one's own pace on screen."""
