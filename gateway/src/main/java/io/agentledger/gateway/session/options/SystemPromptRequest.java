package io.agentledger.gateway.session.options;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * System prompt of a session's agent.
 *
 * @param text text that extends or replaces Claude Code's own prompt; with those types only
 */
record SystemPromptRequest(
    @NotNull(message = "must be preset, append or replace") AgentSnapshot.SystemPrompt type,
    @Nullable
        @Size(
            min = 1,
            max = AgentOverrides.SYSTEM_PROMPT_LENGTH_MAX,
            message = "must be 1 to 100000 characters")
        String text) {
  AgentOverrides.SystemPrompt toSystemPrompt() {
    boolean preset = type == AgentSnapshot.SystemPrompt.PRESET;
    if (preset == (text != null))
      throw InvalidRequestException.body(
          "/options/system_prompt/text", "must be given with append and replace, and only then");
    return new AgentOverrides.SystemPrompt(type, text == null ? "" : text);
  }
}
