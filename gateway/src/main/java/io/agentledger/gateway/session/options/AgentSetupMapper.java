package io.agentledger.gateway.session.options;

import io.agentledger.api.environment.EnvironmentVariableNames;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps and validates the setup of an agent beyond the form of its fields. */
final class AgentSetupMapper {
  private AgentSetupMapper() {}

  static AgentSetup toAgentSetup(SessionOptionsRequest request) {
    var sources = orDefault(request.settingSources(), List.<AgentSetup.SettingSource>of());
    var plugins = orDefault(request.plugins(), List.<String>of());
    var env = orDefault(request.env(), Map.<String, String>of());
    for (int i = 0; i < plugins.size(); i++) checkFolder("/options/plugins/" + i, plugins.get(i));
    env.forEach(AgentSetupMapper::checkVariable);
    var agents = new HashMap<String, AgentSetup.Subagent>();
    orDefault(request.agents(), Map.<String, SubagentRequest>of())
        .forEach(
            (name, agent) -> {
              if (agent == null)
                throw InvalidRequestException.body("/options/agents/" + name, "is required");
              agents.put(name, agent.toSubagent());
            });
    var style = orDefault(request.outputStyle(), AgentSetup.DEFAULT_STYLE);
    if (sources.isEmpty() && plugins.isEmpty() && !AgentSetup.OUTPUT_STYLES.contains(style))
      throw InvalidRequestException.body(
          "/options/output_style",
          "must be one of "
              + String.join(", ", AgentSetup.OUTPUT_STYLES)
              + ", unless setting sources or plugins bring another one");
    var betas = orDefault(request.betas(), List.<String>of());
    for (int i = 0; i < betas.size(); i++)
      if (!AgentSetup.BETAS.contains(betas.get(i)))
        throw InvalidRequestException.body(
            "/options/betas/" + i, "must be one of " + String.join(", ", AgentSetup.BETAS));
    var agent = orDefault(request.agent(), "");
    if (!agent.isEmpty() && sources.isEmpty() && plugins.isEmpty() && !agents.containsKey(agent))
      throw InvalidRequestException.body(
          "/options/agent",
          "must be the name of one of the agents, unless setting sources or plugins bring it");
    return new AgentSetup(
        style,
        sources,
        orDefault(request.skills(), List.<String>of()),
        plugins,
        agent,
        betas,
        orDefault(request.planModeInstructions(), ""),
        request.excludeDynamicSections() != null && request.excludeDynamicSections(),
        ToolConfigRequest.previewFormat(request.toolConfig()),
        agents,
        env);
  }

  private static <T> T orDefault(@Nullable T value, T defaultValue) {
    return value == null ? defaultValue : value;
  }

  private static void checkFolder(String pointer, String folder) {
    try {
      var path = Path.of(folder);
      var normalized = path.normalize().toString();
      if (!path.isAbsolute()
          && !normalized.isEmpty()
          && !normalized.startsWith("..")
          && normalized.equals(folder)) return;
    } catch (InvalidPathException exception) {
      // The same rule is violated.
    }
    throw InvalidRequestException.body(
        pointer, "must be a folder of the workspace, relative to it");
  }

  private static void checkVariable(String name, String value) {
    var pointer = "/options/env/" + name;
    EnvironmentVariableNames.findViolation(name)
        .ifPresent(
            violation -> {
              throw InvalidRequestException.body(pointer, violation);
            });
    if (value == null)
      throw InvalidRequestException.body(
          pointer,
          "must be a string; null stands for a value that was not shown to you: give one, or leave"
              + " the name out");
    if (value.indexOf('\0') >= 0)
      throw InvalidRequestException.body(pointer, "must be a string without the character U+0000");
  }
}
