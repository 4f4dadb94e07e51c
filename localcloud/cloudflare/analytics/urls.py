"""The URL of the GraphQL Analytics API."""

from localcloud.cloudflare.analytics.responses import AnalyticsResponses
from localcloud.cloudflare.router import Route


def routes(of: AnalyticsResponses) -> tuple[Route, ...]:
    return (Route("POST", "/graphql", of.answer),)
