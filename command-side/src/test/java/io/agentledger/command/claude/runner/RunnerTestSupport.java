package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.SettingSource;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.mcp.EverythingServer;
import io.agentledger.store.TestInstallation;
import io.agentledger.store.crypto.Sealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** Queries become runs on a real PostgreSQL, with the real runner and a rehearsed model. */
@SpringBootTest(
    classes = RunnerTestSupport.Application.class,
    properties = {
      "agentledger.claude.root=..",
      "agentledger.model.upstream=rehearsal",
      "agentledger.model.pace-percent=20",
      "agentledger.model.outage-timeout=12s",
      "agentledger.run.retry-delay=0s",
      "agentledger.outbound.allowed-networks=127.0.0.0/8",
      "spring.main.banner-mode=off",
      "logging.level.root=warn"
    })
abstract class RunnerTestSupport {
  @EnableAutoConfiguration
  static class Application {
    /** Tests share a context: files of agents are removed when it is closed. */
    @Bean
    DisposableBean clearAway(RunDirectory runDirectory, ProcessPool<ProcessSupervisor> pool) {
      return () -> {
        pool.stop();
        if (!runDirectory.root().endsWith("run")) {
          TreeDeleter.deleteTree(
              runDirectory.root()); // Outside of the home, which agents cannot traverse.
        }
      };
    }
  }

  @DynamicPropertySource
  static void registerProperties(DynamicPropertyRegistry properties) {
    TestInstallation.register(properties);
    // Limits have tests of their own.
    properties.add("agentledger.quota.user.sessions", () -> 1000);
    for (String name : List.of("libs", "out", "shut"))
      properties.add(
          "agentledger.claude.directories." + name + ".path", () -> HOST_DIRECTORIES.create(name));
    properties.add("agentledger.claude.directories.out.writable", () -> true);
    // One context for hooks and servers, too: each further one takes as long as ten tests.
    properties.add("agentledger.mcp.programs", EverythingServer::directory);
    properties.add(
        "agentledger.outbound.ports",
        () -> HookTestSupport.PORTS.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /**
   * Directories of the host that the operator has named: libs; out, where agents may write; and
   * shut, which policies deny.
   */
  static final HostTestDirectories HOST_DIRECTORIES =
      new HostTestDirectories("libs", "out", "shut");

  static final Caller ADA = Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());

  /** Agents that use the configuration of their workspace. */
  static final AgentOverrides PREPARED =
      new AgentOverrides(
          null,
          null,
          null,
          new AgentSetup(
              "default", List.of(SettingSource.PROJECT), List.of(), List.of(), Map.of(), Map.of()));

  static final JsonMapper JSON = new JsonMapper();

  @Autowired private JdbcClient jdbcClient;
  @Autowired CommandGateway commands;
  @Autowired TransientEventBus transientEventBus;
  @Autowired Sealer sealer;
  @Autowired RunDirectory runDirectory;
  @Autowired ProcessPool<ProcessSupervisor> pool;
  @Autowired RunRecovery recovery;

  @Autowired
  @Qualifier("eventStore")
  EventStore store;

  SessionId session;

  /** Environment of new sessions; null is the tenant's default. */
  @Nullable EnvironmentId environment;

  final List<StreamItem> frames = new CopyOnWriteArrayList<>();
  private final Map<SessionId, List<SessionEvent>> stories = new ConcurrentHashMap<>();
  private final Map<SessionId, Integer> skipped = new ConcurrentHashMap<>();
  private static final Map<String, SessionId> SHARED = new HashMap<>();

  /** Sessions that the current test has opened. */
  final Set<SessionId> opened = new HashSet<>();

  @BeforeEach
  void forgetSessions() {
    opened.clear();
  }

  /** An idle process uses the processor and memory. */
  @AfterEach
  void endCliProcesses() {
    if (session != null && SHARED.containsValue(session) && !isIdle()) {
      SHARED.values().remove(session); // A test that failed during a run must not delay the others.
      opened.add(session);
    }
    opened.stream()
        .filter(each -> !SHARED.containsValue(each))
        .forEach(each -> pool.find(each).ifPresent(ProcessSupervisor::terminate));
  }

  private boolean isIdle() {
    var activities = events(ActivityChanged.class);
    return activities.isEmpty() || activities.getLast().activity() == Activity.IDLE;
  }

  @AfterAll
  static void endSharedCliProcess(@Autowired ProcessPool<ProcessSupervisor> pool) {
    SHARED.values().forEach(each -> pool.find(each).ifPresent(ProcessSupervisor::terminate));
    SHARED.clear();
  }

  /**
   * Uses the shared session of the class, which the first caller opens, because a process for each
   * test is most of the cost of a test. Returns only events from now on.
   */
  void openShared(Runnable opening) {
    openShared("", opening);
  }

  /** The same for a class with several shared sessions, each with a name. */
  void openShared(String name, Runnable opening) {
    SessionId shared = SHARED.get(name);
    if (shared == null) {
      opening.run();
      SHARED.put(name, session);
      return;
    }
    session = shared;
    skipped.put(session, 0);
    skipped.put(session, events().size());
    transientEventBus.subscribe(session, null, frames::add);
  }

  /** The same for tests that need only the defaults. */
  void openShared() {
    openShared(this::open);
  }

  <R> R send(Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(
                command.getClass().isAnnotationPresent(InternalOnly.class)
                    ? ADA.provenance("req_test").asMetadata()
                    : ADA.asMetadata("req_test")));
  }

