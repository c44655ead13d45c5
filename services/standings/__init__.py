"""How far learners are, for themselves and for those who teach them."""
