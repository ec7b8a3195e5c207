package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.projectconfig.ImportPolicy;
import io.agentledger.command.claude.projectconfig.ProjectConfig;
import io.agentledger.command.claude.sandbox.MountPlan;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Plan to start a process: its specification and the files of this host that it uses.
 *
 * @param projectConfig what the workspace has for it; absent where nothing is taken from there, or
 *     where the workspace has still to be made
 * @param mounts what it sees beside its workspace, and what policies close to it
 * @param importPolicy of a session with those files
 */
record LaunchPlan(
    LaunchSpec spec,
    Optional<ProjectConfig> projectConfig,
    MountPlan mounts,
    Function<SessionPaths, ImportPolicy> importPolicy) {

  /** The same with what the workspace has by now. */
  LaunchPlan withProjectConfig(SessionPaths files) throws IOException {
    if (!spec.options().isStaged() || projectConfig.isPresent()) {
      return this;
    }
    ProjectConfig read =
        ProjectConfig.read(
            files,
            spec.options().projectConfig(),
            spec.options().plugins(),
            importPolicy.apply(files));
    return new LaunchPlan(spec, Optional.of(read), mounts, importPolicy);
  }

  /** Files that the CLI is not given, with the reason. */
  Map<String, String> leftOutImports() {
    return projectConfig.<Map<String, String>>map(ProjectConfig::leftOut).orElse(Map.of());
  }

  /** Makes the CLI's configuration anew, with what goes with it. No process may be alive there. */
  void stage(SessionPaths files) throws IOException {
    files.resetConfiguration();
    if (projectConfig.isPresent()) {
      projectConfig.get().stage(files);
    }
  }

  /** With a digest of all that belongs to it. */
  LaunchSpec completeSpec() {
    String directoryText =
        mounts.directories().stream()
            .map(HostDirectory::toString)
            .collect(Collectors.joining("\n"));
    return spec.withStaged(
        projectConfig.map(ProjectConfig::digest).orElse("") + directoryText + mounts.closedText());
  }
}
