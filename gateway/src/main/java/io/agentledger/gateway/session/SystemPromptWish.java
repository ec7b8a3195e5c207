package io.agentledger.gateway.session;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.AgentWishes;
import io.agentledger.gateway.support.Invalid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told before the first prompt.
 *
 * @param text what follows Claude Code's own prompt or stands in its place; with those kinds only
 */
record SystemPromptWish(
    @NotNull(message = "must be preset, append or replace") AgentSnapshot.SystemPrompt kind,
    @Nullable
        @Size(
            min = 1,
            max = AgentWishes.SYSTEM_PROMPT_LENGTH_MAX,
            message = "must be 1 to 100000 characters")
        String text) {
  AgentWishes.SystemPrompt toSystemPrompt() {
    boolean preset = kind == AgentSnapshot.SystemPrompt.PRESET;
    if (preset == (text != null))
      throw Invalid.body(
          "/options/system_prompt/text", "must be given with append and replace, and only then");
    return new AgentWishes.SystemPrompt(kind, text == null ? "" : text);
  }
}
