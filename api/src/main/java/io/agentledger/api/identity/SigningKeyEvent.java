package io.agentledger.api.identity;

import java.time.Instant;
import org.axonframework.serialization.Revision;

/** What became of the keys that access tokens are signed with. */
public sealed interface SigningKeyEvent extends IdentityEvent {
  KeyId keyId();

  /**
   * There is another one; the one before it stays published until its last token has expired.
   *
   * @param signsFrom published at once, it signs from then on
   */
  @Revision("1")
  record SigningKeyMade(KeyId keyId, Instant signsFrom) implements SigningKeyEvent {}
}
