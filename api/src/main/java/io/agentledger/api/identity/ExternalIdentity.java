package io.agentledger.api.identity;

import io.agentledger.api.shared.Ids;

/** Identity of a user at an external token issuer. */
public record ExternalIdentity(String issuer, String subject) {
  /** Returns the user id; always the same for the same identity. */
  public UserId userId() {
    return new UserId(Ids.derived(UserId.PREFIX, "external_user", issuer, subject));
  }

  /** Returns the credential id of requests with tokens of this issuer. */
  public CredentialId credential() {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, "external_user", issuer, subject));
  }
}
