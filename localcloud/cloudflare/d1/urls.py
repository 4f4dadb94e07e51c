"""The URLs of D1."""

from localcloud.cloudflare.d1.responses import D1Responses
from localcloud.cloudflare.router import Route


def routes(of: D1Responses) -> tuple[Route, ...]:
    databases = "/accounts/{account_id}/d1/database"
    database = f"{databases}/{{database}}"
    return (
        Route("GET", databases, of.list_databases),
        Route("POST", databases, of.create_database),
        Route("GET", database, of.get_database),
        Route("PUT", database, of.update_database),
        Route("PATCH", database, of.update_database),
        Route("DELETE", database, of.delete_database),
        Route("POST", f"{database}/query", of.query),
        Route("POST", f"{database}/raw", of.raw),
        Route("POST", f"{database}/import", of.refuse_import),
        Route("POST", f"{database}/export", of.refuse_export),
        Route("GET", f"{database}/time_travel/bookmark", of.refuse_time_travel),
        Route("POST", f"{database}/time_travel/restore", of.refuse_time_travel),
    )
