package io.agentledger.api.identity.event;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of the keys that sign access tokens. */
public sealed interface SigningKeyEvent extends IdentityEvent {
  CredentialId keyId();

  /**
   * There is another one; the one before it stays published until its last token has expired.
   *
   * @param activeFrom published at once, it signs from then on
   */
  @Revision("1")
  @StableName("SigningKeyCreated")
  record SigningKeyCreated(CredentialId keyId, Instant activeFrom) implements SigningKeyEvent {}
}
