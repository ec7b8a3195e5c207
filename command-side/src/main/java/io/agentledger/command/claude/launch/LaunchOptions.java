package io.agentledger.command.claude.launch;

import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.PreviewFormat;
import java.util.List;
import java.util.Map;

/**
 * Options of a CLI process beside its tools.
 *
 * @param projectConfig whether it reads what the workspace has for it
 * @param skills empty: all that it finds
 * @param plugins folders of the workspace
 * @param agent who speaks on the main thread; empty: Claude Code itself
 * @param planModeInstructions empty: its own
 * @param previewFormat of what the options of its questions may show
 * @param agents name -> definition, JSON in the SDK's shape; empty: none
 * @param variables for the environment of its commands; see {@link LaunchSpec#environment}
 * @param stagedDigest digest of what was found for it in the workspace, and beside it
 */
public record LaunchOptions(
    String outputStyle,
    boolean projectConfig,
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

  /** With nothing said of the main thread, of plans, of betas and of previews. */
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

  /** Whether anything is taken from the workspace. */
  public boolean isStaged() {
    return projectConfig || !plugins.isEmpty();
  }

  public LaunchOptions withStaged(String digest) {
    return new LaunchOptions(
        outputStyle,
        projectConfig,
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
