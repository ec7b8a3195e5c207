package io.agentledger.command.claude.runner;

import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.projectconfig.ImportPolicy;
import io.agentledger.command.claude.projectconfig.ProjectConfig;
import io.agentledger.command.claude.sandbox.MountPlan;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plan to start a process: its specification and the files of this host that it uses.
 *
 * @param projectConfig configuration from the workspace; absent if none is loaded, or if the
 *     workspace does not exist yet
 * @param mounts mounted directories and denied paths
 * @param importPolicy import policy of a session with those files
 * @param agentSkills skills that the CLI gets beside the configuration of the workspace
 */
record LaunchPlan(
    LaunchSpec spec,
    Optional<ProjectConfig> projectConfig,
    MountPlan mounts,
    Function<SessionPaths, ImportPolicy> importPolicy,
    AgentSkills agentSkills) {

  /**
   * Skills of the agent, whose content is read when a process starts.
   *
   * @param digests name -> digest
   * @param reader returns the files of a digest
   */
  record AgentSkills(
      SortedMap<String, String> digests, Function<String, SortedMap<String, byte[]>> reader) {}

  /**
   * Returns a copy with the current configuration of the workspace and with its writable folders,
   * which are created if they are missing.
   *
   * @throws DirectoryRefusedException if a writable folder cannot be used
   */
  LaunchPlan withWorkspace(SessionPaths files, OwnerScriptRunner ownerScripts) throws IOException {
    return new LaunchPlan(
        spec,
        spec.options().isStaged() ? Optional.of(readProjectConfig(files)) : projectConfig,
        mounts.withWorkspace(mounts.workspace().prepare(files, ownerScripts)),
        importPolicy,
        agentSkills);
  }

  /** Returns whether a process of this plan would be launched as that of the execution was. */
  boolean matches(Execution execution, SessionPaths files, OwnerScriptRunner ownerScripts)
      throws IOException {
    return withWorkspace(files, ownerScripts).completeSpec().hash().equals(execution.launchHash());
  }

  private ProjectConfig readProjectConfig(SessionPaths files) throws IOException {
    return ProjectConfig.read(
            files,
            spec.options().projectConfig(),
            spec.options().plugins(),
            importPolicy.apply(files))
        .without(agentSkills.digests().keySet());
  }

  /** Returns the files that the CLI does not get, with the reason. */
  Map<String, String> leftOutImports() {
    return projectConfig.<Map<String, String>>map(ProjectConfig::leftOut).orElse(Map.of());
  }

  /**
   * Recreates the CLI's configuration and adds that of the workspace. No process of the session may
   * be alive.
   */
  void stage(SessionPaths files) throws IOException {
    files.resetConfiguration();
    if (projectConfig.isPresent()) {
      projectConfig.get().stage(files);
    }
    for (var skill : agentSkills.digests().entrySet()) {
      ProjectConfig.ofSkill(skill.getKey(), agentSkills.reader().apply(skill.getValue()))
          .stage(files);
    }
  }

  /** Returns the specification with a digest of all of its files. */
  LaunchSpec completeSpec() {
    String directoryText =
        Stream.concat(mounts.directories().stream(), mounts.workspace().prepared().stream())
            .map(Object::toString)
            .collect(Collectors.joining("\n"));
    return spec.withStaged(
        projectConfig.map(ProjectConfig::digest).orElse("")
            + directoryText
            + mounts.closedText()
            + (agentSkills.digests().isEmpty() ? "" : agentSkills.digests()));
  }
}
