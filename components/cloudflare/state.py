"""The capability "state" on Cloudflare: a D1 database, with its schema."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pulumi
import pulumi_cloudflare as cloudflare

from components.cloudflare.api import Api
from components.cloudflare.grant import Binding, Grant
from components.cloudflare.migrations import Migrations
from components.naming import D1_DATABASE, physical_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StateArgs:
    """`migrations` make the schema, by `api`."""

    account_id: str
    migrations: Migrations
    api: Api


class State(pulumi.ComponentResource):
    """A database for items by collection and key. It goes with its stack, and what is in it.

    Its schema is brought up to date by a hook of the script: before code goes live that needs it, and only when
    something changes. A resource of its own would be one of a provider that Cloudflare does not have, and a program
    that applied it by itself would do so in every preview.
    """

    database_name: pulumi.Output[str]
    database_id: pulumi.Output[str]

    def __init__(self, name: str, args: StateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:cloudflare:State", name, None, opts)
        database = cloudflare.D1Database(
            f"{name}-database",
            account_id=args.account_id,
            name=physical_name(D1_DATABASE, name),
            opts=pulumi.ResourceOptions(parent=self),
        )

        async def migrate(_args: pulumi.ResourceHookArgs) -> None:
            database_id = await database.id.future()
            assert database_id  # a hook does not run in a preview
            await asyncio.to_thread(args.migrations.apply, args.api, args.account_id, database_id)

        self._hook = pulumi.ResourceHook(f"{name}-migrations", migrate)
        self._schema = args.migrations.version
        self.database_name = database.name
        self.database_id = database.id
        self.register_outputs({"database_name": self.database_name, "database_id": self.database_id})

    @property
    def grant(self) -> Grant:
        """The database, and which schema the code was written for: a change of it is one of the script."""
        database = Binding(type="d1", name="STATE", id=self.database_id)
        schema = Binding(type="plain_text", name="PARALLAX_STATE_SCHEMA", text=self._schema)
        return Grant(bindings=(database, schema), before=(self._hook,))
