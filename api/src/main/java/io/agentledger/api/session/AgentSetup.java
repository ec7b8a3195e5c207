package io.agentledger.api.session;

import io.agentledger.api.session.AgentOverrides.Effort;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.WireNamed;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Setup of a session's agent beside its tools, with the names of the Claude Agent SDK. It does not
 * change during the session.
 *
 * @param outputStyle one of {@link #OUTPUT_STYLES}, or one from the workspace or a plugin
 * @param settingSources sources of memory, skills, commands, subagents and output styles
 * @param skills skills that the agent is told of; empty: all that are found
 * @param plugins directories of the workspace, relative to it
 * @param agent subagent that runs the main thread; empty: none, Claude Code itself
 * @param betas beta features of the model API, by their names there
 * @param planModeInstructions instructions for plan mode; empty: those of Claude Code
 * @param excludeDynamicSections whether the system prompt omits the parts that differ by session,
 *     so that the provider can cache it for all sessions
 * @param previewFormat format of previews of the options of the agent's questions
 * @param agents subagents by name, in addition to Claude Code's own
 * @param env environment variables of the agent's commands, in addition to those that the service
 *     sets
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

  /** Output styles of Claude Code. */
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

  /** Beta features that sessions may use. */
  public static final List<String> BETAS = List.of("context-1m-2025-08-07");

  /** Creates a setup without a main agent, plan instructions, betas and previews. */
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
    agents = OrderedCopy.of(agents);
    env = OrderedCopy.of(env);
  }

  /**
   * Source of Claude Code's settings. Of a workspace, the service uses only what the agent reads,
   * never settings, hooks or servers, because the author of the workspace must not be able to
   * execute code.
   */
  public enum SettingSource implements WireNamed {
    PROJECT;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Format in which the agent shows previews of the options of a question. */
  public enum PreviewFormat implements WireNamed {
    NONE,
    MARKDOWN,
    /** HTML fragments without scripts and style sheets. */
    HTML;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Definition of a subagent.
   *
   * @param description when the agent should call it
   * @param prompt its system prompt
   * @param tools null: all tools of the agent
   * @param model null: the agent's model
   * @param maxTurns null: no limit
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
