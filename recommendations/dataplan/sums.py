"""What a data plan costs and what is found for it: pure functions (S26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Sum:
    """What is asked and found in one currency. No currency is ever added to another."""

    currency: str
    cost: Decimal
    by_status: Mapping[str, Decimal]

    @property
    def secured(self) -> Decimal:
        """What is approved or paid out: announced and requested is not yet money."""
        return sum((self.by_status.get(status, Decimal(0)) for status in SECURED), Decimal(0))

    @property
    def missing(self) -> Decimal:
        """What of the cost is not secured yet."""
        return max(self.cost - self.secured, Decimal(0))


SECURED = ("approved", "disbursed")
Amount = tuple[str, Decimal]  # currency, amount


def totals(costs: Iterable[Amount], commitments: Iterable[tuple[str, str, Decimal]]) -> list[Sum]:
    """Costs, and commitments (status, currency, amount), summed for each currency by itself, in alphabetical order."""
    cost: dict[str, Decimal] = defaultdict(Decimal)
    told: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for currency, amount in costs:
        cost[currency] += amount
    for status, currency, amount in commitments:
        told[currency][status] += amount
    known = sorted({*cost, *told})
    return [Sum(currency, cost[currency], dict(told[currency])) for currency in known]
