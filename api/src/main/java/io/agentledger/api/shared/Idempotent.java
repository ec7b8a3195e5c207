package io.agentledger.api.shared;

import org.jspecify.annotations.Nullable;

/** A command that may be sent twice and is carried out once. */
public interface Idempotent {
  @Nullable Idempotency idempotency();
}
