"""What surrounds every page: frame, request, forms, security, assets."""
