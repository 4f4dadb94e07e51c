"""Reads price tables: the lab's own and those that a user adds. prices.toml explains the form."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from lab.cost.fleet import DEMANDS, MEMORY
from lab.cost.measures import VOCABULARY
from lab.cost.meter import UNIT_MEASURES
from lab.cost.prices import Option, Platform, Price, Prices, Size, Tier, Units, Use
from lab.errors import InvalidPricesError

PRICES: Final = Path(__file__).with_name("prices.toml")

T = TypeVar("T")
Entry = Mapping[str, Any]


def read_prices(more: Sequence[Path] = ()) -> Prices:
    """The lab's own table and `more`, in their order: a later entry of the same name or id takes the earlier one's
    place. Raises InvalidPricesError with the file, the entry and what is valid.
    """
    platforms: dict[str, Platform] = {}
    prices: dict[str, Price] = {}
    units: dict[tuple[str, tuple[str, ...]], Units] = {}
    options: dict[str, Option] = {}
    for path in (PRICES, *more):
        table = _Table(path)
        for name, entry in table.tables("platform").items():
            platforms[name] = table.made(Platform, f"platform {name}", {**entry, "name": name})
        for name, entry in table.tables("option").items():
            options[name] = table.made(Option, f"option {name}", {**entry, "name": name})
        for entry in table.entries("units"):
            one = table.units(entry)
            units[one.name, one.platforms] = one
        for entry in table.entries("price"):
            price = table.price(entry)
            prices[price.id] = price
    merged = Prices(
        platforms=MappingProxyType(platforms),
        prices=tuple(prices.values()),
        units=tuple(units.values()),
        options=MappingProxyType(options),
    )
    _check(merged)
    return merged


class _Table:
    """One file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._tables = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except OSError as error:
            raise InvalidPricesError(f"the price table {path} cannot be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidPricesError(f"the price table {path} is no TOML: {error}") from None
        valid = ("platform", "option", "units", "price")
        if unknown := sorted(self._tables.keys() - set(valid)):
            raise self._error("the file", f"unknown: {', '.join(unknown)}; a price table has {', '.join(valid)}")

    def tables(self, name: str) -> Mapping[str, Entry]:
        found = self._tables.get(name, {})
        if not isinstance(found, dict) or not all(isinstance(entry, dict) for entry in found.values()):
            raise self._error(name, f"must be tables, [{name}.NAME]")
        return found

    def entries(self, name: str) -> Sequence[Entry]:
        found = self._tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self._error(name, f"must be a list of tables, [[{name}]]")
        return found

    def price(self, entry: Entry) -> Price:
        where = f"price {entry.get('id', '(without id)')}"
        made = dict(entry)
        made["tiers"] = tuple(self.made(Tier, f"{where}, tiers", tier) for tier in self._list(where, made, "tiers"))
        made["uses"] = tuple(self.made(Use, f"{where}, uses", use) for use in self._list(where, made, "uses"))
        return self.made(Price, where, made)

    def units(self, entry: Entry) -> Units:
        where = f"units {entry.get('name', '(without name)')}"
        sizes = []
        for size in self._list(where, dict(entry), "sizes"):
            holds = {key: self._decimal(where, key, value) for key, value in size.items() if key != "name"}
            if unknown := sorted(holds.keys() - DEMANDS.keys() - {MEMORY}):
                raise self._error(where, f"a size holds {', '.join((*DEMANDS, MEMORY))}, not {', '.join(unknown)}")
            if any(value <= 0 for value in holds.values()):
                raise self._error(where, "what a size holds must be over 0")
            sizes.append(Size(name=str(size.get("name", "")), holds=MappingProxyType(holds)))
        return self.made(Units, where, {**entry, "sizes": tuple(sizes)})

    def made(self, kind: Callable[..., T], where: str, entry: Entry) -> T:
        """One dataclass of an entry, each field as its annotation says."""
        known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
        if unknown := sorted(entry.keys() - known.keys()):
            raise self._error(where, f"unknown: {', '.join(unknown)}; valid: {', '.join(known)}")
        needed = [name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
        if missing := [name for name in needed if name not in entry]:
            raise self._error(where, f"missing: {', '.join(missing)}")
        return kind(**{name: self._value(where, name, str(known[name].type), value) for name, value in entry.items()})

    def _value(self, where: str, name: str, kind: str, value: object) -> object:
        if kind.startswith("Decimal"):
            return self._decimal(where, name, value)
        if kind.startswith("datetime.date"):
            if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
                return value
            raise self._error(where, f"{name} is {value!r}; a date is written 2026-09-24, without quotes")
        if kind == "bool":
            if isinstance(value, bool):
                return value
            raise self._error(where, f"{name} is {value!r}; valid: true, false")
        if kind == "tuple[str, ...]":
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return tuple(value)
            raise self._error(where, f"{name} is {value!r}; it is a list of texts")
        if kind in _CLOSED:
            if value in _CLOSED[kind]:
                return value
            raise self._error(where, f"{name} is {value!r}; valid: {', '.join(_CLOSED[kind])}")
        if kind.startswith("str") and not isinstance(value, str):
            raise self._error(where, f"{name} is {value!r}; it is a text")
        return value

    def _decimal(self, where: str, name: str, value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self._error(where, f"{name} is {value!r}; it is a number")
        return Decimal(value)

    def _list(self, where: str, entry: dict[str, Any], name: str) -> Sequence[Entry]:
        found = entry.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self._error(where, f"{name} is a list of tables")
        return found

    def _error(self, where: str, message: str) -> InvalidPricesError:
        return InvalidPricesError(f"{self._path.name}, {where}: {message}")


_CLOSED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Kind": ("serverless", "always-on"),
        "Allowance": ("plan", "always", "first-year"),
        "Literal['month', 'day']": ("month", "day"),
        "Literal['hourly', 'peak', 'metered']": ("hourly", "peak", "metered"),
    }
)


def _check(prices: Prices) -> None:
    # What one entry says of another.
    for platform in prices.platforms.values():
        if platform.like:
            _platforms(f"the platform {platform.name}", (platform.like,), prices)
    for units in prices.units:
        _platforms(f"the units {units.name}", units.platforms, prices)
    for price in prices.prices:
        where = f"the price {price.id}"
        _platforms(where, price.platforms, prices)
        for use in price.uses:
            if unknown := sorted({*price.only, *price.unless, *use.only, *use.unless} - prices.options.keys()):
                raise InvalidPricesError(
                    f"{where} depends on {', '.join(unknown)}; options are {', '.join(prices.options)}"
                )
            valid = VOCABULARY if use.units is None else UNIT_MEASURES
            if use.measure not in valid:
                raise InvalidPricesError(f"{where} uses the measure {use.measure!r}; valid: {', '.join(valid)}")
            if use.when is not None and use.when not in VOCABULARY:
                raise InvalidPricesError(f"{where} is charged when {use.when!r}; valid: {', '.join(VOCABULARY)}")
            if use.step is not None and (use.step <= 0 or use.units is not None or not VOCABULARY[use.measure].step):
                raise InvalidPricesError(f"{where}: {use.measure} cannot be rounded up in steps of {use.step}")
            if use.units is not None:
                for name in prices.having(price.platforms):
                    prices.fleet(name, use.units)


def _platforms(where: str, names: Sequence[str], prices: Prices) -> None:
    shared = {share for platform in prices.platforms.values() for share in platform.shares}
    if unknown := [name for name in names if name not in prices.platforms.keys() | shared]:
        raise InvalidPricesError(
            f"{where} names {', '.join(unknown)}; the platforms are {', '.join(prices.platforms)}"
            f" and what they share {', '.join(sorted(shared))}"
        )
