package io.agentledger.api.identity.command;

import io.agentledger.api.shared.Rejection;

/** Result of a sign-in. */
public sealed interface SignInResult {
  /** They were. */
  record SignedIn(TokenPair tokens) implements SignInResult {}

  /** They were, and go on with the tokens that they have. */
  record StaysSignedIn() implements SignInResult {}

  /** They were not; that is on the record. */
  record Refused(Rejection rejection) implements SignInResult {}
}
