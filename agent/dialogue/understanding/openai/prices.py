"""What tokens cost. Prices are the operator's: vendors change theirs, and none is built in."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from agent.domain.errors import ConfigError

Price = tuple[Decimal, Decimal]
"""US dollars for a million tokens read, and for a million written."""
_MILLION = Decimal(1_000_000)


def read_prices(text: str | None, *, key: str) -> Mapping[str, Price]:
    """Read ``{"model": [0.15, 0.60]}``: dollars for a million tokens in and out. ConfigError names the setting.

    >>> read_prices('{"small": [0.15, 0.6]}', key="X")
    {'small': (Decimal('0.15'), Decimal('0.6'))}
    """
    if not text:
        return {}
    try:
        return {str(model): (_price(pair[0]), _price(pair[1])) for model, pair in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, LookupError, InvalidOperation):
        raise ConfigError('prices are a JSON object: {"model": [dollars in, dollars out]}', key=key) from None


def cost_of(price: Price | None, tokens_in: int | None, tokens_out: int | None) -> Decimal | None:
    """Return what a call cost in US dollars; None when the price or the tokens are not known."""
    if price is None or tokens_in is None or tokens_out is None:
        return None
    return (price[0] * tokens_in + price[1] * tokens_out) / _MILLION


def _price(value: object) -> Decimal:
    price = Decimal(str(value))
    if not price.is_finite() or price < 0:
        raise ValueError("a price")
    return price
