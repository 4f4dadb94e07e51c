"""The lock-in part of the sample reports."""

from lab.lockin.findings import Capability, Cloud, Data, Leak, LockIn, Module, Resource


def lockin(names: tuple[str, ...]) -> LockIn:
    """Each cloud with own code, resources with and without a counterpart, and one leak in portable code."""
    own = dict(zip(names, (612, 433, 120), strict=False))
    return LockIn(
        portable_modules=(Module(path="app/api.py", lines=188), Module(path="app/state.py", lines=140)),
        portable_lines=1_480,
        shared_lines=320,
        leaks=(Leak(path="app/webhooks.py", line=41, what="requestContext, a field of an API Gateway event"),),
        clouds=tuple(_cloud(name, own[name]) for name in names),
        formula="portable lines / (portable lines + the cloud's own lines)",
        notes=("Lines of code without blanks, comments and docstrings.",),
    )


def _cloud(name: str, own: int) -> Cloud:
    modules = (Module(path=f"{name}/state.py", lines=own // 3), Module(path=f"{name}/http.py", lines=own // 2))
    return Cloud(
        name=name,
        capabilities=(
            Capability(
                name="http_api",
                deployed=True,
                resources=(
                    Resource(name="api-function", type=f"{name}:compute:Function", counterpart="other:compute:Script"),
                    Resource(name="api-log", type=f"{name}:logs:LogGroup", counterpart=None),
                ),
                modules=(modules[1],),
                data=None,
                differences=("time-limit", "request-body-size"),
                leaving=f"{modules[1].lines} lines in one module, two resources, one of them with no counterpart.",
            ),
            Capability(
                name="state",
                deployed=True,
                resources=(Resource(name="api-table", type=f"{name}:db:Table", counterpart="other:db:Database"),),
                modules=(modules[0],),
                data=Data(
                    lives="One table with a key and a value.",
                    export="Export to object storage, then an import by script.",
                    loses="Expiry within two days is exact elsewhere.",
                    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.html",
                ),
                differences=(),
                leaving=f"{modules[0].lines} lines in one module, one resource, and the data.",
            ),
            Capability(
                name="queue",
                deployed=False,
                resources=(),
                modules=(),
                data=None,
                differences=(),
                leaving="Not yet deployed.",
            ),
        ),
        own_modules=modules,
        own_lines=own,
        portable_share=1_480 / (1_480 + own),
    )
