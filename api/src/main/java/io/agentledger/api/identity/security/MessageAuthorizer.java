package io.agentledger.api.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Authorizes a message by its caller before anything is looked up, so that a rejection does not
 * reveal which objects exist. A message type that declares no permitted callers is always rejected,
 * and a command of an agent unless it is marked with {@link PermitAgents}.
 */
public final class MessageAuthorizer {
  private static final String SYSTEM_KEY = "system";

  /** Metadata of a query that the service sends by itself. It cannot come from outside. */
  public static final Map<String, Object> SYSTEM = Map.of(SYSTEM_KEY, true);

  private MessageAuthorizer() {}

  /**
   * Checks the caller of a message. Access to the objects of the message is checked by its handler.
   *
   * @throws io.agentledger.api.shared.RejectionException with {@link Forbidden}, or with the
   *     missing scopes
   */
  public static void check(Object message, Map<String, ?> metadata) {
    var caller = Caller.of(metadata);
    checkScopes(message.getClass(), caller, metadata);
    if (isOtherTenants(message, caller)) throw new RejectionException(new Forbidden());
  }

  /**
   * Checks the scopes and the role of a caller who is going to send a message of this type, so that
   * nothing is done for one that will be rejected.
   *
   * @throws io.agentledger.api.shared.RejectionException with {@link Forbidden}, or with the
   *     missing scopes
   */
  public static void checkScopes(Class<?> message, Map<String, ?> metadata) {
    checkScopes(message, Caller.of(metadata), metadata);
  }

  private static void checkScopes(
      Class<?> message, Optional<Caller> caller, Map<String, ?> metadata) {
    if (caller.isEmpty() && metadata.get(SYSTEM_KEY) == Boolean.TRUE) return;
    if (!isAuthorized(message, caller))
      throw new RejectionException(findMissingScopes(message, caller));
    if (caller.isPresent() && caller.get().role() == Role.AGENT && !isForAgents(message))
      throw new RejectionException(new Forbidden());
  }

  private static boolean isForAgents(Class<?> message) {
    return !ApiCommand.class.isAssignableFrom(message)
        || message.isAnnotationPresent(PermitAgents.class)
        || message.isAnnotationPresent(PermitAll.class);
  }

  private static boolean isAuthorized(Class<?> message, Optional<Caller> caller) {
    if (message.isAnnotationPresent(PermitAll.class)) return true;
    if (message.isAnnotationPresent(InternalOnly.class)) return caller.isEmpty();
    var requiresScope = message.getAnnotation(RequiresScope.class);
    if (requiresScope == null || caller.isEmpty()) return false;
    return requiresScope.value().length == 0
        || Arrays.stream(requiresScope.value()).anyMatch(caller.get()::has);
  }

  private static Rejection findMissingScopes(Class<?> message, Optional<Caller> caller) {
    var requiresScope = message.getAnnotation(RequiresScope.class);
    return requiresScope == null || caller.isEmpty()
        ? new Forbidden()
        : InsufficientScope.anyOf(requiresScope.value());
  }

  private static boolean isOtherTenants(Object message, Optional<Caller> caller) {
    return message instanceof TenantScoped scoped
        && caller
            .filter(authenticated -> !authenticated.tenant().equals(scoped.tenant()))
            .isPresent();
  }
}
