package io.agentledger.api.agent;

import io.agentledger.api.shared.Json;
import org.jspecify.annotations.Nullable;

/**
 * Definition of an agent.
 *
 * @param description null for none
 * @param session fields of a request to open a session, as in the API, an object
 * @param instructions text of its CLAUDE.md; null for none
 */
public record AgentDefinition(
    @Nullable String description, Json session, @Nullable String instructions) {
  /** Maximum length of the instructions, in characters. */
  public static final int INSTRUCTIONS_LENGTH_MAX = 50_000;

  /** Maximum length of the fields of a session, in characters. */
  public static final int SESSION_LENGTH_MAX = 262_144;
}
