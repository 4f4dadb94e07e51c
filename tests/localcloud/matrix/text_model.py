"""What keeps the rows of `text_model` true."""

from __future__ import annotations

from tests.localcloud.matrix.proof import AWS, CLOUDFLARE, NotShown, Proof, shown

_BEDROCK = f"{AWS}/bedrock/test_runtime.py"
_AI = f"{CLOUDFLARE}/ai/test_responses.py"
# No count of requests: a share of them is throttled where a test or a person asks for that.
_EVENLY = "tests/localcloud/model/test_staged.py::test_a_share_is_throttled_evenly"

PROOFS = {
    "model": Proof(
        aws=shown(f"{_BEDROCK}::test_where_the_model_can_be_called", f"{_BEDROCK}::test_where_it_cannot"),
        cloudflare=shown(
            f"{_AI}::test_the_catalogue_has_one_llama_3_3",
            f"{_AI}::test_the_shorter_name_is_refused_and_the_right_one_named",
        ),
    ),
    "context-window": Proof(
        aws=shown(f"{_BEDROCK}::test_requests_that_aws_refuses"),
        cloudflare=shown(f"{_AI}::test_inputs_that_cloudflare_refuses"),
    ),
    "stop-reason": Proof(
        aws=shown(f"{_BEDROCK}::test_the_answer_ends_where_it_is_told_to"),
        cloudflare=shown(
            f"{_AI}::test_the_official_client_runs_it",
            "tests/workers/parallax_cloudflare/test_text_model.py::test_an_answer",
        ),
    ),
    "data-residency": Proof(
        aws=shown(f"{AWS}/bedrock/test_control.py::test_profiles"),
        cloudflare=NotShown("No answer of Workers AI says where it was made."),
    ),
    "life-cycle": Proof(
        aws=shown(f"{AWS}/bedrock/test_control.py::test_models"),
        cloudflare=shown(f"{_AI}::test_the_catalogue_has_one_llama_3_3"),
    ),
    "output-tokens": Proof(
        aws=shown(f"{_BEDROCK}::test_requests_that_aws_refuses"),
        cloudflare=shown(f"{_AI}::test_inputs_that_cloudflare_refuses"),
    ),
    "streaming": Proof(
        aws=shown(
            f"{_BEDROCK}::test_a_stream_comes_while_it_is_made",
            f"{AWS}/protocol/test_eventstream.py::test_any_messages_are_read_again_however_they_are_cut",
        ),
        cloudflare=shown(f"{_AI}::test_a_stream_comes_while_it_is_made"),
    ),
    "rate": Proof(
        aws=shown(f"{_BEDROCK}::test_each_failure_before_the_answer", _EVENLY),
        cloudflare=shown(f"{_AI}::test_each_failure_before_the_answer", _EVENLY),
    ),
}
