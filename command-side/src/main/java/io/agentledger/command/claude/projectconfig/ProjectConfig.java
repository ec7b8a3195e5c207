package io.agentledger.command.claude.projectconfig;

import io.agentledger.api.session.CliCommands;
import io.agentledger.command.claude.protocol.MentionEscaper;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Configuration for Claude Code from a workspace, as far as it contains only text: memory, rules,
 * skills, commands, subagents, output styles, and the same of plugins. The CLI gets copies in the
 * directory of its user's configuration; if it loaded the workspace's configuration itself, it
 * would also run the hooks, servers and helper programs in it. Links are not followed, here or in
 * imports.
 *
 * @param files path in the CLI's configuration -> content
 * @param leftOut files that the CLI does not get -> reason
 */
public record ProjectConfig(SortedMap<String, byte[]> files, SortedMap<String, String> leftOut) {
  static final int FILES_MAX = 1_000;
  static final int BYTES_MAX = 8 * 1024 * 1024;
  private static final String RULES = "rules/";
  private static final String MEMORY = "CLAUDE.md";
  static final String PLUGINS = "given-plugins";
  private static final String SKILLS = "skills/";
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwx------");

  /** Files whose text the CLI expands and then searches for mentions of files to attach. */
  private static final Pattern TEMPLATE =
      Pattern.compile("(^|/)(commands/.*\\.md|skills/.*SKILL\\.md)$", Pattern.CASE_INSENSITIVE);

  /** A command of the workspace, or a file of a skill; the group is the name that invokes it. */
  private static final Pattern NAMED_COMMAND =
      Pattern.compile("^(?:commands/(.*)\\.md|skills/([^/]+)/.*)$", Pattern.CASE_INSENSITIVE);

  /** Manifest of a plugin that the session names, as far as it is copied. */
  private static final Pattern MANIFEST =
      Pattern.compile(PLUGINS + "/\\d+/\\.claude-plugin/plugin\\.json");

  static final List<String> FOLDERS =
      List.of("rules", "skills", "commands", "agents", "output-styles");

  /**
   * @param project whether the workspace's own configuration is read
   * @param plugins plugin directories in the workspace
   * @param importPolicy decides which files may be read
   * @throws IOException if it cannot be read, or exceeds the size limits
   */
  public static ProjectConfig read(
      SessionPaths session, boolean project, List<String> plugins, ImportPolicy importPolicy)
      throws IOException {
    ProjectConfigReader projectConfigReader =
        new ProjectConfigReader(session.workspace(), importPolicy);
    if (project) {
      for (String folder : FOLDERS) {
        projectConfigReader.copyFolder(".claude/" + folder, folder);
      }
      leaveOutReservedNames(projectConfigReader, plugins);
      ClaudeMdImports imports = new ClaudeMdImports(projectConfigReader);
      for (String rule :
          List.copyOf(projectConfigReader.files().tailMap(RULES).headMap(RULES + "~").keySet())) {
        String text = new String(projectConfigReader.files().get(rule), StandardCharsets.UTF_8);
        projectConfigReader.putFile(
            rule, imports.rewrite(text, Path.of(rule))); // Rules have imports, too.
      }
      String memory =
          projectConfigReader.readText(MEMORY).map(text -> text + "\n").orElse("")
              + projectConfigReader.readText(".claude/" + MEMORY).orElse("");
      if (!memory.isBlank()) {
        projectConfigReader.putFile(MEMORY, imports.rewrite(memory));
      }
    }
    for (int i = 0; i < plugins.size(); i++) {
      projectConfigReader.copyPlugin(plugins.get(i), PLUGINS + "/" + i);
    }
    leaveOutMentions(projectConfigReader, plugins);
    leaveOutHidden(projectConfigReader, plugins);
    SortedMap<String, byte[]> files = projectConfigReader.files();
    files.replaceAll((path, content) -> TEMPLATE.matcher(path).find() ? escape(content) : content);
    return new ProjectConfig(files, projectConfigReader.leftOut());
  }

