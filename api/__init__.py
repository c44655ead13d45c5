"""The same services for programs: REST under `/api`, and Socket.IO."""
