package io.agentledger.api.session;

import io.agentledger.api.content.Content;
import java.util.List;

/**
 * The {@link AgentSetup} of a session as its opening event contains it: names in clear, the rest
 * sealed.
 *
 * @param planModeInstructions absent: those of Claude Code
 * @param previewFormat format of previews of the options of the agent's questions
 * @param agents names of its subagents, sorted
 * @param definitions of its subagents, a JSON object in the format of the Claude Agent SDK
 * @param env names of the variables, sorted
 * @param values name -> value, a JSON object
 */
public record SealedAgentSetup(
    String outputStyle,
    List<AgentSetup.SettingSource> settingSources,
    List<String> skills,
    List<String> plugins,
    String agent,
    List<String> betas,
    Content planModeInstructions,
    boolean excludeDynamicSections,
    AgentSetup.PreviewFormat previewFormat,
    List<String> agents,
    Content definitions,
    List<String> env,
    Content values) {
  public static final SealedAgentSetup NONE =
      new SealedAgentSetup(
          AgentSetup.DEFAULT_STYLE,
          List.of(),
          List.of(),
          List.of(),
          "",
          List.of(),
          Content.ABSENT,
          false,
          AgentSetup.PreviewFormat.NONE,
          List.of(),
          Content.ABSENT,
          List.of(),
          Content.ABSENT);

  public SealedAgentSetup {
    settingSources = List.copyOf(settingSources);
    skills = List.copyOf(skills);
    plugins = List.copyOf(plugins);
    betas = List.copyOf(betas);
    agents = List.copyOf(agents);
    env = List.copyOf(env);
  }
}
