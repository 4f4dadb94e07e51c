"""`pulumi-resource-aws`."""

import sys

from localcloud.providers.aws.package import AWS
from localcloud.providers.protocol.process import run

if __name__ == "__main__":
    run(AWS, sys.argv[1:])
