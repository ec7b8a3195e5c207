package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.nio.file.Path;

/** Pattern of file names: below the workspace, or anywhere if it starts with a slash. */
final class PathPattern {
  private final String text;
  private final boolean absolute;
  private final Pattern pattern;

  /** Directory that contains everything that the pattern covers. */
  private final String literalPrefix;

  PathPattern(String text) {
    this.absolute = text.startsWith("/");
    this.text = absolute ? text.replaceFirst("^/+", "/") : text.replaceFirst("^(?:\\./)+", "");
    this.pattern = Re2Patterns.glob(this.text);
    this.literalPrefix = literalPrefix(this.text);
  }

  private static String literalPrefix(String glob) {
    int wildcardIndex = glob.length();
    for (int i = 0; i < glob.length(); i++)
      if (glob.charAt(i) == '*' || glob.charAt(i) == '?') {
        wildcardIndex = i;
        break;
      }
    if (wildcardIndex == glob.length()) return glob;
    int slash = glob.lastIndexOf('/', wildcardIndex);
    return slash < 0 ? "" : glob.substring(0, slash);
  }

  boolean covers(Path real, Path workspace) {
    if (absolute) return pattern.matches(real.toString());
    return real.startsWith(workspace) && pattern.matches(workspace.relativize(real).toString());
  }

  /** Returns true if it names, without a wildcard, a directory that contains the path. */
  boolean isAbove(Path real, Path workspace) {
    if (!literalPrefix.equals(text)) return false;
    Path named = absolute ? Path.of(text) : workspace.resolve(text);
    return real.startsWith(named.normalize());
  }

  /** Returns true if a path that it covers may be below the directory. */
  boolean isBelow(Path directory, Path workspace) {
    Path first = absolute ? Path.of("/" + literalPrefix) : workspace.resolve(literalPrefix);
    return first.normalize().startsWith(directory);
  }
}
