"""Who came to a meeting: signed in, written down, brought in from lists; quorum and analyses (S18, S30)."""
