package io.agentledger.command.flow.repository;

import io.agentledger.command.flow.provider.ProviderRefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  /** JGit tries all combinations of what the wildcards of a part may stand for. */
  private static final int WILDCARDS_MAX = 3;

  private final Map<String, IgnoreNode> byDirectory = new HashMap<>();
  private final Map<String, Boolean> ignoredDirectories = new HashMap<>();

  /**
   * Adds a file with rules.
   *
   * @throws ProviderRefusedException for a pattern that would take exponential time to match
   */
  void add(String path, ByteArrayOutputStream content) throws IOException {
    if (content.toString(StandardCharsets.UTF_8).lines().anyMatch(IgnoreRules::isCostly))
      throw new ProviderRefusedException(
          "A pattern in "
              + path
              + " has more than "
              + WILDCARDS_MAX
              + " wildcards between slashes.");
    var node = new IgnoreNode();
    node.parse(new ByteArrayInputStream(content.toByteArray()));
    byDirectory.put(parent(path), node);
  }

  private static boolean isCostly(String line) {
    return !line.startsWith("#")
        && Arrays.stream(line.split("/"))
            .anyMatch(
                part -> part.chars().filter(character -> character == '*').count() > WILDCARDS_MAX);
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
