"""The live classroom: classes, taps, and the board that every screen shows a part of."""
