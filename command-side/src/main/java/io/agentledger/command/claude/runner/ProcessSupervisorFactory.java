package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.files.FileCheckpointService;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.HostDirectory;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.SupervisorServices;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SandboxPaths;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.claude.state.SessionTooling;
import io.agentledger.store.crypto.Sealer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes attendants: starts processes, takes living ones over, reads what dead ones left. */
final class ProcessSupervisorFactory {
  private static final Logger log = LoggerFactory.getLogger(ProcessSupervisorFactory.class);
  private final SessionPathsResolver sessionPathsResolver;
  private final Sandbox sandbox;
  private final HostDirectoryResolver hostDirectoryResolver;
  private final String node;
  private final Duration timeout;
  private final VariablePassthrough passing;
  private final ProcessSockets processSockets;
  private final SupervisorServices services;
  private final FileCheckpointService fileCheckpointService;
  private final EventStore store;
  private final Sealer sealer;

  /**
   * @param patience how long a process lives on untouched
   * @param passing what of the service's own environment may reach its processes
   */
  record NodeContext(
      SessionPathsResolver grounds,
      HostDirectoryResolver folders,
      FileCheckpointService states,
      String node,
      Duration patience,
      VariablePassthrough passing) {}

  ProcessSupervisorFactory(
      NodeContext nodeContext, SupervisorServices services, EventStore store, Sealer sealer) {
    this.sessionPathsResolver = nodeContext.grounds();
    this.sandbox = sessionPathsResolver.sandbox();
    this.hostDirectoryResolver = nodeContext.folders();
    this.node = nodeContext.node();
    this.timeout = nodeContext.patience();
    this.passing = nodeContext.passing();
    this.services = services;
    this.processSockets = new ProcessSockets(services.door(), services.egress());
    this.fileCheckpointService = nodeContext.states();
    this.store = store;
    this.sealer = sealer;
  }

  String node() {
    return node;
  }

  SessionPathsResolver grounds() {
    return sessionPathsResolver;
  }

  /** The session's record, read to its end. */
  SessionState read(SessionId session) {
    SessionState state = new SessionState(session, store, sealer);
    state.catchUp();
    return state;
  }

  /** As its first event says. */
  Limits limits(SessionId session) {
    var opened = (SessionOpened) store.readEvents(session.value(), 0).next().getPayload();
    return opened.environment().limits();
  }

  /**
   * What a process for such runs begins with.
   *
   * @throws DirectoryRefusedException if a folder of the host is not to be had
   */
  LaunchPlan outfit(SessionState state, RunOptions options) throws IOException {
    List<HostDirectory> beside = new ArrayList<>();
    for (var one : state.setup().directories().entrySet()) {
      beside.add(hostDirectoryResolver.resolve(one.getKey(), one.getValue()));
    }
    LaunchSpec spec = spec(state, options, state.setup().tools());
    return new LaunchPlan(spec, Optional.empty(), beside);
  }

  /** Those of them that are still to be had: a process that lives has what it began with. */
  private List<HostDirectory> stillThere(SessionState state) throws IOException {
    List<HostDirectory> beside = new ArrayList<>();
    for (var one : state.setup().directories().entrySet()) {
      try {
        beside.add(hostDirectoryResolver.resolve(one.getKey(), one.getValue()));
      } catch (DirectoryRefusedException gone) {
        log.atInfo().addKeyValue("rule", gone.rule()).log("a directory of a session is gone");
      }
    }
    return beside;
  }

  private LaunchSpec spec(SessionState state, RunOptions options, SessionTooling sessionTooling) {
    ToolCallAuthorizer.Subject subject =
        new ToolCallAuthorizer.Subject(
            state.provenance().tenant(), state.opening().agent().id(), state.session());
    return LaunchSpecFactory.spec(state, options, sandbox.level(), services.hooks().points(subject))
        .withServers(sessionTooling.serverNames(), sessionTooling.digest());
  }

  /** The session's trees as the record says they are. No process of it may be alive here. */
  SessionPaths upToDate(SessionState state) throws IOException {
    SessionPaths files = sessionPathsResolver.resolve(state);
    fileCheckpointService.bringUpToDate(state, files);
    return files;
  }

  boolean isUpToDate(SessionState state) throws IOException {
    return fileCheckpointService.isCurrent(state, sessionPathsResolver.resolve(state));
  }

  /** Puts on the record that a run cannot begin as its session wants it to. */
  void fail(Runner.Assignment run, long epoch, String error) {
    services
        .scribe()
        .record(
            new FailRun(
                run.session(), run.run(), epoch, Failure.SETUP, false, Duration.ZERO, error),
            run.provenance());
  }

  private LaunchSpec.Conversation conversation(SessionId session, SessionPaths files) {
    String id = LaunchSpecFactory.conversation(session);
    return new LaunchSpec.Conversation(id, files.knows(id, sandbox.view(files).workspace()));
  }

