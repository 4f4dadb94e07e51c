"""The part of Cloudflare's GraphQL schema that is served, made of the dimensions and figures that there are.

Names and units: developers.cloudflare.com/analytics/graphql-api/tutorials/querying-workers-metrics, and what clients of
the real API have found by introspection (`cpuTimeUs` of the sum, microseconds for all times).
"""

from __future__ import annotations

from typing import Final

from graphql import GraphQLFloat, GraphQLInt, GraphQLSchema, build_schema, specified_rules
from graphql.validation import VariablesInAllowedPositionRule

from localcloud.cloudflare.analytics.dimensions import DIMENSIONS
from localcloud.cloudflare.analytics.filters import ENDINGS
from localcloud.cloudflare.analytics.groups import EXTREMES, QUANTILES, SUMS

DATASET: Final = "workersInvocationsAdaptive"
_TYPE: Final = "AccountWorkersInvocationsAdaptive"
_FILTER: Final = f"{_TYPE}Filter_InputObject"

# Clients write `$account: string!` as in Cloudflare's examples, or `String!`: both are taken there in the same place.
RULES: Final = tuple(rule for rule in specified_rules if rule is not VariablesInAllowedPositionRule)


def schema() -> GraphQLSchema:
    """Without functions that answer: the default ones read dictionaries."""
    made = build_schema(_text())
    for scalar in (GraphQLInt, GraphQLFloat):
        made.type_map.setdefault(scalar.name, scalar)
    return made


def _text() -> str:
    orders = " ".join(f"{name}_ASC {name}_DESC" for name in DIMENSIONS)
    return f"""
        scalar string scalar Time scalar Date scalar uint64 scalar float64
        type Query {{ viewer: viewer }}
        type viewer {{ accounts(filter: AccountFilter_InputObject): [account!]! }}
        input AccountFilter_InputObject {{ accountTag: string }}
        type account {{
            accountTag: string!
            {DATASET}(filter: {_FILTER}, limit: uint64!, orderBy: [{_TYPE}OrderBy!]): [{_TYPE}!]!
        }}
        enum {_TYPE}OrderBy {{ {orders} }}
        input {_FILTER} {{ {_filters()} AND: [{_FILTER}!] OR: [{_FILTER}!] }}
        type {_TYPE} {{
            dimensions: {_TYPE}Dimensions sum: {_TYPE}Sum max: {_TYPE}Max min: {_TYPE}Min
            quantiles: {_TYPE}Quantiles avg: {_TYPE}Avg
        }}
        type {_TYPE}Dimensions {{ {" ".join(f"{name}: {_kind(name)}!" for name in DIMENSIONS)} }}
        type {_TYPE}Sum {{ {" ".join(f"{name}: uint64!" for name in SUMS)} }}
        type {_TYPE}Max {{ {" ".join(f"{name}: uint64!" for name in EXTREMES)} }}
        type {_TYPE}Min {{ {" ".join(f"{name}: uint64!" for name in EXTREMES)} }}
        type {_TYPE}Quantiles {{ {" ".join(f"{name}: float64!" for name in QUANTILES)} }}
        type {_TYPE}Avg {{ sampleInterval: float64! }}
    """


def _filters() -> str:
    return " ".join(
        f"{name}{ending}: {f'[{_kind(name)}!]' if ending.endswith('in') else _kind(name)}"
        for name in DIMENSIONS
        for ending in ENDINGS
    )


def _kind(dimension: str) -> str:
    return "Date" if dimension == "date" else "Time" if dimension.startswith("datetime") else "string"
