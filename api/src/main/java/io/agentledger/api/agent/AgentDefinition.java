package io.agentledger.api.agent;

import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Definition of an agent.
 *
 * @param description null for none
 * @param session fields of a request to open a session, as in the API, an object
 * @param instructions text of its CLAUDE.md; null for none
 * @param skills sorted by name
 * @param writableFolders folders of the workspace that its runs can write to; empty: all of it
 */
public record AgentDefinition(
    @Nullable String description,
    Json session,
    @Nullable String instructions,
    List<AgentSkill> skills,
    List<String> writableFolders) {
  /** Maximum length of the instructions, in characters. */
  public static final int INSTRUCTIONS_LENGTH_MAX = 50_000;

  /** Maximum length of the fields of a session, in characters. */
  public static final int SESSION_LENGTH_MAX = 262_144;

  /** Maximum number of writable folders. */
  public static final int WRITABLE_FOLDERS_MAX = 8;

  /** Definitions that are older than these fields have no lists. */
  public AgentDefinition {
    writableFolders = writableFolders == null ? List.of() : List.copyOf(writableFolders);
    skills = skills == null ? List.of() : List.copyOf(skills);
  }

  /** Creates a definition without skills that can write to the whole workspace. */
  public AgentDefinition(
      @Nullable String description, Json session, @Nullable String instructions) {
    this(description, session, instructions, List.of(), List.of());
  }
}
