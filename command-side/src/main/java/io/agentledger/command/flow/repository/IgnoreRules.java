package io.agentledger.command.flow.repository;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.eclipse.jgit.ignore.IgnoreNode.MatchResult;

/**
 * Rules of the {@code .gitignore} files in a tree: those of a deeper directory come first, and
 * nothing below an ignored directory is included again, as in git. Other files of 1 MiB and more
 * have no rules.
 */
final class IgnoreRules {
  static final String NAME = ".gitignore";
  static final long BYTES_MAX = 1024 * 1024;

  private final Map<String, IgnoreNode> byDirectory = new HashMap<>();
  private final Map<String, Boolean> ignoredDirectories = new HashMap<>();

  /** Adds a file with rules. */
  void add(String path, ByteArrayOutputStream content) throws IOException {
    var node = new IgnoreNode();
    node.parse(new ByteArrayInputStream(content.toByteArray()));
    byDirectory.put(parent(path), node);
  }

  /** Returns whether the file or link is ignored. */
  boolean isIgnored(String path) {
    return isDirectoryIgnored(parent(path)) || isMatched(path, false);
  }

  private boolean isDirectoryIgnored(String directory) {
    if (directory.isEmpty()) return false;
    var known = ignoredDirectories.get(directory);
    if (known != null) return known;
    boolean ignored = isDirectoryIgnored(parent(directory)) || isMatched(directory, true);
    ignoredDirectories.put(directory, ignored);
    return ignored;
  }

  private boolean isMatched(String path, boolean isDirectory) {
    var directory = path;
    do {
      directory = parent(directory);
      var node = byDirectory.get(directory);
      if (node == null) continue;
      var relative = directory.isEmpty() ? path : path.substring(directory.length() + 1);
      var result = node.isIgnored(relative, isDirectory);
      if (result == MatchResult.IGNORED) return true;
      if (result == MatchResult.NOT_IGNORED) return false;
    } while (!directory.isEmpty());
    return false;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
