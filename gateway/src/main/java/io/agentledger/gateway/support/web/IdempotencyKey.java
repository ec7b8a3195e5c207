package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Idempotency;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} of a request. Handlers that declare it as a parameter accept one.
 *
 * @param key null if the client sent none
 * @param route method and path of the request: a key is rejected on another route
 */
public record IdempotencyKey(IdempotencyKeys keys, @Nullable String key, String route) {
  /**
   * Creates the idempotency of a request with a body.
   *
   * @return null without a key
   */
  public @Nullable Idempotency with(Object body) {
    return keys.create(key, route, body);
  }

  /**
   * Creates the idempotency of a request without a body.
   *
   * @return null without a key
   */
  public @Nullable Idempotency withoutBody() {
    return with(Map.of());
  }
}
