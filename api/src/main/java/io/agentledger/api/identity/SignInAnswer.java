package io.agentledger.api.identity;

import io.agentledger.api.shared.Rejection;

/** Whether somebody was let in. */
public sealed interface SignInAnswer {
  /** They were. */
  record SignedIn(Tokens tokens) implements SignInAnswer {}

  /** They were, and go on with the tokens that they have. */
  record StaysSignedIn() implements SignInAnswer {}

  /** They were not; that is on the record. */
  record Refused(Rejection rejection) implements SignInAnswer {}
}
