package io.agentledger.api.identity.security;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Stand-ins for credentials where a client cannot send one: a browser that opens a socket. A ticket
 * is random, counts once, on any node and not for long, and opens no more than what it was made
 * with. Only its hash is kept.
 */
public interface OneTimeTickets {
  /** How long a ticket waits to be used. */
  Duration TIMEOUT = Duration.ofSeconds(30);

  /** A new one for somebody who was let in with these; the text is shown once. */
  CompletionStage<String> issue(CredentialRef credentialRef);

  /**
   * Uses one up, and tells what it stands for: whether that still counts, {@link
   * Authenticator#currentCaller(CredentialRef)} says. Empty for one that is unknown, used or late.
   */
  CompletionStage<Optional<CredentialRef>> redeem(String ticket);
}
