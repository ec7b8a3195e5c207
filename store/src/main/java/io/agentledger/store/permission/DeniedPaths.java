package io.agentledger.store.permission;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Paths that rules close to shell commands, as named in the sandbox of a command, each with all
 * that is below it. Whether a path exists there is not known here.
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
