package io.agentledger.api.session;

import io.agentledger.api.session.AgentOverrides.Effort;
import io.agentledger.api.shared.WireNamed;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Setup of a session's agent beside its tools, with the names of the Claude Agent SDK. It does not
 * change during the session.
 *
 * @param outputStyle one of {@link #OUTPUT_STYLES}, or one that the workspace or a plugin brings
 * @param settingSources where it looks for memory, skills, commands, subagents and output styles
 * @param skills those that it is told of; empty: all that are found
 * @param plugins folders of the workspace, relative to it
 * @param agent which of its subagents speaks on the main thread; empty: none, Claude Code itself
 * @param betas of the model API, by their names there
 * @param planModeInstructions what the agent does while it plans; empty: Claude Code's own way
 * @param excludeDynamicSections whether the system prompt leaves out what differs by session, so
 *     that the model's provider can cache it for all of them
 * @param previewFormat of what the options of its questions may show
 * @param agents by name, those that it may call; Claude Code's own are there besides
 * @param env what its commands find in their environment, beside what we put there
 */
public record AgentSetup(
    String outputStyle,
    List<SettingSource> settingSources,
    List<String> skills,
    List<String> plugins,
    String agent,
    List<String> betas,
    String planModeInstructions,
    boolean excludeDynamicSections,
    PreviewFormat previewFormat,
    Map<String, Subagent> agents,
    Map<String, String> env) {
  public static final String DEFAULT_STYLE = "default";

  /** Claude Code's own. */
  public static final List<String> OUTPUT_STYLES =
      List.of(DEFAULT_STYLE, "Explanatory", "Learning", "Proactive");

  public static final int AGENTS_MAX = 32;
  public static final int PROMPT_LENGTH_MAX = 50_000;
  public static final int SKILLS_MAX = 64;
  public static final int PLUGINS_MAX = 8;
  public static final int ENV_MAX = 64;
  public static final int ENV_LENGTH_MAX = 8_192;

  public static final AgentSetup NONE =
      new AgentSetup(DEFAULT_STYLE, List.of(), List.of(), List.of(), Map.of(), Map.of());

  /** The beta features that sessions may wish for. */
  public static final List<String> BETAS = List.of("context-1m-2025-08-07");

  /** With no agent of its own on the main thread, and nothing said of plans, betas and previews. */
  public AgentSetup(
      String outputStyle,
      List<SettingSource> settingSources,
      List<String> skills,
      List<String> plugins,
      Map<String, Subagent> agents,
      Map<String, String> env) {
    this(
        outputStyle,
        settingSources,
        skills,
        plugins,
        "",
        List.of(),
        "",
        false,
        PreviewFormat.NONE,
        agents,
        env);
  }

  public AgentSetup {
    settingSources = List.copyOf(settingSources);
    skills = List.copyOf(skills);
    plugins = List.copyOf(plugins);
    betas = List.copyOf(betas);
    agents = Map.copyOf(agents);
    env = Map.copyOf(env);
  }

  /**
   * Source of Claude Code's settings. Of a workspace only what the agent reads is used, never
   * settings, hooks or servers: its author must not be able to run anything.
   */
  public enum SettingSource implements WireNamed {
    PROJECT;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** In what the agent may show, beside an option of a question, what it would come to. */
  public enum PreviewFormat implements WireNamed {
    NONE,
    MARKDOWN,
    /** Fragments that stand for themselves: no scripts, no style sheets. */
    HTML;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A subagent by definition.
   *
   * @param description when the agent should call it
   * @param prompt its system prompt
   * @param tools null: all that the agent has
   * @param model null: the agent's own
   * @param maxTurns null: as many as it takes
   */
  public record Subagent(
      String description,
      String prompt,
      @Nullable List<String> tools,
      List<String> disallowedTools,
      @Nullable String model,
      @Nullable Effort effort,
      @Nullable Integer maxTurns,
      List<String> skills,
      boolean background) {
    public Subagent {
      tools = tools == null ? null : List.copyOf(tools);
      disallowedTools = List.copyOf(disallowedTools);
      skills = List.copyOf(skills);
    }
  }
}
