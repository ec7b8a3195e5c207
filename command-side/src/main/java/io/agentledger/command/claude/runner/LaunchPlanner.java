package io.agentledger.command.claude.runner;

import io.agentledger.api.session.RunOptions;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.policy.ReadImportPolicy;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.MountPlan;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.sandbox.ShellPathRestrictions;
import io.agentledger.command.claude.sandbox.WorkspaceMount;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.claude.state.SessionTooling;
import io.agentledger.store.permission.EvaluatedToolCall;
import io.agentledger.store.permission.FileToolDenials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans the launch of a session's processes: its specification, directories and denied paths. */
final class LaunchPlanner {
  private static final Logger log = LoggerFactory.getLogger(LaunchPlanner.class);

  private final HostDirectoryResolver hostDirectoryResolver;
  private final SupervisorServices services;
  private final Sandbox sandbox;

  LaunchPlanner(
      Sandbox sandbox, HostDirectoryResolver hostDirectoryResolver, SupervisorServices services) {
    this.sandbox = sandbox;
    this.hostDirectoryResolver = hostDirectoryResolver;
    this.services = services;
  }

  /**
   * Plans the launch of a process for runs with these options.
   *
   * @throws DirectoryRefusedException if a directory of the host is not available
   */
  LaunchPlan plan(SessionState state, RunOptions options, SessionPaths files) throws IOException {
    List<HostDirectory> directories = new ArrayList<>();
    for (var entry : state.setup().directories().entrySet()) {
      directories.add(hostDirectoryResolver.resolve(entry.getKey(), entry.getValue()));
    }
    List<String> writableFolders = state.opened().agent().writableFolders();
    if (!writableFolders.isEmpty() && !sandbox.isEnabled()) {
      throw new DirectoryRefusedException(
          "sandbox",
          "The agent may write to %s in the workspace only, and this node has no sandbox to"
                  .formatted(String.join(", ", writableFolders))
              + " enforce that.");
    }
    LaunchSpec spec = createSpec(state, options, state.setup().tools());
    return new LaunchPlan(
        spec,
        Optional.empty(),
        mountPlan(state, files, directories).withWorkspace(WorkspaceMount.of(writableFolders)),
        paths ->
            new ReadImportPolicy(
                services.authorizer(),
                subject(state),
                options,
                pathResolver(state, paths, directories)),
        agentSkills(state));
  }

  private LaunchPlan.AgentSkills agentSkills(SessionState state) {
    var agent = state.opened().agent();
    var digests = new TreeMap<String, String>();
    agent.skills().forEach(skill -> digests.put(skill.id(), skill.version()));
    return new LaunchPlan.AgentSkills(
        digests, digest -> services.skillStore().get(agent.id(), digest));
  }

  /**
   * Returns the mounts with the currently denied paths; without a sandbox no path can be closed.
   */
  private MountPlan mountPlan(
      SessionState state, SessionPaths files, List<HostDirectory> directories) throws IOException {
    if (!sandbox.isEnabled()) {
      return MountPlan.of(directories);
    }
    SandboxPaths paths = pathResolver(state, files, directories).sandboxPaths();
    FileToolDenials denials = services.pathPolicies().deniedToFileTools(subject(state));
    return new MountPlan(
        directories,
        ShellPathRestrictions.create(denials.directories(), paths),
        ShellPathRestrictions.create(denials.files(), paths));
  }

  /** Returns the paths of the session's processes. */
  AgentPathResolver pathResolver(
      SessionState state, SessionPaths files, List<HostDirectory> directories) {
    return new AgentPathResolver(
        files,
        sandbox
            .sandboxPaths(files, directories)
            .withWritableFolders(state.opened().agent().writableFolders()));
  }

  private static ToolCallAuthorizer.Subject subject(SessionState state) {
    return new ToolCallAuthorizer.Subject(
        state.provenance().tenant(), state.opened().agent().id(), state.session());
  }

  /**
   * Returns the mounted directories that are still available; a running process keeps those of its
   * start.
   */
  List<HostDirectory> availableDirectories(SessionState state) throws IOException {
    List<HostDirectory> directories = new ArrayList<>();
    for (var entry : state.setup().directories().entrySet()) {
      try {
        directories.add(hostDirectoryResolver.resolve(entry.getKey(), entry.getValue()));
      } catch (DirectoryRefusedException gone) {
        log.atInfo()
            .addKeyValue("rule", gone.rule())
            .log("a directory of a session is no longer available");
      }
    }
    return directories;
  }

  LaunchSpec createSpec(SessionState state, RunOptions options, SessionTooling sessionTooling) {
    LaunchSpec spec =
        LaunchSpecFactory.create(
                state, options, sandbox.level(), services.hooks().points(subject(state)))
            .withServers(sessionTooling.serverNames(), sessionTooling.digest());
    return services.egress().isOpenFor(state.opened().environment().network())
        ? spec
        : spec.withoutTool(EvaluatedToolCall.WEB_FETCH);
  }
}
