package io.agentledger.api.identity.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a message may be handled at all, by who sent it: before anything is looked up, so that a
 * refusal does not tell what exists. A message that says nothing of its senders has none.
 */
public final class MessageAuthorizer {
  /** Metadata of a question that the house asks itself, for nobody. It cannot come from outside. */
  public static final Map<String, Object> SYSTEM = Map.of("house", true);

  private MessageAuthorizer() {}

  /** Refuses with {@link Forbidden}; what a message is about is still for its handler to judge. */
  public static void check(Object message, Map<String, ?> metadata) {
    var caller = Caller.of(metadata);
    if (caller.isEmpty() && metadata.get("house") == Boolean.TRUE) return;
    if (!isAdmitted(message.getClass(), caller) || isOfAnother(message, caller))
      throw new RejectionException(new Forbidden());
  }

  private static boolean isAdmitted(Class<?> message, Optional<Caller> caller) {
    if (message.isAnnotationPresent(PermitAll.class)) return true;
    if (message.isAnnotationPresent(InternalOnly.class)) return caller.isEmpty();
    var requiresScope = message.getAnnotation(RequiresScope.class);
    if (requiresScope == null || caller.isEmpty()) return false;
    return requiresScope.value().length == 0
        || Arrays.stream(requiresScope.value()).anyMatch(caller.get()::has);
  }

  private static boolean isOfAnother(Object message, Optional<Caller> caller) {
    return message instanceof TenantScoped scoped
        && caller.filter(by -> !by.tenant().equals(scoped.tenant())).isPresent();
  }
}
