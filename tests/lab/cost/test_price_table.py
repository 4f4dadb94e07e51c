"""What the lab's own price table holds, and how tables that are wrong are refused."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from lab.cost.price_table import read_prices
from lab.errors import InvalidPricesError

PLATFORM = """
[platform.x]
title = "X"
kind = "serverless"
region = "r"
"""
PRICE = """
[[price]]
id = "x-calls"
platforms = ["x"]
dimension = "Calls"
unit = "calls"
tiers = [{ price = 1 }]
uses = [{ capability = "http_api", measure = "requests" }]
source = "https://x.example/"
date = 2026-01-01
verified = true
"""


def refused(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    with pytest.raises(InvalidPricesError) as raised:
        read_prices([path])
    return str(raised.value)


def test_every_price_has_a_source_and_what_was_not_seen_is_marked() -> None:
    prices = read_prices().prices
    day = datetime.date(2026, 11, 28)

    assert len(prices) > 50
    assert all(price.source.startswith("https://") for price in prices)
    assert {price.id for price in prices if not price.verified} == {
        price.id for price in prices if (price.doubt(day) or "").startswith("not verified")
    }
    assert all(
        (price.doubt(day) is not None) == (not price.verified or price.date < datetime.date(2025, 11, 28))
        for price in prices
        if price.date
    )


def test_a_price_grows_old_by_the_day_that_it_is_asked_for() -> None:
    [price] = [price for price in read_prices().prices if price.id == "lambda-requests"]

    assert price.date == datetime.date(2026, 9, 28)
    assert price.doubt(datetime.date(2027, 9, 28)) is None
    assert price.doubt(datetime.date(2027, 9, 29)) == "old: of 2026-09-28"


def test_a_price_of_one_s_own_takes_the_place_of_the_lab_s(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        PRICE.replace("x-calls", "lambda-requests").replace('["x"]', '["aws"]').replace("= 1 }", "= 0.123 }")
    )

    [price] = [price for price in read_prices([path]).prices if price.id == "lambda-requests"]

    assert price.tiers[0].price == Decimal("0.123")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("measure = ", "measured = ", "unknown: measured; valid: capability, measure"),
        ('measure = "requests"', 'measure = "calls"', "uses the measure 'calls'; valid: month, hours, requests"),
        ('measure = "requests"', 'measure = "month", step = 3', "month cannot be rounded up in steps of 3"),
        ('measure = "requests"', 'measure = "requests", step = 0', "requests cannot be rounded up in steps of 0"),
        ('measure = "requests"', 'measure = "unit_hours", units = "box"', "the platform x has no units called 'box'"),
        ('measure = "requests"', 'measure = "requests", when = "rain"', "is charged when 'rain'; valid: month"),
        ('measure = "requests"', 'measure = "requests", only = ["x87"]', "depends on x87; options are x86"),
        ('platforms = ["x"]', 'platforms = ["y"]', "names y; the platforms are aws"),
        ('"https://x.example/"', '"x.example"', "needs a source, an https:// address"),
        ("date = 2026-01-01", 'date = "January"', "a date is written 2026-09-24, without quotes"),
        ("date = 2026-01-01", "", "is verified, so it needs the date"),
        ("verified = true", 'verified = "yes"', "valid: true, false"),
        ("verified = true", "", "missing: verified"),
        ("{ price = 1 }", "{ price = 1, up_to = 5 }", "the last must not have it"),
        ("{ price = 1 }", "{ price = 1, up_to = 5 }, { price = 2, up_to = 5 }, { price = 3 }", "must grow"),
        ("{ price = 1 }", "{ price = -1 }", "must not be negative"),
        ("{ price = 1 }", '{ price = "1" }', "price is '1'; it is a number"),
        ("[{ price = 1 }]", "[]", "needs tiers, uses and platforms"),
        (
            'unit = "calls"',
            'unit = "calls"\nallowance = "mine"',
            "allowance is 'mine'; valid: plan, always, first-year",
        ),
        ("[[price]]", "[[prices]]", "unknown: prices; a price table has platform, option, units, price"),
        ("[platform.x]", "[platform]", "must be tables, [platform.NAME]"),
        ("[[price]]", "[[price]", "is no TOML"),
    ],
)
def test_a_wrong_table_is_refused_with_what_would_be_right(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = PLATFORM + PRICE
    assert old in text

    assert says in refused(tmp_path, text.replace(old, new))


def test_units_hold_known_demands_only(tmp_path: Path) -> None:
    units = '[[units]]\nname = "box"\nplatforms = ["x"]\nsizes = [{ gpus = 1 }]\n'

    assert "a size holds cpu_cores, requests_per_second" in refused(tmp_path, PLATFORM + units)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidPricesError, match=r"none\.toml cannot be read"):
        read_prices([tmp_path / "none.toml"])
