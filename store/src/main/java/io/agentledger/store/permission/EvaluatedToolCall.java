package io.agentledger.store.permission;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tool call as rules see it.
 *
 * @param pathResolver resolves the paths that it names
 */
public record EvaluatedToolCall(String tool, JsonNode input, PathResolver pathResolver) {
  /** Tools that only read files. */
  public static final List<String> READERS = List.of("Read", "Glob", "Grep");

  /** Tools that change files. */
  public static final List<String> WRITERS = List.of("Edit", "Write", "NotebookEdit");

  /** Tools that read resources of MCP servers. */
  public static final List<String> RESOURCE_READERS =
      List.of("ListMcpResourcesTool", "ReadMcpResourceDirTool", "ReadMcpResourceTool");

  /** Tool that fetches a page from its host. */
  public static final String WEB_FETCH = "WebFetch";

  /** Tool that searches the web at the model's API. */
  public static final String WEB_SEARCH = "WebSearch";

  /** Tools that read the web. */
  public static final List<String> WEB_READERS = List.of(WEB_FETCH, WEB_SEARCH);

  private static final String MCP = "mcp__";

  private static final List<String> SEARCHERS = List.of("Glob", "Grep");

  /**
   * Pattern that may lead out of its folder: it goes up after the fixed part, or has alternatives
   * that start elsewhere.
   */
  private static final Pattern LEAVES_FOLDER = Pattern.compile("\\.\\.|[{,][/~]");

  private static final List<String> PATH_FIELDS = List.of("file_path", "notebook_path", "path");

  /** Resolves names of the agent's file system. */
  public interface PathResolver {
    Path workspace();

    /** Resolves links in a path; empty if it cannot be resolved. */
    Optional<Path> resolve(String name);
  }

  public boolean isAboutFiles() {
    return isAboutFiles(tool);
  }

  /** Returns true if a tool of that name reads or writes files by their paths. */
  public static boolean isAboutFiles(String tool) {
    return READERS.contains(tool) || WRITERS.contains(tool);
  }

  /**
   * Returns whether a rule that matches tool names by the predicate applies to the call. A call
   * that reads resources of an MCP server has a second name, as if it were a tool of that server;
   * one that lists the resources of all servers is covered by {@code mcp__*}.
   *
   * @param rule the rule's own text for a tool, without its content
   * @param strict whether the rule denies or asks: a rule about any one server then covers a call
   *     about all of them
   */
  public boolean isNamed(String rule, Predicate<String> matches, boolean strict) {
    if (matches.test(tool)) return true;
    if (!RESOURCE_READERS.contains(tool)) return false;
    String server = input.path("server").asString("");
    if (!server.isEmpty()) return matches.test(MCP + server + "__" + tool);
    return rule.equals(MCP + "*") || strict && isAboutWholeServer(rule);
  }

  private static boolean isAboutWholeServer(String rule) {
    if (!rule.startsWith(MCP)) return false;
    int tools = rule.indexOf("__", MCP.length());
    return tools < 0 || rule.substring(tools).equals("__*");
  }

  boolean writes() {
    return WRITERS.contains(tool);
  }

  /** Returns true if the tool reads everything below its path. */
  public boolean searches() {
    return SEARCHERS.contains(tool);
  }

  /**
   * Returns the path that a file tool's input names; without one, the workspace. Includes the
   * literal folder at the beginning of a Glob pattern; {@code /} if the pattern may lead out of it.
   */
  public String path() {
    String name = namedPath();
    String pattern = tool.equals("Glob") ? input.path("pattern").asString("") : "";
    String folder = literalFolder(pattern);
    if (folder.startsWith("/") || folder.startsWith("~/")) return folder;
    if (LEAVES_FOLDER.matcher(pattern.substring(folder.length())).find()) return "/";
    return folder.isEmpty() ? name : name + "/" + folder;
  }

  /** Returns the folder at the beginning of a Glob pattern, with the slash; empty if none. */
  private static String literalFolder(String pattern) {
    String fixed = pattern.split("[*?\\[{]", 2)[0];
    return fixed.substring(0, fixed.lastIndexOf('/') + 1);
  }

  private String namedPath() {
    return findPath(input).orElse(".");
  }

  /** Returns the path that an input names; empty if it names none. */
  public static Optional<String> findPath(JsonNode input) {
    return pathField(input).map(field -> input.path(field).asString());
  }

  /**
   * Returns the input with the path that was decided about. A search has one in any case, and a
   * Glob pattern keeps no folder: the CLI starts both in a directory that commands can change.
   */
  public static JsonNode withPath(String tool, JsonNode input, String path) {
    Optional<String> field = pathField(input);
    if (field.isEmpty() && !SEARCHERS.contains(tool)) return input;
    ObjectNode changed = ((ObjectNode) input.deepCopy()).put(field.orElse("path"), path);
    if (tool.equals("Glob")) {
      String pattern = input.path("pattern").asString("");
      changed.put("pattern", pattern.substring(literalFolder(pattern).length()));
    }
    return changed;
  }

  private static Optional<String> pathField(JsonNode input) {
    return PATH_FIELDS.stream()
        .filter(field -> !input.path(field).asString("").isEmpty())
        .findFirst();
  }

  /** Returns the shell command, if the call is one. */
  public Optional<String> command() {
    JsonNode value = input.path("command");
    return tool.equals("Bash") && value.isString()
        ? Optional.of(value.asString())
        : Optional.empty();
  }

  /** Returns the hosts that the input or the text of a command names. */
  List<String> hosts() {
    var found = new TreeSet<String>();
    Optional<String> command = command();
    if (command.isPresent()) HostExtractor.collectFromCommand(command.get(), found);
    else HostExtractor.collectFromInput(input, found);
    return List.copyOf(found);
  }
}
