package io.agentledger.api.agent;

import java.util.List;

/**
 * Skill of an agent: a folder with instructions for one kind of work.
 *
 * @param digest SHA-256 (hex) of its sealed content, its name in the content store; it changes when
 *     a file does
 * @param bytes size of all files
 * @param files paths in the folder, sorted
 */
public record AgentSkill(
    String name, String description, String digest, long bytes, List<String> files) {
  /** Maximum number of files of all skills of an agent. */
  public static final int FILES_MAX = 150;

  /** Maximum size of all skills of an agent. */
  public static final int BYTES_MAX = 2 * 1024 * 1024;

  public AgentSkill {
    files = List.copyOf(files);
  }
}
