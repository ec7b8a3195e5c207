package io.agentledger.api.identity;

import io.agentledger.api.shared.Ids;

/** Somebody as another issuer of tokens names them. */
public record ExternalIdentity(String issuer, String subject) {
  /** Always the same for the same person. */
  public UserId userId() {
    return new UserId(Ids.derived(UserId.PREFIX, "external_user", issuer, subject));
  }

  /** The credential of what they do with their issuer's tokens. */
  public CredentialId credential() {
    return new CredentialId(Ids.derived(CredentialId.PREFIX, "external_user", issuer, subject));
  }
}
