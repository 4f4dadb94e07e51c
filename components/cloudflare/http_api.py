"""The capability "HTTP API" on Cloudflare: a Python Worker on workers.dev or at a route of a zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi
import pulumi_cloudflare as cloudflare

from components.cloudflare.grant import Binding, Grant
from components.cloudflare.package import MAIN_MODULE, Package
from components.errors import ArgumentError
from components.limits import WORKER_VARIABLE
from components.naming import WORKER_SCRIPT, physical_name

# The name under which workers/ asks for the version that it runs as.
VERSION_BINDING = "CF_VERSION_METADATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiArgs:
    """A Worker, and where it answers: at `route` (`HOST/*`) of the zone `zone_id`, at `workers_dev_url` (in which
    {script} stands for its name), or at both; `url` is then the route's. `cpu_ms` is the limit of a request.

    `grants` bring further bindings, and what must be done before they are used.
    """

    account_id: str
    package: Package
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    zone_id: str | None = None
    route: str | None = None
    workers_dev_url: str | None = None
    cpu_ms: int | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    grants: tuple[Grant, ...] = ()

    def __post_init__(self) -> None:
        if (self.route is None) != (self.zone_id is None):
            raise ArgumentError("HttpApi", "route", "and zone_id go together: give both or neither")
        if self.route is None and self.workers_dev_url is None:
            raise ArgumentError(
                "HttpApi", "workers_dev_url", "is missing: without a route the Worker answers only there"
            )
        for name, value in self.environment.items():
            if (size := len(value.encode())) > WORKER_VARIABLE:
                message = f"has {name} with {size} bytes; Cloudflare allows {WORKER_VARIABLE}"
                raise ArgumentError("HttpApi", "environment", message)
        names = [binding.name for binding in self.bindings]
        if twice := sorted({str(name) for name in names if names.count(name) > 1}):
            raise ArgumentError("HttpApi", "environment", f"and grants bind a name twice: {', '.join(twice)}")

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """Everything that the Worker finds in its `env`."""
        variables = sorted(self.environment.items())
        return (
            *(Binding(type="plain_text", name=name, text=text) for name, text in variables),
            Binding(type="version_metadata", name=VERSION_BINDING),
            *(binding for grant in self.grants for binding in grant.bindings),
        )


class HttpApi(pulumi.ComponentResource):
    """The application at `url`."""

    url: pulumi.Output[str]
    script_name: pulumi.Output[str]

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:cloudflare:HttpApi", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        script = cloudflare.WorkersScript(
            f"{name}-script",
            account_id=args.account_id,
            script_name=physical_name(WORKER_SCRIPT, name),
            main_module=MAIN_MODULE,
            content_file=args.package.main.path,
            content_sha256=args.package.main.sha256,
            content_type=args.package.main.content_type,
            files={
                module: cloudflare.WorkersScriptFilesArgs(
                    content_type=file.content_type, content_file=file.path, content_sha256=file.sha256
                )
                for module, file in args.package.modules.items()
            },
            compatibility_date=args.compatibility_date,
            compatibility_flags=list(args.compatibility_flags),
            bindings=list(args.bindings),
            observability={"enabled": True, "logs": {"enabled": True, "invocation_logs": True}},
            limits={"cpu_ms": args.cpu_ms} if args.cpu_ms else None,
            opts=pulumi.ResourceOptions(parent=self, hooks=_before(args.grants)),
        )
        cloudflare.WorkersScriptSubdomain(
            f"{name}-subdomain",
            account_id=args.account_id,
            script_name=script.script_name,
            enabled=args.workers_dev_url is not None,
            previews_enabled=False,
            opts=child,
        )
        if args.route and args.zone_id:
            cloudflare.WorkersRoute(
                f"{name}-route",
                zone_id=args.zone_id,
                pattern=args.route,
                script=script.script_name,
                opts=child,
            )

        self.url = script.script_name.apply(lambda script_name: _url(args, script_name))
        self.script_name = script.script_name
        self.register_outputs({"url": self.url, "script_name": self.script_name})


def _before(grants: tuple[Grant, ...]) -> pulumi.ResourceHookBinding | None:
    hooks = [hook for grant in grants for hook in grant.before]
    return pulumi.ResourceHookBinding(before_create=[*hooks], before_update=[*hooks]) if hooks else None


def _url(args: HttpApiArgs, script_name: str) -> str:
    if args.route:
        return f"https://{args.route.removesuffix('/*')}"
    assert args.workers_dev_url
    return args.workers_dev_url.replace("{script}", script_name)
