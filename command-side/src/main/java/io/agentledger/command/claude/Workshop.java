package io.agentledger.command.claude;

import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.api.session.RunEvent.Machinery;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionCommand.FailRun;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.box.AgentPaths;
import io.agentledger.command.claude.box.BoxView;
import io.agentledger.command.claude.box.CliInstallation;
import io.agentledger.command.claude.box.FolderRefused;
import io.agentledger.command.claude.box.HostFolder;
import io.agentledger.command.claude.box.HostFolders;
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
final class Workshop {
  private static final Logger log = LoggerFactory.getLogger(Workshop.class);
  private final Grounds grounds;
  private final Sandbox sandbox;
  private final HostFolders folders;
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
      Grounds grounds,
      HostFolders folders,
      FileStates states,
      String node,
      Duration patience,
      Passing passing) {}

  Workshop(Place place, Equipment with, EventStore store, Sealer sealer) {
    this.grounds = place.grounds();
    this.sandbox = grounds.sandbox();
    this.folders = place.folders();
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

  Grounds grounds() {
    return grounds;
  }

  /** The session's record, read to its end. */
  SessionRecord read(SessionId session) {
    SessionRecord record = new SessionRecord(session, store, sealer);
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
   * @throws FolderRefused if a folder of the host is not to be had
   */
  Outfit outfit(SessionRecord record, RunOptions options) throws IOException {
    List<HostFolder> beside = new ArrayList<>();
    for (var one : record.beginning().directories().entrySet()) {
      beside.add(folders.look(one.getKey(), one.getValue()));
    }
    LaunchSpec spec = spec(record, options, record.beginning().tools());
    return new Outfit(spec, Optional.empty(), beside);
  }

  /** Those of them that are still to be had: a process that lives has what it began with. */
  private List<HostFolder> stillThere(SessionRecord record) throws IOException {
    List<HostFolder> beside = new ArrayList<>();
    for (var one : record.beginning().directories().entrySet()) {
      try {
        beside.add(folders.look(one.getKey(), one.getValue()));
      } catch (FolderRefused gone) {
        log.atInfo().addKeyValue("rule", gone.rule()).log("a directory of a session is gone");
      }
    }
    return beside;
  }

  private LaunchSpec spec(SessionRecord record, RunOptions options, ToolsOnRecord tools) {
    Permissions.Whose whose =
        new Permissions.Whose(
            record.provenance().tenant(), record.opening().agent().id(), record.session());
    return Launches.spec(record, options, sandbox.level(), with.hooks().points(whose))
        .withServers(tools.serverNames(), tools.digest());
  }

  /** The session's trees as the record says they are. No process of it may be alive here. */
  SessionTree upToDate(SessionRecord record) throws IOException {
    SessionTree files = grounds.of(record);
    states.bringUpToDate(record, files);
    return files;
  }

  boolean isUpToDate(SessionRecord record) throws IOException {
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
  boolean remembers(SessionRecord record) throws IOException {
    return conversation(record.session(), grounds.of(record)).resumed();
  }

  /** Starts a process for the session, resumed if there is something to resume. */
  Attendant start(SessionRecord record, Outfit wanted, long epoch) throws IOException {
    SessionTree files = grounds.of(record);
    states.prepare(record, files, epoch);
    files.handOverWorkspace();
    Outfit outfit = wanted.in(files);
    outfit.stage(files);
    ProcessId id = ProcessId.next();
    Path directory = files.runs().resolve(id.value());
    SessionTree.directory(directory, "rwx------");
    ModelDoor.Opening door = ways.open(new Ways.Seat(record, files, id, epoch));
    try {
      ClaudeProcess process = ClaudeProcess.start(launch(files, directory, outfit, record));
      ToolsOnRecord tools = record.beginning().tools();
      Station station = new Station(record, files, outfit.folders(), door, epoch, id, tools);
      LaunchSpec spec = outfit.whole();
      return attendant(process, spec, spec.hash(), station).begin();
    } catch (IOException | RuntimeException failed) {
      door.close();
      throw failed;
    }
  }

  private ClaudeProcess.Launch launch(
      SessionTree files, Path directory, Outfit outfit, SessionRecord record) throws IOException {
    BoxView view = sandbox.view(files, outfit.folders());
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
  Attendant takeOver(SessionRecord record, RunOnRecord run, long epoch) throws IOException {
    Machinery machinery = run.machinery().orElseThrow();
    SessionTree files = grounds.of(record);
    Path directory = files.runs().resolve(machinery.processId().value());
    ModelDoor.Opening door = ways.open(new Ways.Seat(record, files, machinery.processId(), epoch));
    try {
      ClaudeProcess process = living(directory);
      ToolsOnRecord tools = record.beginning().tools(run.tools());
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
      SessionRecord record,
      SessionTree files,
      List<HostFolder> folders,
      ModelDoor.Opening door,
      long epoch,
      ProcessId process,
      ToolsOnRecord tools) {}

  /**
   * @param hash of what it was started with
   */
  private Attendant attendant(ClaudeProcess process, LaunchSpec spec, String hash, Station at) {
    Machinery machinery =
        new Machinery(
            node,
            at.epoch(),
            at.process(),
            hash,
            CliInstallation.VERSION,
            sandbox.level(),
            with.door().upstream());
    AgentPaths paths = new AgentPaths(at.files(), sandbox.view(at.files(), at.folders()));
    Post post = new Post(process, spec, paths, machinery, at.record(), at.tools());
    return new Attendant(post, at.door(), with);
  }
}
