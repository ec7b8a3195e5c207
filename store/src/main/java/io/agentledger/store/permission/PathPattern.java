package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.nio.file.Path;

/** Names files: below the workspace, or anywhere when it begins with a slash. */
final class PathPattern {
  private final String text;
  private final boolean absolute;
  private final Pattern pattern;

  /** The directory that everything which it covers is below. */
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

  /** Whether something that it covers may lie below the directory. */
  boolean isBelow(Path directory, Path workspace) {
    Path first = absolute ? Path.of("/" + literalPrefix) : workspace.resolve(literalPrefix);
    return first.normalize().startsWith(directory);
  }
}
