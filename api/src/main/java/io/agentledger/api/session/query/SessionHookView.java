package io.agentledger.api.session.query;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.SessionHook;

/** Hook that is attached to a session; secrets are shown as references only. */
public record SessionHookView(
    HookId id,
    String name,
    HookPoint point,
    String matcher,
    HookTarget target,
    long timeoutSeconds,
    int order) {
  public static SessionHookView from(SessionHook hook) {
    var definition = hook.definition();
    return new SessionHookView(
        hook.hookId(),
        hook.name(),
        definition.point(),
        definition.matcher(),
        definition.target(),
        definition.timeout().toSeconds(),
        definition.order());
  }
}
