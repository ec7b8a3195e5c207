package io.agentledger.api.identity;

import io.agentledger.api.shared.Ids;

/** Somebody as another issuer of tokens names them. */
public record Foreigner(String issuer, String subject) {
  /** Always the same for the same person. */
  public UserId userId() {
    return new UserId(Ids.derived(UserId.PREFIX, "foreigner", issuer, subject));
  }

  /** The credential of what they do with their issuer's tokens. */
  public KeyId credential() {
    return new KeyId(Ids.derived(KeyId.PREFIX, "foreigner", issuer, subject));
  }
}
