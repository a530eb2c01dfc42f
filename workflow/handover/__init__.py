"""Hand-over: who keeps a profile up to date, what they are given for it, what they still lack (S21, S46)."""
