package io.agentledger.api.agent;

import java.util.List;

/**
 * Version of an agent that a session is opened with.
 *
 * @param name name of the agent in that version
 * @param instructions text that follows the system prompt; empty for none
 * @param skills names and digests
 * @param writableFolders folders of the workspace that can be written; empty: all of it
 */
public record AgentVersion(
    AgentId id,
    long version,
    String name,
    String instructions,
    List<AgentSnapshot.Skill> skills,
    List<String> writableFolders) {
  public AgentVersion {
    skills = List.copyOf(skills);
    writableFolders = List.copyOf(writableFolders);
  }
}
