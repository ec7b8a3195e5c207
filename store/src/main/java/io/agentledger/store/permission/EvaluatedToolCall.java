package io.agentledger.store.permission;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool call as rules see it.
 *
 * @param pathResolver what the paths that it names really are
 */
public record EvaluatedToolCall(String tool, JsonNode input, PathResolver pathResolver) {
  /** Tools that only look at files. */
  public static final List<String> READERS = List.of("Read", "Glob", "Grep");

  /** Tools that change files. */
  public static final List<String> WRITERS = List.of("Edit", "Write", "NotebookEdit");

  private static final List<String> SEARCHERS = List.of("Glob", "Grep");

  /** It goes up behind what is fixed, or has alternatives that begin elsewhere. */
  private static final Pattern LEAVES_FOLDER = Pattern.compile("\\.\\.|[{,][/~]");

  private static final List<String> PATH_FIELDS = List.of("file_path", "notebook_path", "path");

  /** The agent's file system, by the agent's names. */
  public interface PathResolver {
    Path workspace();

    /** What a path really is; empty when nobody can tell. */
    Optional<Path> resolve(String name);
  }

  public boolean isAboutFiles() {
    return isAboutFiles(tool);
  }

  /** Whether a tool of that name reads or writes files by their paths. */
  public static boolean isAboutFiles(String tool) {
    return READERS.contains(tool) || WRITERS.contains(tool);
  }

  boolean writes() {
    return WRITERS.contains(tool);
  }

  /** Whether it looks at everything below its path. */
  public boolean searches() {
    return SEARCHERS.contains(tool);
  }

  /**
   * The path that a file tool's input names; without one it is the workspace. A pattern may name
   * one, too: where it leads out of where it is looked for, that counts.
   */
  public String path() {
    String name = namedPath();
    String pattern = tool.equals("Glob") ? input.path("pattern").asString("") : "";
    String fixed = pattern.split("[*?\\[{]", 2)[0];
    String folder = fixed.substring(0, fixed.lastIndexOf('/') + 1);
    if (folder.startsWith("/") || folder.startsWith("~/")) return folder;
    if (LEAVES_FOLDER.matcher(pattern.substring(folder.length())).find()) return "/";
    return folder.isEmpty() ? name : name + "/" + folder;
  }

  private String namedPath() {
    return findPath(input).orElse(".");
  }

  /** The path that an input names; empty if it names none. */
  public static Optional<String> findPath(JsonNode input) {
    return pathField(input).map(field -> input.path(field).asString());
  }

  /** An input with another path in the place of the one that it names. */
  public static JsonNode withPath(JsonNode input, String path) {
    return pathField(input)
        .map(field -> (JsonNode) ((ObjectNode) input.deepCopy()).put(field, path))
        .orElse(input);
  }

  private static Optional<String> pathField(JsonNode input) {
    return PATH_FIELDS.stream()
        .filter(field -> !input.path(field).asString("").isEmpty())
        .findFirst();
  }

  /** The shell command, if it is one. */
  public Optional<String> command() {
    JsonNode value = input.path("command");
    return tool.equals("Bash") && value.isString()
        ? Optional.of(value.asString())
        : Optional.empty();
  }

  /** The hosts that its input names; of a command those that it spells out. */
  List<String> hosts() {
    var found = new TreeSet<String>();
    Optional<String> command = command();
    if (command.isPresent()) HostExtractor.collectFromCommand(command.get(), found);
    else HostExtractor.collectFromInput(input, found);
    return List.copyOf(found);
  }
}
