package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads {@code Idempotency-Key}; the hash is of what was understood, not of how it was spaced. */
@Component
public final class IdempotencyKeys {
  public static final String HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1," + Idempotency.KEY_LENGTH_MAX + "}");

  private final WireJson json;

  IdempotencyKeys(WireJson json) {
    this.json = json;
  }

  /**
   * @param route what is asked for, path ids included: the same key on another one is refused
   * @return null without a key
   */
  public @Nullable Idempotency create(@Nullable String key, String route, Object body) {
    if (key == null) return null;
    requireValid(key);
    return new Idempotency(key, Sha256.hex(route + "\n" + json.toText(body)));
  }

  static void requireValid(String key) {
    if (!KEY.matcher(key).matches())
      throw InvalidRequestException.header(HEADER, "must be 1 to 255 visible characters");
  }

  /** For what is asked with no body. */
  public @Nullable Idempotency create(@Nullable String key, String route) {
    return create(key, route, Map.of());
  }

  /** For the second command of a request that takes two; each is carried out once. */
  public static @Nullable Idempotency derived(@Nullable Idempotency idempotency) {
    if (idempotency == null) return null;
    return new Idempotency("second:" + Sha256.hex(idempotency.key()), idempotency.bodyHash());
  }
}
