package io.agentledger.store.permission;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What rules about paths close to shell commands: places by the names of a command's box, each with
 * all that is below it. What is in the box at all they do not know.
 *
 * @param hidden which nobody looks into
 * @param readOnly which nobody writes to
 */
public record DeniedPaths(SortedSet<String> hidden, SortedSet<String> readOnly) {
  public DeniedPaths {
    hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
    readOnly = Collections.unmodifiableSortedSet(new TreeSet<>(readOnly));
  }
}
