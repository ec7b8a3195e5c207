package io.agentledger.api.identity.event;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of the keys that sign access tokens. */
public sealed interface SigningKeyEvent extends IdentityEvent {
  CredentialId keyId();

  /**
   * A key was created; the previous one stays published until its last token has expired.
   *
   * @param activeFrom when the key begins to sign; it is published at once
   */
  @Revision("1")
  @StableName("SigningKeyCreated")
  record SigningKeyCreated(CredentialId keyId, Instant activeFrom) implements SigningKeyEvent {}
}
