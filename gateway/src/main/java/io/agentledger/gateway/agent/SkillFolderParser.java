package io.agentledger.gateway.agent;

import io.agentledger.api.agent.SkillFolder;
import io.agentledger.api.session.CliCommands;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Parser of the skills in an archive, in the layout of Claude Code. */
final class SkillFolderParser {
  /** Folder of the skills in an agent's archive. */
  static final String FOLDER = ".claude/skills/";

  private static final int DESCRIPTION_LENGTH_MAX = 1024;
  private static final int PATH_LENGTH_MAX = 200;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /**
   * Ordinary names: an @ would mention a file where the CLI shows the path, and {@code
   * .claude-plugin} would make a plugin of the folder, with settings and commands of its own.
   */
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,6}");

  /** Fields of the front matter that choose neither a model nor how the skill runs. */
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "description",
          "license",
          "compatibility",
          "metadata",
          "allowed-tools",
          "version");

  private SkillFolderParser() {}

  /** Removes the skills from the files of an agent, and returns them by name. */
  static List<SkillFolder> takeAll(SortedMap<String, byte[]> files) {
    var byName = new TreeMap<String, SortedMap<String, byte[]>>();
    for (var path : List.copyOf(files.tailMap(FOLDER).headMap(FOLDER + "\uffff").keySet())) {
      int slash = path.indexOf('/', FOLDER.length());
      if (slash < 0)
        throw InvalidRequestException.body(
            AgentZip.pointer(path), "must be in a folder with the name of its skill");
      byName
          .computeIfAbsent(path.substring(FOLDER.length(), slash), name -> new TreeMap<>())
          .put(path.substring(slash + 1), files.remove(path));
    }
    var skills = new ArrayList<SkillFolder>();
    byName.forEach((name, content) -> skills.add(parse(name, content, FOLDER + name + "/")));
    return skills;
  }

  /**
   * Parses the archive of one skill, with or without a folder of its name.
   *
   * @throws InvalidRequestException if it is not a skill of that name
   */
  static SkillFolder parse(String name, SortedMap<String, byte[]> files) {
    var folder = name + "/";
    if (!files.keySet().stream().allMatch(file -> file.startsWith(folder)))
      return parse(name, files, "");
    var content = new TreeMap<String, byte[]>();
    files.forEach((file, bytes) -> content.put(file.substring(folder.length()), bytes));
    return parse(name, content, folder);
  }

  private static SkillFolder parse(
      String name, SortedMap<String, byte[]> files, String placeInArchive) {
    if (!NAME.matcher(name).matches())
      throw InvalidRequestException.body(
          AgentZip.pointer(placeInArchive),
          "must have a name of at most 64 lower-case letters, digits and hyphens");
    if (CliCommands.isReserved(name))
      throw InvalidRequestException.body(
          AgentZip.pointer(placeInArchive),
          "must not have the name of a command or skill of Claude Code: rename it");
    for (var file : files.keySet())
      if (file.length() > PATH_LENGTH_MAX || !PATH.matcher(file).matches())
        throw InvalidRequestException.body(
            AgentZip.pointer(placeInArchive + file),
            "must have a path of letters, digits, dots, hyphens and underscores, of at most 200"
                + " characters and 7 steps, of which none begins with a dot");
    requireNoCollision(files, placeInArchive);
    var place = placeInArchive + SkillFolder.INSTRUCTIONS;
    var instructions = files.get(SkillFolder.INSTRUCTIONS);
    if (instructions == null)
      throw InvalidRequestException.body(AgentZip.pointer(place), "must be there");
    var fields = SubagentFile.readFrontMatter(place, AgentZip.decode(place, instructions));
    if (!fields.path("name").asString("").equals(name))
      throw InvalidRequestException.body(
          AgentZip.pointer(place), "must have the name of its folder in its front matter");
    for (var field : fields.propertyNames())
      if (!FIELDS.contains(field))
        throw InvalidRequestException.body(
            AgentZip.pointer(place),
            "has the field " + field + ", which is not supported: remove it");
    var description = fields.path("description").asString("").strip();
    if (description.isEmpty() || description.length() > DESCRIPTION_LENGTH_MAX)
      throw InvalidRequestException.body(
          AgentZip.pointer(place), "must have a description of 1 to 1024 characters");
    return new SkillFolder(name, description, files);
  }

  /** Rejects a file that is also a folder, and paths that differ only in their case. */
  private static void requireNoCollision(SortedMap<String, byte[]> files, String placeInArchive) {
    var steps = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (var file : files.keySet()) {
      for (int end = file.indexOf('/'); end >= 0; end = file.indexOf('/', end + 1))
        requireSame(steps, file.substring(0, end + 1), placeInArchive);
      requireSame(steps, file, placeInArchive);
    }
  }

  private static void requireSame(
      SortedMap<String, String> steps, String path, String placeInArchive) {
    var name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    var other = steps.putIfAbsent(name, path);
    if (other != null && !other.equals(path))
      throw InvalidRequestException.body(
          AgentZip.pointer(placeInArchive + path), "must not have the same name as " + other);
  }
}
