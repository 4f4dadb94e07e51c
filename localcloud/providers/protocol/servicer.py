"""The gRPC service that the engine calls, for any package.

Source: pulumi/pulumi `proto/pulumi/provider.proto` and the order of calls recorded from engine 3.259.0. Handlers are
plain blocking functions on gRPC's own threads: the clouds' clients block, and a thread each keeps them simple.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from localcloud.providers.protocol import config, lifecycle, wire
from localcloud.providers.protocol.checking import check
from localcloud.providers.protocol.diff import changes
from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.marks import has_secret, reveal
from localcloud.providers.protocol.messages import answering, pack, reported, unpack
from localcloud.providers.protocol.naming import DEFAULTS, NamingOption
from localcloud.providers.protocol.predecessors import Predecessors
from localcloud.providers.protocol.resource import Package, Resource
from localcloud.providers.protocol.values import Secret

_MODES: Final = ("propose", "enforce", "disable")
_NOTHING, _SOMETHING = 1, 2  # DiffResponse.DiffChanges
_KINDS: Final = {"add": 0, "delete": 2, "update": 4}  # PropertyDiff.Kind; one more when it replaces


class Provider(wire.provider_grpc.ResourceProviderServicer):  # type: ignore[misc]  # generated code has no types
    """Answers the engine for one package."""

    def __init__(self, package: Package[Any]) -> None:
        self._package = package
        self._predecessors = Predecessors()
        self._connected: Any = None

    @property
    def _client(self) -> Any:
        if self._connected is None:
            raise ProviderError(f"the {self._package.name} provider is not configured yet")
        return self._connected

    def _resource(self, urn: str) -> Resource[Any]:
        token = urn.split("::")[2].rsplit("$", 1)[-1]
        found = self._package.resources.get(token)
        if found is None:
            raise ProviderError(
                f"{token}: the local {self._package.name} provider has no such resource; it has "
                f"{', '.join(sorted(self._package.resources))}"
            )
        return found

    @answering
    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802 (gRPC's names)
        return wire.provider.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=False, supports_autonaming_configuration=True
        )

    @answering
    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        return wire.Empty()

    @answering
    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        # Not the end of the process: an attached plugin serves the next command as well.
        if self._connected is not None:
            self._connected.cancel()
        return wire.Empty()

    @answering
    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return wire.plugin.PluginInfo(version=self._package.version)

    @answering
    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        return wire.provider.GetSchemaResponse(schema=config.schema(self._package))

    @answering
    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        news = unpack(request.news)
        found = config.check(self._package, news)
        return wire.provider.CheckResponse(inputs=request.news, failures=[reported(failure) for failure in found])

    @answering
    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        # Another endpoint or token is still the same cloud: a changed configuration replaces nothing.
        changed = reveal(unpack(request.old_inputs or request.olds)) != reveal(unpack(request.news))
        return wire.provider.DiffResponse(changes=_SOMETHING if changed else _NOTHING)

    @answering
    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._connected = self._package.connect(config.decoded(self._package, unpack(request.args)))
        return wire.provider.ConfigureResponse(
            acceptSecrets=True, acceptResources=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    @answering
    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        function = self._package.functions.get(request.tok)
        if function is None:
            raise ProviderError(
                f"{request.tok}: the local {self._package.name} provider has no such function; it has "
                f"{', '.join(sorted(self._package.functions))}"
            )
        arguments = unpack(request.args)
        result = function(self._client, reveal(arguments))
        if has_secret(arguments):
            result = {name: Secret(value) for name, value in result.items()}
        return wire.provider.InvokeResponse(**{"return": pack(result)})

    @answering
    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource, olds = self._resource(request.urn), unpack(request.olds)
        if olds and resource.name is not None:
            self._predecessors.known(request.urn, str(reveal(olds.get(resource.name.property, ""))))
        naming = None
        if request.HasField("autonaming"):
            naming = NamingOption(_MODES[request.autonaming.mode], request.autonaming.proposed_name)
        inputs, found = check(resource, unpack(request.news), olds, self._predecessors.identity(request.urn), naming)
        return wire.provider.CheckResponse(inputs=pack(inputs), failures=[reported(failure) for failure in found])

    @answering
    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource = self._resource(request.urn)
        self._predecessors.exists(request.urn, request.id)
        news = unpack(request.news)
        olds = unpack(request.old_inputs) or unpack(request.olds)
        found = changes({name: olds[name] for name in olds if name in resource.inputs}, news, resource.inputs)
        name = resource.name.property if resource.name else None
        return wire.provider.DiffResponse(
            changes=_SOMETHING if found else _NOTHING,
            diffs=sorted({change.top for change in found}),
            replaces=sorted({change.top for change in found if change.replaces}),
            detailedDiff={
                change.path: wire.provider.PropertyDiff(kind=_KINDS[change.kind] + change.replaces, inputDiff=True)
                for change in found
            },
            hasDetailedDiff=True,
            stables=[] if any(change.replaces for change in found) else resource.stables,
            # Two resources cannot have one name; an automatic one differs, so there the new comes before the old goes.
            deleteBeforeReplace=resource.exclusive or (name is not None and name not in reveal(news).get(DEFAULTS, ())),
        )

    @answering
    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource, inputs = self._resource(request.urn), unpack(request.properties)
        identity = self._predecessors.identity(request.urn)
        made = lifecycle.create(resource, self._client, inputs, identity, preview=request.preview)
        return wire.provider.CreateResponse(id=made.id, properties=pack(made.properties))

    @answering
    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource = self._resource(request.urn)
        found = lifecycle.read(resource, self._client, request.id, unpack(request.inputs), unpack(request.properties))
        if found is None:
            self._predecessors.gone(request.urn, request.id)
            return wire.provider.ReadResponse()
        return wire.provider.ReadResponse(id=found.id, properties=pack(found.properties), inputs=pack(found.inputs))

    @answering
    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        resource = self._resource(request.urn)
        old_inputs = unpack(request.old_inputs) or unpack(request.olds)
        properties = lifecycle.update(
            resource,
            self._client,
            request.id,
            old_inputs,
            unpack(request.olds),
            news=unpack(request.news),
            preview=request.preview,
        )
        return wire.provider.UpdateResponse(properties=pack(properties))

    @answering
    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        known: Mapping[str, Any] = {**unpack(request.old_inputs), **unpack(request.properties)}
        self._resource(request.urn).delete(self._client, request.id, reveal(known))
        self._predecessors.gone(request.urn, request.id)
        return wire.Empty()
