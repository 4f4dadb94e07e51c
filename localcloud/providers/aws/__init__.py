"""The stand-in for `pulumi_aws`."""
