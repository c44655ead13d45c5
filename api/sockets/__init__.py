"""Socket.IO for clients: what happens in a class as it happens, and taps that need no request of their own."""
