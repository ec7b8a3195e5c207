package io.agentledger.command.claude.projectconfig;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code @path} imports of a workspace's memory. What is imported comes along under a name of
 * its own; what lies outside of the workspace is not imported: the CLI reads imports itself, past
 * every rule for its tools.
 */
final class ClaudeMdImports {
  /** Where imported files stand in the CLI's configuration. */
  static final String FOLDER = "given-memory";

  private static final int DEPTH_MAX = 5; // as Claude Code has it

  /** Wider than Claude Code's own, which wants a blank before it: what it takes is among these. */
  private static final Pattern IMPORT = Pattern.compile("@((?:[^\\s\\\\]|\\\\ )+)");

  private static final Pattern LEADS_OUT = Pattern.compile("^[~/.]|[.][.]");

  private final ProjectConfigReader projectConfigReader;
  private final Set<String> taken = new HashSet<>();
  private int looks;

  ClaudeMdImports(ProjectConfigReader projectConfigReader) {
    this.projectConfigReader = projectConfigReader;
  }

  /** The text with its imports as the CLI will find them. */
  String in(String memory) throws IOException {
    return in(memory, Path.of(""), "", 1);
  }

  /**
   * The same of a file beside the memory.
   *
   * @param place in the configuration, which is its place below the workspace's {@code .claude}
   */
  String in(String text, Path place) throws IOException {
    Path folder = Optional.ofNullable(Path.of(".claude").resolve(place).getParent()).orElseThrow();
    return in(text, folder, "../".repeat(place.getNameCount() - 1), 1);
  }

  /**
   * @param folder of the workspace, that the text's imports are relative to
   * @param back from the text's place in the configuration to its root
   */
  private String in(String text, Path folder, String back, int depth) throws IOException {
    Matcher imports = IMPORT.matcher(text);
    StringBuilder rewritten = new StringBuilder();
    while (imports.find()) {
      String named = imports.group(1).replace("\\ ", " ").replaceAll("#.*", "");
      Optional<Path> inside = depth > DEPTH_MAX ? Optional.empty() : resolveInside(folder, named);
      String instead = imports.group();
      if (inside.isPresent() && include(inside.get(), depth)) {
        instead = "@" + back + FOLDER + "/" + inside.get().toString().replace(" ", "\\ ");
      } else if (LEADS_OUT.matcher(named).find()) {
        instead = "@ " + imports.group(1); // With a blank behind it nothing is imported.
      }
      imports.appendReplacement(rewritten, Matcher.quoteReplacement(instead));
    }
    return imports.appendTail(rewritten).toString();
  }

  private static Optional<Path> resolveInside(Path folder, String named) {
    try {
      Path path = Path.of(named);
      Path whole = folder.resolve(path).normalize();
      boolean out = path.isAbsolute() || named.startsWith("~") || whole.startsWith("..");
      return out || whole.toString().isEmpty() ? Optional.empty() : Optional.of(whole);
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }

  private boolean include(Path file, int depth) throws IOException {
    if (taken.contains(file.toString())) {
      return true;
    }
    if (++looks > ProjectConfig.FILES_MAX) {
      return false; // Words behind an @ are cheap to write.
    }
    Optional<String> text = projectConfigReader.text(file.toString());
    if (text.isEmpty()) {
      return false;
    }
    taken.add(file.toString());
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    String back = "../".repeat(file.getNameCount());
    projectConfigReader.put(FOLDER + "/" + file, in(text.get(), folder, back, depth + 1));
    return true;
  }
}
