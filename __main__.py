"""Parallax: one Python API on AWS Lambda, on Cloudflare Workers, or on both.

`pulumi config set target aws` (or cloudflare, both) chooses; everything else that can be set stands in Pulumi.yaml.
"""

from pathlib import Path

import pulumi

from components import Project, Settings, plans, spec_of

settings = Settings.read()
project = Project(root=Path(__file__).resolve().parent, stack=pulumi.get_stack())
spec = spec_of(settings.application)

for cloud, register in plans("api", project, settings, spec).items():
    for output, value in register().items():
        pulumi.export(f"{cloud}_{output}", value)
