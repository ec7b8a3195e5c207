package io.agentledger.store.permission;

import java.util.List;
import java.util.Set;

/**
 * Path of a rule as a location in the sandbox of a shell command. A mount can close one location
 * with everything below it; a pattern names several.
 *
 * @param path path in the sandbox
 * @param violation the reason why no mount can enforce it; empty if one can
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
      return "it is a pattern, and a mount needs one location";
    if (path.chars().anyMatch(Character::isISOControl)) return "it contains a control character";
    if (path.length() <= 1) return "it covers everything";
    List<String> names = List.of(path.substring(1).split("/", -1));
    if (names.stream().anyMatch(name -> Set.of("", ".", "..").contains(name)))
      return "it is not a normalized path";
    if (SYSTEM_FOLDERS.contains(names.getFirst())) return "the system needs it";
    if (USR_ALIASES.contains(names.getFirst())) return "it is another name of a folder below /usr";
    return "";
  }

  /** Returns true if a rule's path includes everything below a directory, also for file tools. */
  static boolean isSubtree(String path) {
    return path.endsWith(SUBTREE);
  }

  boolean canBeEnforced() {
    return violation.isEmpty();
  }
}