  void open() {
    open(RunOverrides.NONE);
  }

  void open(RunOverrides overrides) {
    open(overrides, new SessionOrigin.Fresh());
  }

  void open(SessionOrigin origin) {
    open(RunOverrides.NONE, origin);
  }

  private void open(RunOverrides overrides, SessionOrigin origin) {
    open(overrides, AgentOverrides.NONE, origin);
  }

  void open(RunOverrides overrides, AgentOverrides agent, SessionOrigin origin) {
    open(overrides, agent, origin, List.of());
  }

  void open(
      RunOverrides overrides,
      AgentOverrides agent,
      SessionOrigin origin,
      List<SessionDirectory> directories) {
    open(
        origin,
        SessionSpec.NONE.with(overrides).with(agent).withEnvironmentId(environment),
        new WorkspaceSpec(new Workspace.Empty(), directories, null));
  }

  void open(RunOverrides overrides, SessionTools tools) {
    open(
        new SessionOrigin.Fresh(),
        SessionSpec.NONE.with(overrides).with(tools).withEnvironmentId(environment),
        WorkspaceSpec.empty());
  }

  void open(SessionOrigin origin, SessionSpec sessionSpec, WorkspaceSpec workspaceSpec) {
    session = SessionId.next();
    opened.add(session);
    send(
        new OpenSession(
            session,
            ADA.user(),
            ThreadId.next(),
            origin,
            sessionSpec.withTitle("a title"),
            workspaceSpec,
            null));
    transientEventBus.subscribe(session, null, frames::add);
  }

  void submitInput(Input input) {
    send(new SubmitInputs(session, List.of(input), null));
  }

  /** Lets another node hold the session, as if it had the process. */
  void holdByAnotherNode() {
    jdbcClient
        .sql(
            """
            insert into claude_lease (session_id, node, epoch, expires_at)
            values (?, 'another', 1, now() + interval '1 hour')""")
        .param(session.value())
        .update();
  }

  RunId submitQuery(String text) {
    RunId run = RunId.next();
    submitInput(
        new Input.Prompt(QueryId.next(), run, QueryEvent.Cause.USER, text, RunOverrides.NONE));
    return run;
  }

  RunId submitCommand(String name, String arguments) {
    var command = new SlashCommand(name, arguments);
    RunId run = RunId.next();
    submitInput(
        new Input.Prompt(
            QueryId.next(),
            run,
            QueryEvent.Cause.USER,
            command.text(),
            RunOverrides.NONE,
            List.of(),
            List.of(),
            command));
    return run;
  }

  RunId submitMentions(String text, String... paths) {
    RunId run = RunId.next();
    submitInput(
        new Input.Prompt(
            QueryId.next(),
            run,
            QueryEvent.Cause.USER,
            text,
            RunOverrides.NONE,
            List.of(),
            List.of(paths),
            null));
    return run;
  }

  /** Reads only events that were not read before, because they are read often. */
  List<SessionEvent> events() {
    List<SessionEvent> known = stories.computeIfAbsent(session, none -> new ArrayList<>());
    synchronized (known) {
      store
          .readEvents(session.value(), known.size())
          .asStream()
          .forEach(message -> known.add((SessionEvent) message.getPayload()));
      return List.copyOf(known.subList(skipped.getOrDefault(session, 0), known.size()));
    }
  }

