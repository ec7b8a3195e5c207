package io.agentledger.api.session;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.agent.AgentVersion;
import io.agentledger.api.shared.WireNamed;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Settings that a client gives to a session's agent; missing ones are taken from the tenant's
 * default agent.
 *
 * @param agent agent that the session is opened with; null: the default agent
 * @param tools some of {@link AgentSnapshot#BUILT_IN_TOOLS}; empty: none
 * @param agentSetup setup of the agent beside its tools
 */
public record AgentOverrides(
    @Nullable AgentVersion agent,
    @Nullable Effort effort,
    @Nullable SystemPrompt systemPrompt,
    @Nullable List<String> tools,
    AgentSetup agentSetup) {
  public static final AgentOverrides NONE = new AgentOverrides(null, null, null, AgentSetup.NONE);
  public static final int SYSTEM_PROMPT_LENGTH_MAX = 100_000;

  public AgentOverrides {
    tools = tools == null ? null : List.copyOf(tools);
  }

  /** Creates settings of the default agent. */
  public AgentOverrides(
      @Nullable Effort effort,
      @Nullable SystemPrompt systemPrompt,
      @Nullable List<String> tools,
      AgentSetup agentSetup) {
    this(null, effort, systemPrompt, tools, agentSetup);
  }

  /** Returns the same settings for an agent, whose instructions follow the system prompt. */
  public AgentOverrides with(AgentVersion other) {
    return new AgentOverrides(other, effort, promptWith(other.instructions()), tools, agentSetup);
  }

  private @Nullable SystemPrompt promptWith(String instructions) {
    if (instructions.isEmpty()) return systemPrompt;
    return systemPrompt == null || systemPrompt.text().isEmpty()
        ? new SystemPrompt(AgentSnapshot.SystemPrompt.APPEND, instructions)
        : new SystemPrompt(systemPrompt.kind(), systemPrompt.text() + "\n\n" + instructions);
  }

  /** Effort of the model, with Claude Code's names. */
  public enum Effort implements WireNamed {
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * System prompt of the agent.
   *
   * @param text empty with the preset only
   */
  public record SystemPrompt(AgentSnapshot.SystemPrompt kind, String text) {}

  /** Applies these settings to a base. The system prompt is content; it is stored separately. */
  public AgentSnapshot applyTo(AgentSnapshot base) {
    return new AgentSnapshot(
        agent == null ? base.id() : agent.id(),
        agent == null ? base.version() : agent.version(),
        agent == null ? base.name() : agent.name(),
        effort == null
            ? base.model()
            : new AgentSnapshot.Model(base.model().id(), effort.wireName(), base.model().speed()),
        systemPrompt == null ? base.systemPrompt() : systemPrompt.kind(),
        tools == null ? base.tools() : tools,
        base.mcpServers(),
        base.clientTools(),
        agent == null ? base.skills() : agent.skills(),
        base.roster(),
        agent == null ? base.writableFolders() : agent.writableFolders());
  }

  /** Returns the text of the system prompt; empty if Claude Code's own prompt is used unchanged. */
  public String systemPromptText() {
    return systemPrompt == null ? "" : systemPrompt.text();
  }
}
