"""The Pulumi components: each target turns one AppSpec into its own cloud's resources.

The clouds' own components stand in `components.aws` and `components.cloudflare`, which are imported only where chosen.
"""

from components.errors import ComponentError
from components.packaging.application import spec_of
from components.project import Project
from components.settings import Settings
from components.targets import TARGETS, plans, target

__all__ = ["TARGETS", "ComponentError", "Project", "Settings", "plans", "spec_of", "target"]
