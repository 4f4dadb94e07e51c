"""`pulumi-resource-cloudflare`."""

import sys

from localcloud.providers.cloudflare.package import CLOUDFLARE
from localcloud.providers.protocol.process import run

if __name__ == "__main__":
    run(CLOUDFLARE, sys.argv[1:])
