package io.agentledger.command.claude;

import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunEvent.Machinery;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.box.AgentPaths;
import io.agentledger.command.claude.box.BoxView;
import io.agentledger.command.claude.box.CliInstallation;
import io.agentledger.command.claude.box.Prepared;
import io.agentledger.command.claude.box.RunTree;
import io.agentledger.command.claude.box.Sandbox;
import io.agentledger.command.claude.box.SessionTree;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.LaunchSpec;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.record.RunOnRecord;
import io.agentledger.command.claude.record.SessionRecord;
import io.agentledger.command.claude.record.ToolsOnRecord;
import io.agentledger.command.claude.run.Attendant;
import io.agentledger.command.claude.run.Equipment;
import io.agentledger.command.claude.run.Launches;
import io.agentledger.command.claude.run.Post;
import io.agentledger.store.content.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Makes attendants: starts processes, takes living ones over, reads what dead ones left. */
final class Workshop {
  private final RunTree tree;
  private final Sandbox sandbox;
  private final String node;
  private final Duration patience;
  private final Passing passing;
  private final Ways ways;
  private final Equipment with;
  private final FileStates states;
  private final EventStore store;
  private final Sealer sealer;

  /**
   * @param patience how long a process lives on untouched
   * @param passing what of the service's own environment may reach its processes
   */
  record Place(
      RunTree tree,
      Sandbox sandbox,
      FileStates states,
      String node,
      Duration patience,
      Passing passing) {}

  Workshop(Place place, Equipment with, EventStore store, Sealer sealer) {
    this.tree = place.tree();
    this.sandbox = place.sandbox();
    this.node = place.node();
    this.patience = place.patience();
    this.passing = place.passing();
    this.with = with;
    this.ways = new Ways(with.door(), with.egress());
    this.states = place.states();
    this.store = store;
    this.sealer = sealer;
  }

  String node() {
    return node;
  }

  /** The session's record, read to its end. */
  SessionRecord read(SessionId session) {
    SessionRecord record = new SessionRecord(session, store, sealer);
    record.catchUp();
    return record;
  }

  LaunchSpec spec(SessionRecord record, RunOptions options) throws IOException {
    return spec(record, options, record.beginning().tools());
  }

  private LaunchSpec spec(SessionRecord record, RunOptions options, ToolsOnRecord tools)
      throws IOException {
    Permissions.Whose whose =
        new Permissions.Whose(
            record.provenance().tenant(), record.opening().agent().id(), record.session());
    LaunchSpec spec =
        Launches.spec(record, options, sandbox.level(), with.hooks().points(whose))
            .withServers(tools.serverNames(), tools.digest());
    return spec.setup().isStaged()
        ? spec.withStaged(prepared(tree(record.session()), spec).digest())
        : spec;
  }

  private static Prepared prepared(SessionTree files, LaunchSpec spec) throws IOException {
    return Prepared.read(files, spec.setup().project(), spec.setup().plugins());
  }

  SessionTree tree(SessionId session) throws IOException {
    return tree.session(session.value(), sandbox.level() == SandboxLevel.FULL);
  }

  /** The session's trees as the record says they are. No process of it may be alive here. */
  SessionTree upToDate(SessionRecord record) throws IOException {
    SessionTree files = tree(record.session());
    states.bringUpToDate(record, files);
    return files;
  }

  boolean isUpToDate(SessionRecord record) throws IOException {
    return states.isCurrent(record, tree(record.session()));
  }

  /** The workspaces of all sessions that have files here. */
  Map<SessionId, Path> workspaces() throws IOException {
    try (var sessions = Files.list(tree.sessions())) {
      return sessions
          .filter(session -> session.getFileName().toString().startsWith(SessionId.PREFIX + "_"))
          .collect(
              Collectors.toMap(
                  session -> new SessionId(session.getFileName().toString()),
                  session -> session.resolve(SessionTree.WORKSPACE)));
    }
  }

  private LaunchSpec.Conversation conversation(SessionId session, SessionTree files) {
    String id = Launches.conversation(session);
    return new LaunchSpec.Conversation(id, files.knows(id, sandbox.view(files).workspace()));
  }

