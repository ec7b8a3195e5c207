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
 * its own; what lies outside of the workspace is left out: the CLI reads imports itself, past every
 * rule for its tools. So is what the agent may not read.
 */
final class ClaudeMdImports {
  /** Where imported files stand in the CLI's configuration. */
  static final String FOLDER = "given-memory";

  private static final int DEPTH_MAX = 5; // as Claude Code has it

  /** Wider than Claude Code's own, which wants a blank before it: what it takes is among these. */
  private static final Pattern IMPORT = Pattern.compile("@((?:[^\\s\\\\]|\\\\ )+)");

  private static final Pattern OUTSIDE_WORKSPACE = Pattern.compile("^[~/.]|[.][.]");

  private final ProjectConfigReader projectConfigReader;
  private final Set<String> included = new HashSet<>();
  private int filesRead;

  ClaudeMdImports(ProjectConfigReader projectConfigReader) {
    this.projectConfigReader = projectConfigReader;
  }

  /** The text with its imports as the CLI will find them. */
  String rewrite(String memory) throws IOException {
    return rewrite(memory, Path.of(""), "", 1);
  }

  /**
   * The same of a file beside the memory.
   *
   * @param path in the configuration, which is its place below the workspace's {@code .claude}
   */
  String rewrite(String text, Path path) throws IOException {
    Path folder = Optional.ofNullable(Path.of(".claude").resolve(path).getParent()).orElseThrow();
    return rewrite(text, folder, "../".repeat(path.getNameCount() - 1), 1);
  }

  /**
   * @param folder of the workspace, that the text's imports are relative to
   * @param pathToRoot from the text's place in the configuration to its root
   */
  private String rewrite(String text, Path folder, String pathToRoot, int depth)
      throws IOException {
    Matcher imports = IMPORT.matcher(text);
    StringBuilder rewritten = new StringBuilder();
    while (imports.find()) {
      String reference = imports.group(1).replace("\\ ", " ").replaceAll("#.*", "");
      Optional<Path> inside =
          depth > DEPTH_MAX ? Optional.empty() : resolveInside(folder, reference);
      String instead = imports.group();
      if (inside.isPresent() && include(inside.get(), depth)) {
        instead = "@" + pathToRoot + FOLDER + "/" + inside.get().toString().replace(" ", "\\ ");
      } else if (OUTSIDE_WORKSPACE.matcher(reference).find()
          || inside
              .map(Path::toString)
              .filter(projectConfigReader.leftOut()::containsKey)
              .isPresent()) {
        instead = "@ " + imports.group(1); // With a blank behind it nothing is imported.
        if (resolve(folder, reference).filter(ClaudeMdImports::isOutside).isPresent()
            && isBehindBlank(text, imports.start())) {
          projectConfigReader.leaveOut(reference, "it lies outside of the workspace");
        }
      }
      imports.appendReplacement(rewritten, Matcher.quoteReplacement(instead));
    }
    return imports.appendTail(rewritten).toString();
  }

  private static Optional<Path> resolve(Path folder, String reference) {
    try {
      return Optional.of(folder.resolve(Path.of(reference)).normalize());
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }

  private static Optional<Path> resolveInside(Path folder, String reference) {
    return resolve(folder, reference)
        .filter(path -> !path.toString().isEmpty() && !isOutside(path));
  }

  private static boolean isOutside(Path path) {
    return path.isAbsolute() || path.startsWith("~") || path.startsWith("..");
  }

  /** Where it is not, Claude Code takes it for a part of a word. */
  private static boolean isBehindBlank(String text, int start) {
    return start == 0 || Character.isWhitespace(text.charAt(start - 1));
  }

  private boolean include(Path file, int depth) throws IOException {
    if (included.contains(file.toString())) {
      return true;
    }
    if (++filesRead > ProjectConfig.FILES_MAX) {
      return false; // Words behind an @ are cheap to write.
    }
    Optional<String> text = projectConfigReader.readText(file.toString());
    if (text.isEmpty()) {
      return false;
    }
    included.add(file.toString());
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    String pathToRoot = "../".repeat(file.getNameCount());
    projectConfigReader.putFile(
        FOLDER + "/" + file, rewrite(text.get(), folder, pathToRoot, depth + 1));
    return true;
  }
}
