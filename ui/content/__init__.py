"""Videos and documents on screen, and the files behind them."""