  /** Of a session that branched off another one, the branch until it has said something itself. */
  private LaunchSpec.Conversation conversation(SessionRecord record, SessionTree files) {
    LaunchSpec.Conversation own = conversation(record.session(), files);
    Optional<String> branch =
        FileStates.ancestor(record)
            .map(from -> Launches.conversation(from.session()))
            .filter(id -> files.knows(id, sandbox.view(files).workspace()));
    return new LaunchSpec.Conversation(own.id(), own.resumed(), branch);
  }

  /** Whether the CLI has the session's conversation so far. */
  boolean remembers(SessionId session) throws IOException {
    SessionTree files = tree(session);
    return conversation(session, files).resumed();
  }

  /** Starts a process for the session, resumed if there is something to resume. */
  Attendant start(SessionRecord record, LaunchSpec spec, long epoch) throws IOException {
    SessionTree files = tree(record.session());
    states.prepare(record, files, epoch);
    files.handOverWorkspace();
    LaunchSpec staged = stage(files, spec);
    ProcessId id = ProcessId.next();
    Path directory = files.runs().resolve(id.value());
    SessionTree.directory(directory, "rwx------");
    ModelDoor.Opening door = ways.open(new Ways.Seat(record, files, id, epoch));
    try {
      ClaudeProcess process = ClaudeProcess.start(launch(files, directory, staged, record));
      return attendant(
              process,
              staged,
              new Station(record, files, door, epoch, id),
              record.beginning().tools())
          .begin();
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  /** What the workspace holds by now, which may just have been made. */
  private static LaunchSpec stage(SessionTree files, LaunchSpec spec) throws IOException {
    if (!spec.setup().isStaged()) {
      return spec;
    }
    Prepared prepared = prepared(files, spec);
    prepared.stage(files);
    return spec.withStaged(prepared.digest());
  }

  private ClaudeProcess.Launch launch(
      SessionTree files, Path directory, LaunchSpec spec, SessionRecord record) throws IOException {
    BoxView view = sandbox.view(files);
    EnvironmentSnapshot environment = record.opening().environment();
    List<String> command =
        sandbox
            .within(environment.limits())
            .command(
                files,
                directory.getFileName().toString(),
                spec.command(view, conversation(record, files)));
    Map<String, String> variables = passing.of(environment.environment());
    variables.putAll(spec.environment(view)); // The session's own and ours win.
    return new ClaudeProcess.Launch(
        directory, tree.keeper(), files.workspace(), command, variables, patience);
  }

  /** Takes over the process of a run that the record says is under way, dead or alive. */
  Attendant takeOver(SessionRecord record, RunOnRecord run, long epoch) throws IOException {
    Machinery machinery = run.machinery().orElseThrow();
    SessionTree files = tree(record.session());
    Path directory = files.runs().resolve(machinery.processId().value());
    ModelDoor.Opening door = ways.open(new Ways.Seat(record, files, machinery.processId(), epoch));
    try {
      ClaudeProcess process = living(directory);
      ToolsOnRecord tools = record.beginning().tools(run.tools());
      LaunchSpec spec = spec(record, run.options(), tools);
      return attendant(
          process, spec, new Station(record, files, door, epoch, machinery.processId()), tools);
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

  /** Whether this node has the process's files. */
  boolean has(SessionId session, ProcessId process) throws IOException {
    return Files.exists(tree(session).runs().resolve(process.value()).resolve("keeper"));
  }

  private record Station(
      SessionRecord record,
      SessionTree files,
      ModelDoor.Opening door,
      long epoch,
      ProcessId process) {}

  private Attendant attendant(
      ClaudeProcess process, LaunchSpec spec, Station at, ToolsOnRecord tools) {
    Machinery machinery =
        new Machinery(
            node,
            at.epoch(),
            at.process(),
            spec.hash(),
            CliInstallation.VERSION,
            sandbox.level(),
            with.door().upstream());
    AgentPaths paths = new AgentPaths(at.files(), sandbox.view(at.files()));
    Post post = new Post(process, spec, paths, machinery, at.record(), tools);
    return new Attendant(post, at.door(), with);
  }
}
