"""Ballots: what institutions decide, by which rule, and how anybody can count it again (S08, S16, S34, S44)."""
