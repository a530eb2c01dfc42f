"""The ground floor: perform a transition, keep its history, tell those concerned. It knows no TWG."""
