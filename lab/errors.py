"""What can be wrong with what a user asks of the lab.

LabError                    its message says what, where, what is valid and what to do next; `code` is stable
├─ InvalidTarget            an address or its name
├─ InvalidScenario          what is to be requested
├─ CapExceeded              more load than the caps allow
├─ InvalidPrices            a price table
├─ InvalidWorkload          what is to be priced
├─ InvalidState             an exported stack
├─ InvalidRepository        a folder of code, or what says whose its parts are
├─ InvalidResults           a folder of results, or a report.json
├─ InvalidRule              a bound at which a comparison is to fail
├─ ColdStartRefused         a way to force cold starts that cannot be taken here
    └─ UsageUnavailable         what a cloud says was used cannot be read
"""

from __future__ import annotations


class LabError(Exception):
    """The parent of all: never raised itself."""

    code = "LabError"


class InvalidTargetError(LabError):
    """An address that nothing can be sent to, or a name that is used twice."""

    code = "InvalidTarget"


class InvalidScenarioError(LabError):
    """An endpoint or a level of load that does not make sense."""

    code = "InvalidScenario"


class CapExceededError(LabError):
    """What was asked for would send more than the caps allow; nothing was sent."""

    code = "CapExceeded"


class InvalidPricesError(LabError):
    """A price table is not as it must be."""

    code = "InvalidPrices"


class InvalidWorkloadError(LabError):
    """A workload's figure is missing, unknown or impossible."""

    code = "InvalidWorkload"


class InvalidStateError(LabError):
    """No export of a Pulumi stack, or one that cannot be read."""

    code = "InvalidState"


class InvalidRepositoryError(LabError):
    """No folder of code, or a table about it (lockin.toml) that is not as it must be."""

    code = "InvalidRepository"


class InvalidResultsError(LabError):
    """Results of an earlier run are missing, damaged, or of another schema."""

    code = "InvalidResults"


class InvalidRuleError(LabError):
    """A bound at which a comparison is to fail is not one, or nothing it speaks of is in the report."""

    code = "InvalidRule"


class ColdStartRefusedError(LabError):
    """A cold start cannot be forced in the way that was asked for."""

    code = "ColdStartRefused"


class UsageUnavailableError(LabError):
    """What a cloud itself says was used cannot be read."""

    code = "UsageUnavailable"
