package io.agentledger.api.session.query;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.Stage;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of a list are wanted; all that is said must hold.
 *
 * @param activity what they do; null for anything
 * @param stages where they stand; empty for all but the archived and the deleted
 * @param tag one that they have; null for any and none
 * @param with what else they must be
 */
public record SessionFilter(
    @Nullable Activity activity, Set<Stage> stages, @Nullable String tag, Criteria with) {
  private static final Set<Stage> IN_USE =
      Set.of(Stage.OPEN, Stage.PAUSED, Stage.EXPIRED, Stage.CLOSED);

  public static final SessionFilter NONE = new SessionFilter(null, Set.of(), null);

  public SessionFilter {
    stages = stages.isEmpty() ? IN_USE : Set.copyOf(stages);
  }

  public SessionFilter(@Nullable Activity activity, Set<Stage> stages, @Nullable String tag) {
    this(activity, stages, tag, Criteria.ANYTHING);
  }

  /**
   * How they were opened, and what they are called; null is anything.
   *
   * @param permissionMode what they go by now
   * @param executor who carries out its work now
   * @param agent name or id of the agent
   * @param from the earliest moment of opening, inclusive
   * @param to the latest, exclusive
   * @param text part of the title or of a value of the metadata, in any case
   */
  public record Criteria(
      @Nullable PermissionMode permissionMode,
      @Nullable ExecutionMode executor,
      @Nullable UserId owner,
      @Nullable String agent,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String text) {
    public static final Criteria ANYTHING = new Criteria(null, null, null, null, null, null, null);
  }
}