  /** Of a session that branched off another one, the branch until it has said something itself. */
  private LaunchSpec.Conversation conversation(SessionState state, SessionPaths files) {
    LaunchSpec.Conversation own = conversation(state.session(), files);
    Optional<String> branch =
        FileCheckpointService.ancestor(state)
            .map(from -> LaunchSpecFactory.conversation(from.session()))
            .filter(id -> files.knows(id, sandbox.view(files).workspace()));
    return new LaunchSpec.Conversation(own.id(), own.resumed(), branch);
  }

  /** Whether the CLI has the session's conversation so far. */
  boolean hasConversation(SessionState state) throws IOException {
    return conversation(state.session(), sessionPathsResolver.resolve(state)).resumed();
  }

  /** Starts a process for the session, resumed if there is something to resume. */
  ProcessSupervisor start(SessionState state, LaunchPlan wanted, long epoch) throws IOException {
    SessionPaths files = sessionPathsResolver.resolve(state);
    fileCheckpointService.prepare(state, files, epoch);
    files.chownWorkspace();
    LaunchPlan launchPlan = wanted.in(files);
    launchPlan.stage(files);
    ProcessId id = ProcessId.next();
    Path directory = files.runs().resolve(id.value());
    SessionPaths.directory(directory, "rwx------");
    ModelEndpoint.Connection connection =
        processSockets.open(new ProcessSockets.Owner(state, files, id, epoch));
    try {
      ClaudeProcess process = ClaudeProcess.start(launch(files, directory, launchPlan, state));
      SessionTooling sessionTooling = state.setup().tools();
      Station station =
          new Station(state, files, launchPlan.folders(), connection, epoch, id, sessionTooling);
      LaunchSpec spec = launchPlan.whole();
      return supervisor(process, spec, spec.hash(), station).start();
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private ClaudeProcess.Launch launch(
      SessionPaths files, Path directory, LaunchPlan launchPlan, SessionState state)
      throws IOException {
    SandboxPaths sandboxPaths = sandbox.view(files, launchPlan.folders());
    LaunchSpec spec = launchPlan.spec();
    EnvironmentSnapshot environment = state.opening().environment();
    List<String> command =
        sandbox
            .within(environment.limits())
            .command(
                files,
                launchPlan.folders(),
                directory.getFileName().toString(),
                spec.command(sandboxPaths, conversation(state, files)));
    if (files.bound().isPresent()) {
      command = withModesOfOthers(command);
    }
    Map<String, String> variables = passing.parse(environment.environment());
    variables.putAll(spec.environment(sandboxPaths)); // The session's own and ours win.
    return new ClaudeProcess.Launch(
        directory,
        sessionPathsResolver.tree().superviseScript(),
        files.workspace(),
        command,
        variables,
        timeout);
  }

  /** What agents make in folders of people's is for whom such a folder lets in. */
  private static List<String> withModesOfOthers(List<String> command) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
    line.addAll(command);
    return line;
  }

  /** Takes over the process of a run that the record says is under way, dead or alive. */
  ProcessSupervisor takeOver(SessionState state, RunState run, long epoch) throws IOException {
    Execution execution = run.machinery().orElseThrow();
    SessionPaths files = sessionPathsResolver.resolve(state);
    Path directory = files.runs().resolve(execution.processId().value());
    ModelEndpoint.Connection connection =
        processSockets.open(new ProcessSockets.Owner(state, files, execution.processId(), epoch));
    try {
      ClaudeProcess process = living(directory);
      SessionTooling sessionTooling = state.setup().tools(run.tools());
      ProcessId id = execution.processId();
      Station station =
          new Station(state, files, stillThere(state), connection, epoch, id, sessionTooling);
      LaunchSpec spec = spec(state, run.options(), sessionTooling);
      return supervisor(process, spec, execution.launchHash(), station);
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private static ClaudeProcess living(Path directory) throws IOException {
    try {
      return ClaudeProcess.attach(directory);
    } catch (IOException gone) {
      return ClaudeProcess.reattach(directory);
    }
  }

  private record Station(
      SessionState record,
      SessionPaths files,
      List<HostDirectory> folders,
      ModelEndpoint.Connection door,
      long epoch,
      ProcessId process,
      SessionTooling tools) {}

  /**
   * @param hash of what it was started with
   */
  private ProcessSupervisor supervisor(
      ClaudeProcess process, LaunchSpec spec, String hash, Station at) {
    Execution execution =
        new Execution(
            node,
            at.epoch(),
            at.process(),
            hash,
            CliInstallation.VERSION,
            sandbox.level(),
            services.door().upstream());
    AgentPathResolver paths =
        new AgentPathResolver(at.files(), sandbox.view(at.files(), at.folders()));
    ProcessContext processContext =
        new ProcessContext(process, spec, paths, execution, at.record(), at.tools());
    return new ProcessSupervisor(processContext, at.door(), services);
  }
}
