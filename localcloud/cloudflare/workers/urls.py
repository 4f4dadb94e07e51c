"""The URLs of scripts."""

from localcloud.cloudflare.router import Route
from localcloud.cloudflare.workers.responses import ScriptResponses


def routes(of: ScriptResponses) -> tuple[Route, ...]:
    workers = "/accounts/{account_id}/workers"
    script = f"{workers}/scripts/{{script}}"
    return (
        Route("GET", f"{workers}/scripts", of.list_scripts),
        Route("PUT", script, of.put_script),
        Route("GET", script, of.get_content),
        Route("DELETE", script, of.delete_script),
        Route("GET", f"{script}/content/v2", of.get_content),
        Route("GET", f"{script}/settings", of.get_settings),
        Route("GET", f"{script}/versions", of.list_versions),
        Route("GET", f"{script}/versions/{{version}}", of.get_version),
        Route("GET", f"{script}/deployments", of.list_deployments),
        Route("GET", f"{script}/subdomain", of.get_subdomain),
        Route("POST", f"{script}/subdomain", of.post_subdomain),
        Route("DELETE", f"{script}/subdomain", of.delete_subdomain),
        Route("GET", f"{script}/secrets", of.list_secrets),
        Route("PUT", f"{script}/secrets", of.put_secret),
        Route("GET", f"{script}/secrets/{{secret}}", of.get_secret),
        Route("DELETE", f"{script}/secrets/{{secret}}", of.delete_secret),
        Route("PATCH", f"{script}/secrets-bulk", of.patch_secrets),
        Route("GET", f"{script}/schedules", of.get_schedules),
        Route("PUT", f"{script}/schedules", of.put_schedules),
        Route("GET", f"{workers}/services/{{script}}", of.get_service),
        Route("GET", f"{workers}/subdomain", of.get_account_subdomain),
    )