  <T> List<T> events(Class<T> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T> T awaitEvent(Class<T> type) {
    return awaitEvents(type, 1).getFirst();
  }

  <T> List<T> awaitEvents(Class<T> type, int count) {
    try { // An assertion would print all events into an error at each attempt.
      await().atMost(120, SECONDS).until(() -> events(type).size() >= count);
    } catch (ConditionTimeoutException exception) {
      throw new AssertionError(
          "%d events of %s expected in %s".formatted(count, type, events()), exception);
    }
    return events(type);
  }

  /** Call of a tool in the response of the scripted model. */
  record Call(String tool, Map<String, ?> input) {
    static Call bash(String command) {
      return new Call(
          "Bash", Map.of("command", command, "description", "Do it", "timeout", 60_000));
    }

    static Call read(String path) {
      return new Call("Read", Map.of("file_path", path));
    }

    static Call write(String path) {
      return new Call("Write", Map.of("file_path", path, "content", "written"));
    }
  }

  /** Returns a prompt that lets the model make these calls in order. */
  static String script(List<Call> calls) {
    return scriptOfResponses(calls.stream().map(List::of).toList());
  }

  /** Returns a prompt that lets each response of the model make these calls. */
  static String scriptOfResponses(List<List<Call>> responses) {
    var steps = new ArrayList<Map<String, Object>>();
    Map<String, Object> pace = Map.of("first", "0ms", "pause", "0ms", "size", 4000);
    responses.forEach(calls -> steps.add(Map.of("calls", calls, "pace", pace)));
    steps.add(Map.of("say", "That was all.", "pace", pace));
    return "Please:\n```rehearsal\n" + JSON.writeValueAsString(steps) + "\n```\n";
  }

  /** Lets the agent make the calls, waits until the run has completed, and returns their events. */
  List<ToolCalled> act(Call... calls) {
    return actAsScripted(script(List.of(calls)));
  }

  List<ToolCalled> actAsScripted(String script) {
    int before = events(ToolCalled.class).size();
    RunId run = submitQuery(script);
    await() // A background task of an earlier run can cause another run before it.
        .atMost(120, SECONDS)
        .until(
            () ->
                events(RunCompleted.class).stream()
                    .anyMatch(completed -> completed.runId().equals(run)));
    return List.copyOf(events(ToolCalled.class).subList(before, events(ToolCalled.class).size()));
  }

  String output(ToolCalled call) {
    return events(ToolReturned.class).stream()
        .filter(returned -> returned.toolCallId().equals(call.toolCallId()))
        .map(returned -> sealer.open(session, ToolReturned.class, "output", returned.output()))
        .findFirst()
        .orElse("");
  }

  long cliOf(SessionId sessionId) {
    long supervisor = pool.find(sessionId).orElseThrow().context().process().identity().pid();
    return ProcessHandle.of(supervisor).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(
            process ->
                process.info().command().filter(name -> name.endsWith("/claude")).isPresent())
        .findFirst()
        .orElseThrow()
        .pid();
  }

  /** Detaches from the session's process and attaches to it again, as after a restart. */
  void restart() {
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.termination().join();
    try {
      recovery.recover();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Returns everything that the CLI recorded of the conversation, including its subagents. */
  String transcript(SessionId sessionId) throws IOException {
    var base = runDirectory.sessions().resolve(sessionId.value());
    var projects = base.resolve("home/.claude/projects");
    if (!Files.exists(projects)) return "";
    var text = new StringBuilder();
    try (var all = Files.walk(projects)) {
      for (var file : all.filter(path -> path.toString().endsWith(".jsonl")).toList())
        text.append(Files.readString(file));
    }
    return text.toString();
  }

  String result(RunCompleted completed) {
    return sealer.open(session, RunCompleted.class, "result", completed.result());
  }

  void writeWorkspaceFile(String name, String text) throws IOException {
    var file = runDirectory.sessionPaths(session.value(), true).workspace().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  String workspaceFile(String name) throws IOException {
    return Files.readString(
        runDirectory.sessions().resolve(session.value()).resolve("work").resolve(name));
  }
}
