package io.agentledger.api.session.query;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.OrderedCopy;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filter for sessions; all given conditions must hold.
 *
 * @param activity null for any
 * @param lifecycles empty for all but archived and deleted
 * @param tag null for any
 * @param criteria further conditions
 */
public record SessionFilter(
    @Nullable Activity activity,
    Set<LifecycleStatus> lifecycles,
    @Nullable String tag,
    Criteria criteria) {
  private static final Set<LifecycleStatus> DEFAULT_LIFECYCLES =
      Set.of(
          LifecycleStatus.OPEN,
          LifecycleStatus.PAUSED,
          LifecycleStatus.EXPIRED,
          LifecycleStatus.CLOSED);

  public static final SessionFilter NONE = new SessionFilter(null, Set.of(), null);

  public SessionFilter {
    lifecycles = lifecycles.isEmpty() ? DEFAULT_LIFECYCLES : OrderedCopy.of(lifecycles);
  }

  public SessionFilter(
      @Nullable Activity activity, Set<LifecycleStatus> lifecycles, @Nullable String tag) {
    this(activity, lifecycles, tag, Criteria.ANYTHING);
  }

  /**
   * Conditions on the opening and the texts of a session; null does not restrict.
   *
   * @param permissionMode current permission mode
   * @param executor current execution mode
   * @param origin stable name of a {@link SessionOrigin}, such as {@code forked}
   * @param agent name or id of the agent
   * @param from earliest time of opening, inclusive
   * @param to latest time of opening, exclusive
   * @param text part of the title or of a value of the metadata, case-insensitive
   */
  public record Criteria(
      @Nullable PermissionMode permissionMode,
      @Nullable ExecutionMode executor,
      @Nullable String origin,
      @Nullable UserId ownerId,
      @Nullable String agent,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String text) {
    public static final Criteria ANYTHING =
        new Criteria(null, null, null, null, null, null, null, null);
  }
}
