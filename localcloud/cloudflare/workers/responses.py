"""Requests for scripts, parsed and answered."""

from localcloud.cloudflare import multipart
from localcloud.cloudflare.envelope import success, whole
from localcloud.cloudflare.exceptions import MalformedJsonError
from localcloud.cloudflare.identity import SUBDOMAIN
from localcloud.cloudflare.router import Call
from localcloud.cloudflare.workers import formats
from localcloud.cloudflare.workers.exceptions import NotServedError, ScriptNotFoundError, ServiceNotFoundError
from localcloud.cloudflare.workers.models import Scripts
from localcloud.cloudflare.workers.secrets import Secrets
from localcloud.http import Response


class ScriptResponses:
    """One method a URL; `urls` has the list."""

    def __init__(self, scripts: Scripts, secrets: Secrets) -> None:
        self._scripts = scripts
        self._secrets = secrets

    async def list_scripts(self, _: Call) -> Response:
        return whole([formats.script(script) for script in self._scripts.all()])

    async def put_script(self, call: Call) -> Response:
        script = await self._scripts.put(call.parameters["script"], call.request)
        answer = success(formats.uploaded(script))
        answer.headers.append(("etag", f'"{script.version.etag}"'))
        return answer

    async def delete_script(self, call: Call) -> Response:
        """`force` is about Durable Objects and bindings to the script, of which there are none here."""
        await self._scripts.delete(call.parameters["script"])
        return success(None)

    async def get_content(self, call: Call) -> Response:
        """The modules as multipart, the main one first and named in `cf-entrypoint`, without an envelope."""
        version = self._scripts.get(call.parameters["script"]).version
        modules = self._scripts.content(version)
        parts = [multipart.Part(module.name, module.name, module.content_type, module.content) for module in modules]
        body, content_type = multipart.render(parts)
        headers = [("content-type", content_type), ("cf-entrypoint", version.main_module)]
        return Response(200, [*headers, ("etag", f'"{version.etag}"')], body)

    async def get_settings(self, call: Call) -> Response:
        return success(formats.settings(self._scripts.get(call.parameters["script"])))

    async def get_service(self, call: Call) -> Response:
        try:
            return success(formats.service(self._scripts.get(call.parameters["script"])))
        except ScriptNotFoundError:
            raise ServiceNotFoundError from None

    async def list_versions(self, call: Call) -> Response:
        versions = self._scripts.versions(call.parameters["script"])
        return success({"items": [formats.version(version) for version in versions]})

    async def get_version(self, call: Call) -> Response:
        for version in self._scripts.versions(call.parameters["script"]):
            if version.id == call.parameters["version"]:
                return success(formats.whole_version(version))
        raise ScriptNotFoundError

    async def list_deployments(self, call: Call) -> Response:
        """The newest first, which is the one that serves."""
        versions = self._scripts.versions(call.parameters["script"])
        return success({"deployments": [formats.deployment(version) for version in versions]})

    async def get_subdomain(self, call: Call) -> Response:
        script = self._scripts.get(call.parameters["script"])
        return success({"enabled": script.subdomain_enabled, "previews_enabled": script.previews_enabled})

    async def post_subdomain(self, call: Call) -> Response:
        body = call.json_object()
        enabled, previews = body.get("enabled"), body.get("previews_enabled", False)
        if not isinstance(enabled, bool) or not isinstance(previews, bool):
            raise MalformedJsonError(
                "the body must have `enabled`, and can have `previews_enabled`, both true or false"
            )
        await self._scripts.set_subdomain(call.parameters["script"], enabled=enabled, previews_enabled=previews)
        return success({"enabled": enabled, "previews_enabled": previews})

    async def delete_subdomain(self, call: Call) -> Response:
        await self._scripts.set_subdomain(call.parameters["script"], enabled=False, previews_enabled=False)
        return success({"enabled": False, "previews_enabled": False})

    async def get_account_subdomain(self, _: Call) -> Response:
        return success({"subdomain": SUBDOMAIN})

    async def list_secrets(self, call: Call) -> Response:
        return whole(self._secrets.all(call.parameters["script"]))

    async def get_secret(self, call: Call) -> Response:
        return success(self._secrets.get(call.parameters["script"], call.parameters["secret"]))

    async def put_secret(self, call: Call) -> Response:
        body = call.json_object()
        script, name = call.parameters["script"], body.get("name")
        if not isinstance(name, str):
            raise MalformedJsonError("the body must have the secret's `name`")
        await self._secrets.change(script, {name: body})
        return success(self._secrets.get(script, name))

    async def delete_secret(self, call: Call) -> Response:
        await self._secrets.change(call.parameters["script"], {call.parameters["secret"]: None})
        return success(None)

    async def patch_secrets(self, call: Call) -> Response:
        """`{"secrets": {NAME: SECRET}}`: sets them, deletes those that are null, leaves all others (RFC 7396)."""
        script, changes = call.parameters["script"], call.json_object().get("secrets", {})
        if not isinstance(changes, dict):
            raise MalformedJsonError("`secrets` must be an object of secrets by their names")
        await self._secrets.change(script, changes)
        return success(self._secrets.all(script))

    async def get_schedules(self, call: Call) -> Response:
        self._scripts.get(call.parameters["script"])
        return success({"schedules": []})

    async def put_schedules(self, call: Call) -> Response:
        """An empty list, which wrangler sends always, changes nothing."""
        self._scripts.get(call.parameters["script"])
        if call.json() == []:
            return success({"schedules": []})
        raise NotServedError("cron triggers")
