"""The stand-in for `pulumi_cloudflare`."""
