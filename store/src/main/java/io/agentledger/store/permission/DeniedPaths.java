package io.agentledger.store.permission;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Paths that rules close to shell commands, as named in the sandbox of a command, each with
 * everything below it. The paths may not exist.
 *
 * @param hidden paths that cannot be read
 * @param readOnly paths that cannot be written
 */
public record DeniedPaths(SortedSet<String> hidden, SortedSet<String> readOnly) {
  public DeniedPaths {
    hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
    readOnly = Collections.unmodifiableSortedSet(new TreeSet<>(readOnly));
  }
}
