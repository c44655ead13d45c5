"""One log of everything that happens: recording it, taps and marks, who did it."""
