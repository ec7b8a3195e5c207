package io.agentledger.gateway.support.web;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Creates {@link Idempotency} from the {@code Idempotency-Key}. The hash covers the parsed request,
 * so it does not depend on formatting.
 */
@Component
public final class IdempotencyKeys {
  public static final String HEADER = "Idempotency-Key";
  private static final Pattern KEY = Pattern.compile("[!-~]{1," + Idempotency.KEY_LENGTH_MAX + "}");

  private final WireJson json;

  IdempotencyKeys(WireJson json) {
    this.json = json;
  }

  /**
   * Creates the idempotency of a request.
   *
   * @param route method and path, including ids: the same key on another route is rejected
   * @return null without a key
   */
  public @Nullable Idempotency create(@Nullable String key, String route, Object body) {
    if (key == null) return null;
    requireValid(key);
    return new Idempotency(key, Sha256.hex(route + "\n" + json.toText(body)));
  }

  /**
   * Returns the key of a session's agent, which differs from that of other sessions. A long key is
   * replaced by its hash; an invalid one stays invalid.
   */
  public static String inSession(SessionId session, String key) {
    if (!KEY.matcher(key).matches()) return key;
    var scoped = session + ":" + key;
    return scoped.length() <= Idempotency.KEY_LENGTH_MAX ? scoped : session + ":" + Sha256.hex(key);
  }

  static void requireValid(String key) {
    if (!KEY.matcher(key).matches())
      throw InvalidRequestException.header(HEADER, "must be 1 to 255 visible characters");
  }

  /** Creates the idempotency of a request without a body. */
  public @Nullable Idempotency create(@Nullable String key, String route) {
    return create(key, route, Map.of());
  }

  /**
   * Derives the idempotency of a request's second command, so that each command is executed once.
   */
  public static @Nullable Idempotency derived(@Nullable Idempotency idempotency) {
    if (idempotency == null) return null;
    return new Idempotency("second:" + Sha256.hex(idempotency.key()), idempotency.bodyHash());
  }
}
