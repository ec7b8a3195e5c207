package io.agentledger.store.permission;

import java.util.List;
import java.util.Set;

/**
 * What a path of a rule means in the box of a shell command. A mount can hold one place, with all
 * that is below it; a pattern means many.
 *
 * @param place by the box's names
 * @param why no mount can hold it; empty where one can
 */
record SandboxPath(String place, String why) {
  static final String WORKSPACE = "/workspace";

  private static final String BELOW = "/**";
  private static final Set<String> THE_SYSTEMS = Set.of("proc", "dev", "sys", "run");
  private static final Set<String> OTHER_NAMES =
      Set.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  static SandboxPath of(String path) {
    String whole =
        path.startsWith("/")
            ? path.replaceFirst("^/+", "/")
            : WORKSPACE + "/" + path.replaceFirst("^(?:\\./)+", "");
    String place =
        whole.endsWith(BELOW) ? whole.substring(0, whole.length() - BELOW.length()) : whole;
    return new SandboxPath(place, why(place));
  }

  private static String why(String place) {
    if (place.chars().anyMatch(one -> one == '*' || one == '?'))
      return "it is a pattern, and a mount is for one place";
    if (place.chars().anyMatch(Character::isISOControl)) return "it has a control character";
    if (place.length() <= 1) return "it is everything";
    List<String> names = List.of(place.substring(1).split("/", -1));
    if (names.stream().anyMatch(name -> Set.of("", ".", "..").contains(name)))
      return "a path that is written like that means no file";
    if (THE_SYSTEMS.contains(names.getFirst())) return "the system needs it";
    if (OTHER_NAMES.contains(names.getFirst())) return "what is there has another name below /usr";
    return "";
  }

  boolean canBeHeld() {
    return why.isEmpty();
  }
}
