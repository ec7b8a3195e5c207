package io.agentledger.api.identity.security;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One-time replacements of credentials for clients that cannot send one, such as a browser that
 * opens a WebSocket. A ticket is random, can be used once, on any node and for a short time, and
 * grants no more than its credential. Only its hash is stored.
 */
public interface OneTimeTickets {
  /** Time for which a ticket can be used. */
  Duration TIMEOUT = Duration.ofSeconds(30);

  /** Creates a ticket for an accepted credential; the text is shown once. */
  CompletionStage<String> issue(CredentialRef credentialRef);

  /**
   * Uses a ticket and returns its credential; {@link Authenticator#currentCaller(CredentialRef)}
   * tells whether that is still valid. Empty for a ticket that is unknown, used or expired.
   */
  CompletionStage<Optional<CredentialRef>> redeem(String ticket);
}
