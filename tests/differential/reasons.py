"""Why the verifier and others may disagree: each reason with what it is told by. Whatever fits none fails the test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

OPENSSL = "OpenSSL"
CRYPTOGRAPHY = "cryptography"


@dataclass(frozen=True)
class Refusal:
    """We alone refuse: told by our codes, whoever it is held against."""

    question: str
    codes: tuple[str, ...]
    why: str

    who_accepts = "we alone refuse"

    def is_about(self, verdict: Any) -> bool:
        """Whether this explains a disagreement, if what the others say makes one."""
        return verdict.question == self.question and verdict.ours in self.codes

    def fits(self, verdict: Any) -> bool:
        """Whether this explains a disagreement."""
        return verdict.who_accepts == self.who_accepts and self.is_about(verdict)


@dataclass(frozen=True)
class Acceptance:
    """We alone accept: told by their words, the vectors it may happen in, and what becomes of the document."""

    engine: str
    question: str
    words: str
    # Vectors, or mutants of them, by their names without `attested::`.
    vectors: str
    # Our verdicts on the whole document: `verified` only where a reason says so.
    documents: tuple[str, ...]
    why: str

    who_accepts = "we alone accept"

    def is_about(self, verdict: Any) -> bool:
        """Whether this explains a disagreement, if what the others say makes one."""
        return (
            (verdict.engine, verdict.question, verdict.ours) == (self.engine, self.question, None)
            and re.search(rf"attested::({self.vectors})(,|$)", verdict.id) is not None
            and verdict.document in self.documents
        )

    def fits(self, verdict: Any) -> bool:
        """Whether this explains a disagreement."""
        is_one = verdict.who_accepts == self.who_accepts and self.is_about(verdict)
        return is_one and re.search(self.words, verdict.theirs) is not None


UNREADABLE_KEYS = ("key_algorithm_unsupported", "key_malformed", "key_exponent", "algorithm_parameters")

REASONS: tuple[Refusal | Acceptance, ...] = (
    Acceptance(
        OPENSSL,
        "chain",
        "self-signed certificate in certificate chain|unable to get local issuer|certificate signature failure",
        r"valid::three_hops_self_signed_first|valid::cross_sign_\w+|chain::crowd_of_16_checks",
        ("verified", "content_signature"),
        "it takes the first issuer of a name and does not turn back; another one leads to the anchor",
    ),
    Acceptance(
        OPENSSL,
        "chain",
        "certificate has expired",
        "valid::leaf_valid_until_now",
        ("verified", "content_signature"),
        "the last second of a validity belongs to it (RFC 5280, section 4.1.2.5)",
    ),
    Acceptance(
        OPENSSL,
        "chain",
        "unable to get (local )?issuer",
        r"profile::(leaf|authority)_authority_key_and_serial",
        ("verified", "content_signature"),
        "it takes issuer and serial number of a key identifier for conditions; they only help to find (RFC 5280, 4.2.1.1)",
    ),
    Acceptance(
        CRYPTOGRAPHY,
        "chain",
        "encipher_only and decipher_only",
        r"profile::leaf_usage_of_nine_bits",
        ("verified", "content_signature"),
        "decipherOnly without keyAgreement means nothing, and is not forbidden (RFC 5280, 4.2.1.3)",
    ),
    Acceptance(
        OPENSSL,
        "signature",
        "no matching digest",
        "valid::digest_two_spellings",
        ("verified", "certificate_profile"),
        "the digest algorithm is the same in both places, with and without the name of RSA: compared by what they mean",
    ),
    Acceptance(
        OPENSSL,
        "chain",
        "unable to get certs public key|explicit ECC parameters",
        r"keys::\w+",
        UNREADABLE_KEYS,
        "the signer's own key is no part of the question about the chain; the document is refused for it before",
    ),
    Acceptance(
        CRYPTOGRAPHY,
        "chain",
        "error parsing asn1 value",
        r"keys::\w+",
        UNREADABLE_KEYS,
        "the signer's own key is no part of the question about the chain; the document is refused for it before",
    ),
    Acceptance(
        CRYPTOGRAPHY,
        "signature",
        "error parsing asn1 value|not a valid X509 version",
        r"leaf::parameters_differ|leaf::version_\d|valid::\w+|limits::\w+",
        ("certificate_profile", "certificate_malformed", "certificate_signature", "path_invalid"),
        "the signer's key is right, its certificate broken elsewhere; the document is refused by the chain",
    ),
    Refusal(
        "signature",
        (
            "base64_malformed",
            "envelope_duplicate_key",
            "envelope_encoding",
            "envelope_malformed",
            "input_too_long",
            "pem_label",
            "pem_malformed",
        ),
        "the form around the CMS is not what it should be; the others were given what can be found in it",
    ),
    Refusal("signature", ("der_malformed", "trailing_data"), "BER, or octets that are not DER, or more behind the end"),
    Refusal(
        "signature",
        ("certificate_malformed", "too_many_certificates"),
        "a certificate inside can't be read, whether it is needed or not, or there are more than 32",
    ),
    Refusal(
        "signature",
        (
            "content_empty",
            "content_type_not_data",
            "crls_present",
            "digest_algorithm_count",
            "signed_data_version",
            "signer_count",
            "signer_info_version",
            "unsigned_attributes",
        ),
        "CMS of a kind that the service does not write, with parts that no signature is over",
    ),
    Refusal(
        "signature",
        ("signer_certificate_ambiguous", "signer_certificate_missing"),
        "the signer's certificate is inside twice, or under a name of other octets",
    ),
    Refusal(
        "signature",
        (
            "digest_algorithm_unsupported",
            "key_exponent",
            "key_too_large",
            "key_too_small",
            "signature_algorithm_unsupported",
        ),
        "MD5 and SHA-1 can be forged; a signature algorithm stands for a digest in one case alone; keys prove too little or "
        "cost too much",
    ),
    Refusal(
        "signature",
        (
            "algorithm_parameters",
            "digest_algorithm_mismatch",
            "key_algorithm_mismatch",
            "key_algorithm_unsupported",
            "key_malformed",
        ),
        "identifiers, parameters and keys that contradict each other or are written in another way than they should be",
    ),
    Refusal(
        "signature",
        ("content_type_mismatch", "signed_attribute_malformed", "signed_attribute_repeated"),
        "signed attributes that contradict the content, are of another type, or stand there twice",
    ),
    Refusal("chain", ("critical_extension",), "policies are not processed, so what constrains them is refused"),
    Refusal("chain", ("certificate_denied",), "the caller has shut a certificate or a key out"),
    Refusal("chain", ("certificate_profile",), "the profile of RFC 5280, held to in every certificate of a path"),
    Refusal(
        "chain",
        ("certificate_signature_algorithm", "key_exponent", "key_too_large", "key_too_small"),
        "a certificate signed with SHA-1 or MD5, or a CA's key that proves too little or costs too much",
    ),
    Refusal(
        "chain",
        ("extended_key_usage", "key_usage", "leaf_is_ca"),
        "a signer must be allowed to sign and to serve, and be no CA; a CA must be allowed servers",
    ),
    Refusal("chain", ("name_constraint",), "a constraint on e-mail addresses holds for those in the subject too"),
    Refusal("chain", ("path_budget", "signature_check_limit"), "the work that one document may cost is bounded"),
)
