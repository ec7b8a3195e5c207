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
  private final SessionPathsResolver grounds;
  private final Sandbox sandbox;
  private final HostDirectoryResolver folders;
  private final String node;
  private final Duration patience;
  private final VariablePassthrough passing;
  private final ProcessSockets ways;
  private final SupervisorServices with;
  private final FileCheckpointService states;
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
      NodeContext place, SupervisorServices with, EventStore store, Sealer sealer) {
    this.grounds = place.grounds();
    this.sandbox = grounds.sandbox();
    this.folders = place.folders();
    this.node = place.node();
    this.patience = place.patience();
    this.passing = place.passing();
    this.with = with;
    this.ways = new ProcessSockets(with.door(), with.egress());
    this.states = place.states();
    this.store = store;
    this.sealer = sealer;
  }

  String node() {
    return node;
  }

  SessionPathsResolver grounds() {
    return grounds;
  }

  /** The session's record, read to its end. */
  SessionState read(SessionId session) {
    SessionState record = new SessionState(session, store, sealer);
    record.catchUp();
    return record;
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
  LaunchPlan outfit(SessionState record, RunOptions options) throws IOException {
    List<HostDirectory> beside = new ArrayList<>();
    for (var one : record.beginning().directories().entrySet()) {
      beside.add(folders.look(one.getKey(), one.getValue()));
    }
    LaunchSpec spec = spec(record, options, record.beginning().tools());
    return new LaunchPlan(spec, Optional.empty(), beside);
  }

  /** Those of them that are still to be had: a process that lives has what it began with. */
  private List<HostDirectory> stillThere(SessionState record) throws IOException {
    List<HostDirectory> beside = new ArrayList<>();
    for (var one : record.beginning().directories().entrySet()) {
      try {
        beside.add(folders.look(one.getKey(), one.getValue()));
      } catch (DirectoryRefusedException gone) {
        log.atInfo().addKeyValue("rule", gone.rule()).log("a directory of a session is gone");
      }
    }
    return beside;
  }

  private LaunchSpec spec(SessionState record, RunOptions options, SessionTooling tools) {
    ToolCallAuthorizer.Subject whose =
        new ToolCallAuthorizer.Subject(
            record.provenance().tenant(), record.opening().agent().id(), record.session());
    return LaunchSpecFactory.spec(record, options, sandbox.level(), with.hooks().points(whose))
        .withServers(tools.serverNames(), tools.digest());
  }

  /** The session's trees as the record says they are. No process of it may be alive here. */
  SessionPaths upToDate(SessionState record) throws IOException {
    SessionPaths files = grounds.of(record);
    states.bringUpToDate(record, files);
    return files;
  }

  boolean isUpToDate(SessionState record) throws IOException {
    return states.isCurrent(record, grounds.of(record));
  }

  /** Puts on the record that a run cannot begin as its session wants it to. */
  void fail(Runner.Assignment run, long epoch, String error) {
    with.scribe()
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
  private LaunchSpec.Conversation conversation(SessionState record, SessionPaths files) {
    LaunchSpec.Conversation own = conversation(record.session(), files);
    Optional<String> branch =
        FileCheckpointService.ancestor(record)
            .map(from -> LaunchSpecFactory.conversation(from.session()))
            .filter(id -> files.knows(id, sandbox.view(files).workspace()));
    return new LaunchSpec.Conversation(own.id(), own.resumed(), branch);
  }

  /** Whether the CLI has the session's conversation so far. */
  boolean remembers(SessionState record) throws IOException {
    return conversation(record.session(), grounds.of(record)).resumed();
  }

  /** Starts a process for the session, resumed if there is something to resume. */
  ProcessSupervisor start(SessionState record, LaunchPlan wanted, long epoch) throws IOException {
    SessionPaths files = grounds.of(record);
    states.prepare(record, files, epoch);
    files.handOverWorkspace();
    LaunchPlan outfit = wanted.in(files);
    outfit.stage(files);
    ProcessId id = ProcessId.next();
    Path directory = files.runs().resolve(id.value());
    SessionPaths.directory(directory, "rwx------");
    ModelEndpoint.Connection door = ways.open(new ProcessSockets.Owner(record, files, id, epoch));
    try {
      ClaudeProcess process = ClaudeProcess.start(launch(files, directory, outfit, record));
      SessionTooling tools = record.beginning().tools();
      Station station = new Station(record, files, outfit.folders(), door, epoch, id, tools);
      LaunchSpec spec = outfit.whole();
      return attendant(process, spec, spec.hash(), station).begin();
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  private ClaudeProcess.Launch launch(
      SessionPaths files, Path directory, LaunchPlan outfit, SessionState record)
      throws IOException {
    SandboxPaths view = sandbox.view(files, outfit.folders());
    LaunchSpec spec = outfit.spec();
    EnvironmentSnapshot environment = record.opening().environment();
    List<String> command =
        sandbox
            .within(environment.limits())
            .command(
                files,
                outfit.folders(),
                directory.getFileName().toString(),
                spec.command(view, conversation(record, files)));
    if (files.bound().isPresent()) {
      command = withModesOfOthers(command);
    }
    Map<String, String> variables = passing.of(environment.environment());
    variables.putAll(spec.environment(view)); // The session's own and ours win.
    return new ClaudeProcess.Launch(
        directory, grounds.tree().keeper(), files.workspace(), command, variables, patience);
  }

  /** What agents make in folders of people's is for whom such a folder lets in. */
  private static List<String> withModesOfOthers(List<String> command) {
    List<String> line = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
    line.addAll(command);
    return line;
  }

  /** Takes over the process of a run that the record says is under way, dead or alive. */
  ProcessSupervisor takeOver(SessionState record, RunState run, long epoch) throws IOException {
    Execution machinery = run.machinery().orElseThrow();
    SessionPaths files = grounds.of(record);
    Path directory = files.runs().resolve(machinery.processId().value());
    ModelEndpoint.Connection door =
        ways.open(new ProcessSockets.Owner(record, files, machinery.processId(), epoch));
    try {
      ClaudeProcess process = living(directory);
      SessionTooling tools = record.beginning().tools(run.tools());
      ProcessId id = machinery.processId();
      Station station = new Station(record, files, stillThere(record), door, epoch, id, tools);
      LaunchSpec spec = spec(record, run.options(), tools);
      return attendant(process, spec, machinery.launchHash(), station);
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  private static ClaudeProcess living(Path directory) throws IOException {
    try {
      return ClaudeProcess.attach(directory);
    } catch (IOException gone) {
      return ClaudeProcess.remains(directory);
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
  private ProcessSupervisor attendant(
      ClaudeProcess process, LaunchSpec spec, String hash, Station at) {
    Execution machinery =
        new Execution(
            node,
            at.epoch(),
            at.process(),
            hash,
            CliInstallation.VERSION,
            sandbox.level(),
            with.door().upstream());
    AgentPathResolver paths =
        new AgentPathResolver(at.files(), sandbox.view(at.files(), at.folders()));
    ProcessContext post =
        new ProcessContext(process, spec, paths, machinery, at.record(), at.tools());
    return new ProcessSupervisor(post, at.door(), with);
  }
}
