"""The URLs of Workers KV."""

from localcloud.cloudflare.kv.responses import KvResponses
from localcloud.cloudflare.router import Route


def routes(of: KvResponses) -> tuple[Route, ...]:
    namespaces = "/accounts/{account_id}/storage/kv/namespaces"
    namespace = f"{namespaces}/{{namespace}}"
    return (
        Route("GET", namespaces, of.list_namespaces),
        Route("POST", namespaces, of.create_namespace),
        Route("GET", namespace, of.get_namespace),
        Route("PUT", namespace, of.rename_namespace),
        Route("DELETE", namespace, of.delete_namespace),
        Route("GET", f"{namespace}/keys", of.list_keys),
        Route("GET", f"{namespace}/values/{{key}}", of.get_value),
        Route("PUT", f"{namespace}/values/{{key}}", of.put_value),
        Route("DELETE", f"{namespace}/values/{{key}}", of.delete_value),
        Route("GET", f"{namespace}/metadata/{{key}}", of.get_metadata),
        Route("PUT", f"{namespace}/bulk", of.put_bulk),
        Route("DELETE", f"{namespace}/bulk", of.delete_bulk),
        Route("POST", f"{namespace}/bulk/delete", of.delete_bulk),
        Route("POST", f"{namespace}/bulk/get", of.get_bulk),
    )
