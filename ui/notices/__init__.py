"""The inbox, and what people choose to be notified of."""
