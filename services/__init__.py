"""Every rule of the product. Knows no screen and no web framework."""
