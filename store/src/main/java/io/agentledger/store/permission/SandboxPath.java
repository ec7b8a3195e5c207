package io.agentledger.store.permission;

import java.util.List;
import java.util.Set;

/**
 * Path of a rule as a place in the sandbox of a shell command. A mount can close one place with all
 * that is below it; a pattern names many.
 *
 * @param path by the box's names
 * @param violation no mount can hold it; empty where one can
 */
record SandboxPath(String path, String violation) {
  static final String WORKSPACE = "/workspace";

  private static final String SUBTREE = "/**";
  private static final Set<String> SYSTEM_FOLDERS = Set.of("proc", "dev", "sys", "run");
  private static final Set<String> USR_ALIASES =
      Set.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  static SandboxPath of(String path) {
    String absolute =
        path.startsWith("/")
            ? path.replaceFirst("^/+", "/")
            : WORKSPACE + "/" + path.replaceFirst("^(?:\\./)+", "");
    String mountPath =
        absolute.endsWith(SUBTREE)
            ? absolute.substring(0, absolute.length() - SUBTREE.length())
            : absolute;
    return new SandboxPath(mountPath, violationOf(mountPath));
  }

  private static String violationOf(String path) {
    if (path.chars().anyMatch(character -> character == '*' || character == '?'))
      return "it is a pattern, and a mount is for one place";
    if (path.chars().anyMatch(Character::isISOControl)) return "it has a control character";
    if (path.length() <= 1) return "it is everything";
    List<String> names = List.of(path.substring(1).split("/", -1));
    if (names.stream().anyMatch(name -> Set.of("", ".", "..").contains(name)))
      return "a path that is written like that means no file";
    if (SYSTEM_FOLDERS.contains(names.getFirst())) return "the system needs it";
    if (USR_ALIASES.contains(names.getFirst())) return "what is there has another name below /usr";
    return "";
  }

  /** Whether a rule's path means all that is below a directory, to file tools as well. */
  static boolean isSubtree(String path) {
    return path.endsWith(SUBTREE);
  }

  boolean canBeEnforced() {
    return violation.isEmpty();
  }
}
