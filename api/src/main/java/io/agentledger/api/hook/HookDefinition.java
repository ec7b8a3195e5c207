package io.agentledger.api.hook;

import java.time.Duration;

/**
 * Definition of a hook: when it is called, for which tools, and where.
 *
 * @param matcher which tools (or what else the point is about): RE2, from end to end; empty: all
 * @param timeout [1s..300s]
 * @param order of several at one point the lowest comes first, then the oldest
 */
public record HookDefinition(
    boolean enabled,
    HookPoint point,
    String matcher,
    HookTarget target,
    Duration timeout,
    int order) {
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);
  public static final Duration TIMEOUT_MAX = Duration.ofSeconds(300);
}
