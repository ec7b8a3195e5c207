package io.agentledger.api.session;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of a list are wanted; all that is said must hold.
 *
 * @param activity what they do; null for anything
 * @param stages where they stand; empty for all but the archived and the deleted
 * @param tag one that they have; null for any and none
 */
public record SessionFilter(@Nullable Activity activity, Set<Stage> stages, @Nullable String tag) {
  private static final Set<Stage> IN_USE =
      Set.of(Stage.OPEN, Stage.PAUSED, Stage.EXPIRED, Stage.CLOSED);

  public static final SessionFilter NONE = new SessionFilter(null, Set.of(), null);

  public SessionFilter {
    stages = stages.isEmpty() ? IN_USE : Set.copyOf(stages);
  }
}
