"""A course with its videos, documents and captions as one ZIP file: packed while it is sent, unpacked with distrust."""
