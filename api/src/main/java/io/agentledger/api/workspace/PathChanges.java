package io.agentledger.api.workspace;

import java.util.List;

/**
 * Changes between two states of a workspace, without contents.
 *
 * @param count number of changes; -1 if unknown
 * @param first the first {@link #FIRST_MAX} changes, in the order of their paths
 */
public record PathChanges(long count, List<PathChange> first) {
  public static final int FIRST_MAX = 100;
  public static final PathChanges UNKNOWN = new PathChanges(-1, List.of());

  public PathChanges {
    first = List.copyOf(first);
  }

  /** Creates the summary of all changes. */
  public static PathChanges of(List<PathChange> changes) {
    return new PathChanges(changes.size(), changes.subList(0, Math.min(FIRST_MAX, changes.size())));
  }
}
