"""Data plans: the strategy of a TWG, its actions, what pays for them, what its task forces deliver (S14, S23-S28)."""
