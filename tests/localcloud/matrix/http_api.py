"""What keeps the rows of `http_api` true."""

from __future__ import annotations

from tests.localcloud.matrix.proof import AWS, CLOUDFLARE, HOST, NotShown, Proof, shown

_FRONT_DOOR = f"{AWS}/test_front_door.py"
_FUNCTIONS = f"{AWS}/lambda_/test_execution.py"
_CONTROL = f"{AWS}/lambda_/test_control.py"
_SERVING = f"{HOST}/serving.test.mjs"
_LIMITS = f"{HOST}/limits.test.mjs"
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
}
