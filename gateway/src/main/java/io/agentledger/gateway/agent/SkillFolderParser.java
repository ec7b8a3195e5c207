package io.agentledger.gateway.agent;

import io.agentledger.api.agent.SkillFolder;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
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

  /** Ordinary names: an @ would mention a file where the CLI shows the path. */
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,6}");

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
    for (var file : files.keySet())
      if (file.length() > PATH_LENGTH_MAX || !PATH.matcher(file).matches())
        throw InvalidRequestException.body(
            AgentZip.pointer(placeInArchive + file),
            "must have a path of letters, digits, dots, hyphens and underscores, of at most 200"
                + " characters and 7 steps");
    var place = placeInArchive + SkillFolder.INSTRUCTIONS;
    var instructions = files.get(SkillFolder.INSTRUCTIONS);
    if (instructions == null)
      throw InvalidRequestException.body(AgentZip.pointer(place), "must be there");
    var fields = SubagentFile.readFrontMatter(place, AgentZip.decode(place, instructions));
    if (!fields.path("name").asString("").equals(name))
      throw InvalidRequestException.body(
          AgentZip.pointer(place), "must have the name of its folder in its front matter");
    var description = fields.path("description").asString("").strip();
    if (description.isEmpty() || description.length() > DESCRIPTION_LENGTH_MAX)
      throw InvalidRequestException.body(
          AgentZip.pointer(place), "must have a description of 1 to 1024 characters");
    return new SkillFolder(name, description, files);
  }
}
