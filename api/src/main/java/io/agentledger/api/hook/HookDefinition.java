package io.agentledger.api.hook;

import io.agentledger.api.audit.ShownInAudit;
import java.time.Duration;

/**
 * Definition of a hook: its point, the tools that it applies to, and its target.
 *
 * @param matcher RE2 expression for the whole name of the tool (or of the point's other subject);
 *     empty matches all
 * @param timeout [1s..300s]
 * @param order hooks at one point are called in ascending order, then oldest first
 */
public record HookDefinition(
    boolean enabled,
    HookPoint point,
    @ShownInAudit String matcher,
    HookTarget target,
    Duration timeout,
    int order) {
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);
  public static final Duration TIMEOUT_MAX = Duration.ofSeconds(300);
}
