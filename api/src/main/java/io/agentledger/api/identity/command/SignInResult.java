package io.agentledger.api.identity.command;

import io.agentledger.api.shared.Rejection;

/** Result of a sign-in. */
public sealed interface SignInResult {
  /** The sign-in succeeded. */
  record SignedIn(TokenPair tokens) implements SignInResult {}

  /** The request succeeded, and the current tokens stay valid. */
  record StaysSignedIn() implements SignInResult {}

  /** The sign-in was refused and the refusal recorded. */
  record Refused(Rejection rejection) implements SignInResult {}
}
