"""POST /echo with 206 bytes of JSON, the body, and the event that an HTTP API makes of it."""

from __future__ import annotations

import json

BODY = json.dumps({"order": "x" * 98, "items": [1, 2, 3, 4, 5, 6, 7, 8], "note": "y" * 60}, separators=(",", ":"))


def echo_event() -> bytes:
    """Payload format 2.0, as JSON."""
    headers = {"content-length": str(len(BODY)), "content-type": "application/json", "host": "127.0.0.1:4566"}
    forwarded = {"x-forwarded-for": "127.0.0.1", "x-forwarded-port": "4566", "x-forwarded-proto": "http"}
    http = {"method": "POST", "path": "/echo", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    context = {
        "accountId": "123456789012",
        "apiId": "bench",
        "domainName": "127.0.0.1",
        "domainPrefix": "bench",
        "http": http,
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": "$default",
        "stage": "$default",
        "time": "24/Nov/2026:00:00:00 +0000",
        "timeEpoch": 1795478400000,
    }
    event = {"version": "2.0", "routeKey": "$default", "rawPath": "/echo", "rawQueryString": ""}
    rest = {"headers": headers | forwarded, "requestContext": context, "body": BODY, "isBase64Encoded": False}
    return json.dumps(event | rest).encode()
