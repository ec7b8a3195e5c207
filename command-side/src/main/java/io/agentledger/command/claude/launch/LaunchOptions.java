package io.agentledger.command.claude.launch;

import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.PreviewFormat;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import java.util.Map;

/**
 * Options of a CLI process other than its tools.
 *
 * @param projectConfig whether it loads the configuration of the workspace
 * @param agentSkills whether it loads skills that its agent has
 * @param skills skills to load; empty: all that it finds
 * @param plugins plugin directories in the workspace
 * @param agent agent of the main thread; empty: Claude Code itself
 * @param planModeInstructions instructions for plan mode; empty: the CLI's own
 * @param previewFormat format of the previews that options of questions may contain
 * @param agents name -> definition, JSON in the SDK's format; empty: none
 * @param variables for the environment of its commands; see {@link LaunchSpec#environment}
 * @param stagedDigest digest of the configuration files and directories that were found for it
 */
public record LaunchOptions(
    String outputStyle,
    boolean projectConfig,
    boolean agentSkills,
    List<String> skills,
    List<String> plugins,
    String agent,
    List<String> betas,
    String planModeInstructions,
    boolean excludeDynamicSections,
    PreviewFormat previewFormat,
    String agents,
    Map<String, String> variables,
    String stagedDigest) {
  public static final LaunchOptions NONE =
      new LaunchOptions(AgentSetup.DEFAULT_STYLE, false, List.of(), List.of(), "", Map.of(), "");

  /** Creates options with the default main thread, plan mode, betas and previews. */
  public LaunchOptions(
      String outputStyle,
      boolean project,
      List<String> skills,
      List<String> plugins,
      String agents,
      Map<String, String> variables,
      String staged) {
    this(
        outputStyle,
        project,
        false,
        skills,
        plugins,
        "",
        List.of(),
        "",
        false,
        PreviewFormat.NONE,
        agents,
        variables,
        staged);
  }

  /** Returns whether the CLI loads the configuration that the service has copied for it. */
  boolean isUserConfigLoaded() {
    return projectConfig || agentSkills;
  }

  /** Returns whether any configuration of the workspace is loaded. */
  public boolean isStaged() {
    return projectConfig || !plugins.isEmpty();
  }

  /** Returns whether the session defines a subagent of that type whose tools include Agent. */
  public boolean namesAgentTool(String type) {
    return !agents.isEmpty()
        && UntrustedJson.MAPPER
            .readTree(agents)
            .path(type)
            .path("tools")
            .valueStream()
            .map(tool -> tool.asString(""))
            .anyMatch(List.of("Agent", "Task")::contains);
  }

  public LaunchOptions withStaged(String digest) {
    return new LaunchOptions(
        outputStyle,
        projectConfig,
        agentSkills,
        skills,
        plugins,
        agent,
        betas,
        planModeInstructions,
        excludeDynamicSections,
        previewFormat,
        agents,
        variables,
        digest);
  }
}
