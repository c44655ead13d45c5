"""The same services for clients: REST under `/api`, and Socket.IO."""
