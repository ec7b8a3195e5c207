package io.agentledger.api.agent;

import java.util.SortedMap;

/**
 * Files of one skill, which were checked: {@code SKILL.md} and what belongs to it.
 *
 * @param description when the agent uses it, from the front matter
 * @param files path in the folder -> content
 */
public record SkillFolder(String name, String description, SortedMap<String, byte[]> files) {
  /** File with the instructions. */
  public static final String INSTRUCTIONS = "SKILL.md";

  /** Returns the size of all files. */
  public long bytes() {
    return files.values().stream().mapToLong(file -> file.length).sum();
  }
}
