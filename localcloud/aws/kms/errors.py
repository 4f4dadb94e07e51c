"""KMS's errors, in its own words."""

from __future__ import annotations

from localcloud.aws.protocol import ServiceError


def missing_key(arn: str) -> ServiceError:
    """No such key."""
    return ServiceError("NotFoundException", f"Key '{arn}' does not exist")


def missing_alias(arn: str) -> ServiceError:
    """No such alias."""
    return ServiceError("NotFoundException", f"Alias {arn} is not found.")


def disabled(arn: str) -> ServiceError:
    """The key is disabled."""
    return ServiceError("DisabledException", f"{arn} is disabled.")


def pending_deletion(arn: str) -> ServiceError:
    """The key waits for its deletion."""
    return ServiceError("KMSInvalidStateException", f"{arn} is pending deletion.")


def invalid_state(text: str) -> ServiceError:
    """The key is in a state in which this makes no sense."""
    return ServiceError("KMSInvalidStateException", text)


def invalid_ciphertext() -> ServiceError:
    """Not ours, altered, or of another encryption context; KMS does not say which."""
    return ServiceError("InvalidCiphertextException", "")


def unreachable_key() -> ServiceError:
    """A ciphertext whose key is not here."""
    text = (
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
        "not allowed to access."
    )
    return ServiceError("AccessDeniedException", text)


def incorrect_key() -> ServiceError:
    """Decrypt was told another key than the ciphertext's."""
    text = "The key ID in the request does not identify a CMK that can perform this operation."
    return ServiceError("IncorrectKeyException", text)


def invalid(text: str) -> ServiceError:
    """A value that KMS itself refuses."""
    return ServiceError("ValidationException", text)


def unsupported_key(what: str) -> ServiceError:
    """A kind of key that exists on AWS but not here."""
    return ServiceError("UnsupportedOperationException", f"The local KMS makes symmetric encryption keys; not {what}.")
