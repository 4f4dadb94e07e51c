"""What keeps the rows of `secrets` true."""

from __future__ import annotations

from tests.localcloud.matrix.proof import AWS, CLOUDFLARE, Proof, shown

_SECRETS = f"{AWS}/secretsmanager/test_secrets.py"
_NEW_SECRET = f"{CLOUDFLARE}/test_storage.py::test_a_new_secret_reaches_isolates_and_no_endpoint_tells_it"

PROOFS = {
    "rotation": Proof(
        aws=shown(
            f"{_SECRETS}::test_versions_and_their_stages",
            "tests/functions/test_secrets.py::test_a_value_is_read_once_and_again_when_it_is_old",
        ),
        cloudflare=shown(_NEW_SECRET),
    ),
    "access-control": Proof(
        aws=shown(f"{AWS}/secretsmanager/test_secrecy.py::test_a_role_needs_the_right_to_the_secret_and_to_its_key"),
        cloudflare=shown(_NEW_SECRET),
    ),
    "value-size": Proof(
        aws=shown(f"{_SECRETS}::test_values_have_a_limit_in_bytes"),
        cloudflare=shown(f"{CLOUDFLARE}/workers/test_upload.py::test_bindings_that_are_refused"),
    ),
    "encryption-key": Proof(
        aws=shown(
            f"{AWS}/secretsmanager/test_secrecy.py::test_a_role_needs_the_right_to_the_secret_and_to_its_key",
            f"{AWS}/kms/test_kms.py::test_a_keys_life",
        ),
        cloudflare=shown(f"{CLOUDFLARE}/test_storage.py::test_a_secret_is_nowhere_on_the_disk_nor_in_arguments"),
    ),
    "reading": Proof(
        aws=shown("tests/functions/test_secrets.py::test_reading_anew_reaches_the_cloud_once_in_ten_seconds"),
        cloudflare=shown("tests/workers/parallax_cloudflare/test_secrets.py::test_a_secret_is_read_by_its_name"),
    ),
}
