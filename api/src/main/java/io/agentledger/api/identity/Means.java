package io.agentledger.api.identity;

import java.time.Instant;

/**
 * What somebody came in with, less what must not be kept: enough to ask again whether it counts.
 */
public sealed interface Means {
  /**
   * A key or an agent's token; after a rotation only those count that came with the new secret.
   *
   * @param sha256 of the secret, hex
   */
  record Key(KeyId credential, String sha256) implements Means {}

  /** An access token of ours. It says no more than which login it is of. */
  record Login(UserId user, KeyId login) implements Means {}

  /**
   * Another issuer's token, and what the issuer says.
   *
   * @param until when the token expires: after that the issuer says nothing
   */
  record Vouched(Foreigner foreigner, TenantId tenant, Role role, Instant until) implements Means {}
}
