"""Pages of parents, and what others see of them."""