  /**
   * Returns the copy of a skill of the agent.
   *
   * @param files path in its folder -> content
   */
  public static ProjectConfig ofSkill(String name, SortedMap<String, byte[]> files) {
    var copies = new TreeMap<String, byte[]>();
    files.forEach(
        (file, content) -> {
          var path = "skills/" + name + "/" + file;
          copies.put(path, TEMPLATE.matcher(path).find() ? escape(content) : content);
        });
    return new ProjectConfig(copies, new TreeMap<>());
  }

  /** Returns the configuration without the skills and commands that the agent has of its own. */
  public ProjectConfig without(Set<String> agentSkills) {
    var others = new TreeMap<>(files);
    var leftOutAlso = new TreeMap<>(leftOut);
    for (String file : files.keySet()) {
      Matcher named = NAMED_COMMAND.matcher(file);
      if (named.find()
          && agentSkills.contains(named.group(1) == null ? named.group(2) : named.group(1))) {
        others.remove(file);
        leftOutAlso.put(
            ClientPaths.toClientPath(file, List.of()), "the agent has a skill with this name");
      }
    }
    return new ProjectConfig(others, leftOutAlso);
  }

  /** Leaves out files that would override a command of Claude Code. */
  private static void leaveOutReservedNames(
      ProjectConfigReader projectConfigReader, List<String> plugins) {
    leaveOut(
        projectConfigReader,
        plugins,
        file -> {
          Matcher named = NAMED_COMMAND.matcher(file);
          return named.find()
              && CliCommands.contains(named.group(1) == null ? named.group(2) : named.group(1));
        },
        "Claude Code has a built-in command with this name; rename it");
  }

  private static void leaveOutMentions(
      ProjectConfigReader projectConfigReader, List<String> plugins) {
    leaveOut(
        projectConfigReader,
        plugins,
        file -> file.indexOf('@') >= 0, // The path of a skill becomes part of its text.
        "its name has an @, which mentions a file; rename it");
  }

  /**
   * Leaves out hidden files: {@code .claude-plugin} makes a plugin of a skill's folder, with
   * settings and commands of its own.
   */
  private static void leaveOutHidden(
      ProjectConfigReader projectConfigReader, List<String> plugins) {
    leaveOut(
        projectConfigReader,
        plugins,
        file -> file.contains("/.") && !MANIFEST.matcher(file).matches(),
        "its path has a name that begins with a dot; rename it");
  }

  private static void leaveOut(
      ProjectConfigReader projectConfigReader,
      List<String> plugins,
      Predicate<String> condition,
      String reason) {
    for (String file : List.copyOf(projectConfigReader.files().keySet())) {
      if (condition.test(file)) {
        projectConfigReader.files().remove(file);
        projectConfigReader.leaveOut(ClientPaths.toClientPath(file, plugins), reason);
      }
    }
  }

  private static byte[] escape(byte[] template) {
    String text = new String(template, StandardCharsets.UTF_8);
    return MentionEscaper.escapeTemplate(text).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a digest; equal digests mean equal files. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, content) -> {
            digest.update((path + "\0" + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Writes the files to the CLI's configuration, which was just recreated. */
  public void stage(SessionPaths session) throws IOException {
    Path config = session.configuration();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = config.resolve(file.getKey());
      createFolders(session, config, Path.of(file.getKey()));
      Files.write(path, file.getValue(), StandardOpenOption.CREATE_NEW);
      if (file.getKey().startsWith(SKILLS) && isScript(file.getValue())) {
        Files.setPosixFilePermissions(path, EXECUTABLE);
      }
      session.chown(path);
    }
  }

  /** Archives of skills do not always have modes, so the first line decides. */
  private static boolean isScript(byte[] content) {
    return content.length > 1 && content[0] == '#' && content[1] == '!';
  }

  private static void createFolders(SessionPaths session, Path config, Path file)
      throws IOException {
    for (int names = 1; names < file.getNameCount(); names++) {
      Path folder = config.resolve(file.subpath(0, names));
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        SessionPaths.createDirectory(folder, "rwx------");
        session.chown(folder);
      }
    }
  }

  /** Returns the directory of the plugin with this number, as the CLI sees it. */
  public static Path pluginPath(SandboxPaths sandboxPaths, int number) {
    return sandboxPaths.config().resolve(PLUGINS).resolve(Integer.toString(number));
  }
}
