package io.agentledger.api.shared;

import org.jspecify.annotations.Nullable;

/** A command that may be sent twice and is executed once. */
public interface Idempotent {
  @Nullable Idempotency idempotency();
}
