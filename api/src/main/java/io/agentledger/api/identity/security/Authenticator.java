package io.agentledger.api.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Tells who stands behind a secret or a token that was checked, and what they may do now: a person
 * who was disabled, a tenant that was suspended, a login that is over and a key that was revoked or
 * has expired are nobody. Never blocks; what was asked a moment ago is answered at once. What
 * changes is heard of within milliseconds, within two seconds at worst.
 */
public interface Authenticator {
  /** Of the local owner's key, an API key or an agent's token; compares in constant time. */
  CompletionStage<Optional<Caller>> authenticate(String secret);

  /** Of an access token of ours, whose signature and times were checked. */
  CompletionStage<Optional<Caller>> currentCaller(UserId user, CredentialId login);

  /**
   * Of another issuer's token, which was checked. Empty for those who were never admitted too, and
   * for those of another role or tenant than the issuer says now: see {@link
   * UserCommand.ProvisionExternalUser}.
   */
  CompletionStage<Optional<Caller>> currentCaller(
      ExternalIdentity externalIdentity, TenantId tenant, Role role);

  /**
   * Of somebody who was let in with these: for those who stay connected, and who come back with
   * something that stands for it. That what a foreigner came with has expired is for the asking.
   */
  CompletionStage<Optional<Caller>> currentCaller(CredentialRef credentialRef);
}
