"""A course with its films, documents and captions as one ZIP file: packed while it is sent, unpacked with distrust."""
