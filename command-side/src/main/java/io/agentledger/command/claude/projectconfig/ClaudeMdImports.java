package io.agentledger.command.claude.projectconfig;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites the {@code @path} imports of a workspace's memory. Imported files are copied under new
 * names. Files outside of the workspace and files that the agent may not read are left out, because
 * the CLI reads imports itself and applies no tool rules to them.
 */
final class ClaudeMdImports {
  /** Directory of imported files in the CLI's configuration. */
  static final String FOLDER = "given-memory";

  private static final int DEPTH_MAX = 5; // as Claude Code has it

  /**
   * Matches more than Claude Code's own pattern, which requires white space before the import. RE2J
   * does not recurse into repetitions, so a path may be of any length.
   */
  private static final Pattern IMPORT = Pattern.compile("@((?:[^\\s\\x0B\\\\]|\\\\ )+)");

  private static final Pattern OUTSIDE_WORKSPACE = Pattern.compile("^[~/.]|[.][.]");

  private final ProjectConfigReader projectConfigReader;
  private final Set<String> included = new HashSet<>();
  private int filesRead;

  ClaudeMdImports(ProjectConfigReader projectConfigReader) {
    this.projectConfigReader = projectConfigReader;
  }

  /** Returns the memory with its imports rewritten to the copied files. */
  String rewrite(String memory) throws IOException {
    return rewrite(memory, Path.of(""), "", 1);
  }

  /**
   * Returns another file with its imports rewritten.
   *
   * @param path path in the configuration, the same as below the workspace's {@code .claude}
   */
  String rewrite(String text, Path path) throws IOException {
    Path folder = Optional.ofNullable(Path.of(".claude").resolve(path).getParent()).orElseThrow();
    return rewrite(text, folder, "../".repeat(path.getNameCount() - 1), 1);
  }

  /**
   * @param folder directory in the workspace that the imports are relative to
   * @param pathToRoot relative path from the text's directory in the configuration to its root
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
        instead = "@ " + imports.group(1); // An @ followed by white space imports nothing.
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
    if (reference.length() > AgentPathResolver.LENGTH_MAX) return Optional.empty();
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

  /**
   * Returns whether white space precedes the position; otherwise Claude Code treats the @ as part
   * of a word.
   */
  private static boolean isBehindBlank(String text, int start) {
    return start == 0 || Character.isWhitespace(text.charAt(start - 1));
  }

  private boolean include(Path file, int depth) throws IOException {
    if (included.contains(file.toString())) {
      return true;
    }
    if (++filesRead > ProjectConfig.FILES_MAX) {
      return false; // A text may contain any number of words after an @.
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
