"""Secrets Manager's errors, in its own words."""

from __future__ import annotations

from localcloud.aws.protocol import ServiceError


def missing() -> ServiceError:
    """No such secret."""
    return ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")


def missing_value(what: str) -> ServiceError:
    """No such version. `what`: such as `staging label: AWSCURRENT`."""
    text = f"Secrets Manager can't find the specified secret value for {what}"
    return ServiceError("ResourceNotFoundException", text)


def exists(text: str) -> ServiceError:
    """The name or the version's id is taken."""
    return ServiceError("ResourceExistsException", text)


def refused(text: str) -> ServiceError:
    """Not in the state that the secret is in."""
    return ServiceError("InvalidRequestException", text)


def wrong(text: str) -> ServiceError:
    """A parameter that Secrets Manager itself refuses."""
    return ServiceError("InvalidParameterException", text)


def deleted() -> ServiceError:
    """It waits for its deletion."""
    return refused("You can't perform this operation on the secret because it was marked for deletion.")


def no_kms_access() -> ServiceError:
    """The caller may use the secret, but not its key."""
    return ServiceError("AccessDeniedException", "Access to KMS is not allowed")


def cannot_encrypt() -> ServiceError:
    """The key is disabled, gone or of another kind."""
    text = (
        "Secrets Manager can't encrypt the protected secret text using the specified KMS key. Check that the key is "
        "available, enabled, and not in an invalid state."
    )
    return ServiceError("EncryptionFailure", text)


def cannot_decrypt() -> ServiceError:
    """The same, for what is kept already."""
    text = "Secrets Manager can't decrypt the protected secret text using the provided KMS key."
    return ServiceError("DecryptionFailure", text)
