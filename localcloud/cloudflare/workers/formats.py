"""How scripts and versions look in answers. Shapes: the official `cloudflare` package 5.9.0, `types/workers`."""

from typing import Any

from localcloud.cloudflare.workers.records import Script, Version
from localcloud.cloudflare.workers.sealing import shown

_OPTIONAL = ("observability", "placement", "tail_consumers", "limits", "tags", "annotations")


def script(found: Script) -> dict[str, Any]:
    """A script in the list of scripts."""
    version = found.version
    settings = version.settings
    return {
        "id": found.name,
        "tag": found.tag,
        "tags": settings.get("tags"),
        "etag": version.etag,
        "handlers": list(version.handlers),
        "named_handlers": [],
        "has_modules": True,
        "has_assets": False,
        "created_on": found.created_on,
        "modified_on": found.modified_on,
        "usage_model": "standard",
        "compatibility_date": settings["compatibility_date"],
        "compatibility_flags": settings["compatibility_flags"],
        "logpush": settings.get("logpush", False),
        "observability": settings.get("observability"),
        "placement": settings.get("placement", {}),
        "tail_consumers": settings.get("tail_consumers"),
        "last_deployed_from": "api",
    }


def uploaded(found: Script) -> dict[str, Any]:
    """The answer to an upload."""
    version = found.version
    return script(found) | {
        "entry_point": version.main_module,
        "startup_time_ms": version.startup_time_ms,
        "deployment_id": version.deployment_id,
        "version_id": version.id,
    }


def settings(found: Script) -> dict[str, Any]:
    """Bindings and what else the metadata set."""
    kept = found.version.settings
    return {
        "bindings": shown(kept["bindings"]),
        "compatibility_date": kept["compatibility_date"],
        "compatibility_flags": kept["compatibility_flags"],
        "usage_model": "standard",
        "logpush": kept.get("logpush", False),
        "placement": {},
        "tail_consumers": None,
        **{name: kept[name] for name in _OPTIONAL if name in kept},
    }


def service(found: Script) -> dict[str, Any]:
    """What the provider and wrangler read first: a service with one environment."""
    times = {"created_on": found.created_on, "modified_on": found.modified_on}
    deployed = script(found) | {"script_tag": found.tag, "startup_time_ms": found.version.startup_time_ms}
    environment = {"environment": "production", **times, "script": deployed}
    return {"id": found.name, "default_environment": environment, "environments": [environment], **times}


def version(found: Version) -> dict[str, Any]:
    """A version in the list of versions."""
    return {
        "id": found.id,
        "number": found.number,
        "metadata": {
            "created_on": found.created_on,
            "modified_on": found.created_on,
            "source": "api",
            "author_id": "local",
            "author_email": "",
            "hasPreview": False,
        },
        "annotations": found.settings.get("annotations", {}),
    }


def whole_version(found: Version) -> dict[str, Any]:
    """A version with what it consists of."""
    return version(found) | {
        "startup_time_ms": found.startup_time_ms,
        "resources": {
            "bindings": shown(found.settings["bindings"]),
            "script": {
                "etag": found.etag,
                "handlers": list(found.handlers),
                "named_handlers": [],
                "last_deployed_from": "api",
            },
            "script_runtime": {
                "compatibility_date": found.settings["compatibility_date"],
                "compatibility_flags": found.settings["compatibility_flags"],
                "limits": found.settings.get("limits", {}),
                "usage_model": "standard",
            },
        },
    }


def deployment(found: Version) -> dict[str, Any]:
    """The deployment that an upload made: all of the traffic to its version."""
    return {
        "id": found.deployment_id,
        "source": "api",
        "strategy": "percentage",
        "author_email": "",
        "created_on": found.created_on,
        "annotations": {"workers/triggered_by": found.triggered_by} | found.settings.get("annotations", {}),
        "versions": [{"version_id": found.id, "percentage": 100}],
    }
