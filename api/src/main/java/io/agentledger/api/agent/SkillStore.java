package io.agentledger.api.agent;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Content of the skills of agents, sealed with the key of the agent. A port and not a message,
 * because it transfers files. May block.
 */
public interface SkillStore {
  /**
   * Stores a skill. Its agent refers to it in a later command.
   *
   * @param current the skill of that name that the agent has; null for none
   * @return the current skill if its files are the same
   */
  AgentSkill put(AgentId agent, SkillFolder folder, @Nullable AgentSkill current);

  /** Deletes a skill that was stored for a command which was refused. */
  void delete(String digest);

  /** Returns the files of a stored skill: path -> content. */
  SortedMap<String, byte[]> get(AgentId agent, String digest);
}
