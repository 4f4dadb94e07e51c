"""Stand-in Pulumi providers: they obey `pulumi_aws` and `pulumi_cloudflare`, and speak to a cloud on this machine only.

A plugin is a plain client of the cloud's public API; it knows neither the application nor what answers at the endpoint.
"""
