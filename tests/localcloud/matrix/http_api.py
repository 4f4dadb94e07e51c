"""What keeps the rows of `http_api` true."""

from __future__ import annotations

from tests.localcloud.matrix.proof import AWS, CLOUDFLARE, HOST, NotShown, Proof, shown

_FRONT_DOOR = f"{AWS}/test_front_door.py"
_FUNCTIONS = f"{AWS}/lambda_/test_execution.py"
_CONTROL = f"{AWS}/lambda_/test_control.py"
_SERVING = f"{HOST}/serving.test.mjs"
_LIMITS = f"{HOST}/limits.test.mjs"
_DEPLOYMENT = f"{HOST}/deployment.test.mjs"
_NO_LIMIT = NotShown("There is no limit, so there is nothing to run into.")

PROOFS = {
    "request-body-size": Proof(
        aws=shown(
            f"{_FRONT_DOOR}::test_a_body_that_lambda_cannot_take_is_413",
            f"{_FUNCTIONS}::test_a_request_over_6_mb_does_not_reach_the_function",
        ),
        cloudflare=shown(f"{_SERVING}::takes bodies of any size up to the limit"),
    ),
    "time-limit": Proof(
        aws=shown(
            f"{_FRONT_DOOR}::test_no_permission_is_500_and_a_slow_function_503",
            f"{_FRONT_DOOR}::test_no_integration_may_wait_longer_than_30_s",
            f"{_FUNCTIONS}::test_every_failure_is_lambdas_own_and_the_next_call_works",
        ),
        cloudflare=shown(
            f"{_LIMITS}::that exceeds its ${{reason}} ends with 1102, and the next request gets a new one"
        ),
    ),
    "streaming-response": Proof(
        aws=shown(f"{_FRONT_DOOR}::test_an_answer_leaves_whole_and_one_without_content_has_a_type"),
        cloudflare=shown(f"{_SERVING}::passes a stream on as it comes"),
    ),
    "concurrency": Proof(
        aws=shown(
            f"{_FUNCTIONS}::test_one_request_at_a_time_and_scaling_to_the_limit",
            f"{_FUNCTIONS}::test_reserved_concurrency_throttles_what_is_beyond_it",
        ),
        cloudflare=shown(f"{_SERVING}::serves requests at the same time in one isolate"),
    ),
    "memory": Proof(
        aws=shown(f"{_FUNCTIONS}::test_every_failure_is_lambdas_own_and_the_next_call_works"),
        cloudflare=shown(
            f"{_LIMITS}::that exceeds its ${{reason}} ends with 1102, and the next request gets a new one"
        ),
    ),
    "package-size": Proof(
        aws=shown(f"{_CONTROL}::test_a_package_over_the_limit_is_refused"),
        cloudflare=shown(f"{CLOUDFLARE}/workers/test_upload.py::test_size_limit_names_the_largest_modules"),
    ),
    "python": Proof(
        aws=shown(f"{_FUNCTIONS}::test_threads_sockets_and_compiled_modules_work"),
        cloudflare=shown(f"{_SERVING}::has no threads", f"{_SERVING}::imports late, and reaches none of the host"),
    ),
    "header-limits": Proof(
        aws=shown(f"{_FRONT_DOOR}::test_headers_over_10_kb_are_431"),
        cloudflare=shown(
            f"{_SERVING}::takes 128 KB of headers and no more", f"{_SERVING}::takes bodies of any size up to the limit"
        ),
    ),
    "throttling": Proof(
        aws=shown(f"{_FRONT_DOOR}::test_no_route_is_404_and_a_drained_bucket_429"), cloudflare=_NO_LIMIT
    ),
    "clock": Proof(
        aws=NotShown("The function's process has the machine's own clock; nothing stands between them."),
        cloudflare=shown(f"{_SERVING}::sees clocks stand still while it computes, and move when it has waited"),
    ),
    "region": Proof(
        aws=shown(f"{_FUNCTIONS}::test_nothing_of_the_user_leaks_in"),
        cloudflare=shown(
            f"{_SERVING}::answers below its path, by its host name and by a route",
            "tests/workers/parallax_cloudflare/test_platform.py::test_the_region_is_the_data_centre_of_the_request",
        ),
    ),
    "text-bodies": Proof(
        aws=shown(f"{AWS}/apigatewayv2/test_payload.py::test_binary_bodies"),
        cloudflare=shown(f"{_SERVING}::hands bodies on byte by byte, and answers without a type of their own"),
    ),
    "empty-answers": Proof(
        aws=shown(f"{_FRONT_DOOR}::test_an_answer_leaves_whole_and_one_without_content_has_a_type"),
        cloudflare=shown(f"{_SERVING}::hands bodies on byte by byte, and answers without a type of their own"),
    ),
    "response-body-size": Proof(
        aws=shown(
            f"{_FUNCTIONS}::test_every_failure_is_lambdas_own_and_the_next_call_works",
            f"{_FRONT_DOOR}::test_a_failing_function_never_tells",
        ),
        cloudflare=_NO_LIMIT,
    ),
    "init-time": Proof(
        aws=shown(f"{_FUNCTIONS}::test_a_start_over_its_limit_is_tried_again_within_the_invocation"),
        cloudflare=shown(f"{_DEPLOYMENT}::whose top level takes too long is refused"),
    ),
    "environment-size": Proof(
        aws=shown(f"{_CONTROL}::test_variables_have_4_kb_together_as_json"),
        cloudflare=shown(f"{CLOUDFLARE}/workers/test_upload.py::test_bindings_that_are_refused"),
    ),
    "temporary-files": Proof(
        aws=NotShown(
            "Functions write to the machine's own temporary folder, whose room the local Lambda does not limit."
        ),
        cloudflare=NotShown(
            "A Worker's files lie in JavaScript's memory outside the heap, which the host does not count."
        ),
    ),
    "state-between-requests": Proof(
        aws=shown(
            f"{_FUNCTIONS}::test_state_of_a_process_and_its_files_last_as_long_as_it",
            f"{_FUNCTIONS}::test_idle_environments_end_and_the_next_call_gets_a_new_one",
        ),
        cloudflare=shown(
            f"{_SERVING}::starts from the memory after its top level, and makes an entry point a request",
            f"{_LIMITS}::that exceeds its ${{reason}} ends with 1102, and the next request gets a new one",
        ),
    ),
    "work-after-the-answer": Proof(
        aws=shown(f"{_FUNCTIONS}::test_what_runs_on_after_the_answer_is_frozen_until_the_next_call"),
        cloudflare=shown(f"{_SERVING}::goes on after the answer"),
    ),
    "protocols": Proof(
        aws=shown(f"{_FRONT_DOOR}::test_an_http_api_has_no_websocket"),
        cloudflare=NotShown("The local front door speaks HTTP/1.1 without TLS, and serves no WebSocket."),
    ),
    "outgoing-requests": Proof(
        aws=_NO_LIMIT,
        cloudflare=NotShown(
            "The host does not count what a request asks of others: requests share an isolate's client."
        ),
    ),
    "private-network": Proof(
        aws=NotShown("There is no VPC on this machine: a function that asks for one is refused, and told so."),
        cloudflare=NotShown("Neither Hyperdrive nor Workers VPC is served: their bindings are refused, and told so."),
    ),
    "custom-domains": Proof(
        aws=NotShown("The local HTTP API answers under its own name only; domain names are not implemented."),
        cloudflare=shown(
            f"{_SERVING}::answers below its path, by its host name and by a route",
            f"{CLOUDFLARE}/zones/test_zones.py::test_routes",
        ),
    ),
    "deployment": Proof(
        aws=shown(
            f"{_FUNCTIONS}::test_an_alias_shares_traffic_by_its_weights",
            f"{_FUNCTIONS}::test_switching_an_alias_under_load_fails_no_request",
        ),
        cloudflare=shown(f"{_DEPLOYMENT}::replaces the old version without a failed request"),
    ),
    "logs": Proof(
        aws=shown(
            f"{_FRONT_DOOR}::test_logs",
            f"{_FRONT_DOOR}::test_access_log",
            f"{_FUNCTIONS}::test_every_failure_is_lambdas_own_and_the_next_call_works",
        ),
        cloudflare=shown(
            f"{_SERVING}::logs what is printed", f"{_SERVING}::answers 1101 to an exception, and logs the traceback"
        ),
    ),
    "metrics": Proof(
        aws=NotShown("The local AWS has no CloudWatch metrics; REPORT lines and the access log carry the figures."),
        cloudflare=NotShown("The local Cloudflare has no GraphQL API; its status tells what runs."),
    ),
    "traces": Proof(
        aws=NotShown("There is no X-Ray here; a trace's header is handed on to the function and nothing is recorded."),
        cloudflare=NotShown("The host records no spans; a request is known by its cf-ray."),
    ),
    "uptime-promise": Proof(
        aws=NotShown("A promise about a month is no behaviour of a program."),
        cloudflare=NotShown("A promise about a month is no behaviour of a program."),
    ),
}
