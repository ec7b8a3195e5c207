package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.NewSessionIds;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.store.postgres.SchemaOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Processes that wait for their session, with the real CLI in its sandbox. */
@TestPropertySource(properties = "agentledger.claude.prewarmed-mib=200")
class PrewarmedProcessesIT extends RunnerTestSupport {
  private static final RunOverrides FEW_TURNS = new RunOverrides(null, null, null, null, 7, null);

  private static final SessionSpec SPEC = SessionSpec.NONE.withTitle("a title");

  @Autowired private NewSessionIds newSessionIds;
  @Autowired private PrewarmedProcesses<PrewarmedProcess> prewarmed;
  @Autowired private NodeWorkspaces workspaces;
  @Autowired private CliRunner cliRunner;
  @Autowired private Sandbox sandbox;
  @Autowired private SchemaOwner schemaOwner;
  @Autowired private SessionPathsResolver pathsResolver;

  private Optional<PolicyId> policy = Optional.empty();
  private SessionSpec spec = SPEC;

  @BeforeEach
  void prewarm() throws IOException {
    openNext();
    answer();
    awaitReady();
    pool.find(session).ifPresent(each -> each.terminate());
  }

  @AfterEach
  void archivePolicy() {
    if (policy.isEmpty()) return;
    send(new ArchivePolicy(policy.get()));
    // The process that was started under the policy must not be that of the next test.
    await().atMost(60, SECONDS).until(() -> prewarmed.count() == prewarmed.countReady());
    prewarmed.check();
  }

  /**
   * Opens a session with the id that the node offers, as the gateway does.
   *
   * @return directory of the process that waits for it, if one does
   */
  private Optional<Path> openNext() throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    Optional<Path> waiting = waiting(session).stream().findFirst();
    open(session);
    return waiting;
  }

  private void open(SessionId id, Input... inputs) throws IOException {
    opened.add(id);
    workspaces.createEmpty(id);
    send(openCommand(id, inputs));
  }

  private OpenSession openCommand(SessionId id, Input... inputs) {
    return new OpenSession(
        id,
        ADA.user(),
        ThreadId.next(),
        new SessionOrigin.Fresh(),
        spec,
        WorkspaceSpec.empty(),
        List.of(inputs),
        null);
  }

  /** Opens a session and waits until it has the process that waited for it. */
  private ProcessSupervisor openNextAndTake() throws IOException {
    Path directory = openNext().orElseThrow();
    await().until(() -> pool.find(session).isPresent());
    ProcessSupervisor process = pool.find(session).orElseThrow();
    assertThat(process.context().id().value()).isEqualTo(directory.getFileName().toString());
    var lock = cliRunner.lockOf(session);
    lock.lock(); // Until its state is in memory, too.
    lock.unlock();
    return process;
  }

  private void answer() {
    answer(RunOverrides.NONE);
  }

  private void answer(RunOverrides overrides) {
    submitInput(hello(overrides));
    awaitEvent(RunCompleted.class);
  }

  private static Input hello(RunOverrides overrides) {
    return new Input.Prompt(QueryId.next(), RunId.next(), Cause.USER, "Say hello.", overrides);
  }

  private List<Path> waiting(SessionId sessionId) throws IOException {
    Path runs = runDirectory.sessions().resolve(sessionId.value()).resolve("run");
    if (!Files.isDirectory(runs)) return List.of();
    try (var all = Files.list(runs)) {
      return all.filter(process -> new PrewarmedMark(process).exists()).toList();
    }
  }

  private String executedBy() {
    return events(RunStarted.class).getFirst().execution().processId().value();
  }

  @Test
  void firstRunOfTheNextSessionUsesTheProcessThatWaits() throws IOException {
    long hits = prewarmed.hits();
    Path directory = openNext().orElseThrow();
    long cli = ClaudeProcess.openReadOnly(directory).identity().pid();
    answer();
    assertThat(executedBy()).isEqualTo(directory.getFileName().toString());
    assertThat(pool.find(session).orElseThrow().context().process().identity().pid())
        .isEqualTo(cli);
    assertThat(new PrewarmedMark(directory).exists()).isFalse();
    assertThat(prewarmed.hits()).isEqualTo(hits + 1);
    assertThat(events(RunStarted.class)).hasSize(1);
    answer();
    assertThat(awaitEvents(RunCompleted.class, 2)).hasSize(2);
  }

  /** A busy machine may leave a run to its job; then another session is tried. */
  @Test
  void firstRunStartsInTheAppendOfItsQuery() throws IOException {
    boolean startedWithQuery = false;
    for (int tries = 0; tries < 5 && !startedWithQuery; tries++) {
      ProcessSupervisor process = openNextAndTake();
      submitQuery("Say hello.");
      var events = events();
      int issued = events.indexOf(events(QueryIssued.class).getFirst());
      startedWithQuery =
          issued + 1 < events.size()
              && events.get(issued + 1) instanceof RunStarted started
              && started.execution().equals(process.context().execution());
      awaitEvent(RunCompleted.class);
      assertThat(events(RunStarted.class)).hasSize(1);
      awaitReady();
    }
    assertThat(startedWithQuery).isTrue();
  }

  @Test
  void runOfTheQueryThatOpensASessionStartsInTheSameAppend() throws IOException {
    Path directory = openNextWith(hello(RunOverrides.NONE));
    awaitEvent(RunCompleted.class);
    assertThat(events().subList(0, 3))
        .hasExactlyElementsOfTypes(SessionOpened.class, QueryIssued.class, RunStarted.class);
    assertThat(executedBy()).isEqualTo(directory.getFileName().toString());
    assertThat(events(RunStarted.class)).hasSize(1);
    answer();
    assertThat(awaitEvents(RunCompleted.class, 2)).hasSize(2);
  }

  /** Opens a session with a query, and returns the directory of the process that waited for it. */
  private Path openNextWith(Input query) throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    Path directory = waiting(session).getFirst();
    open(session, query);
    return directory;
  }

  @Test
  void queryThatNeedsAnotherLaunchOpensItsSessionWithAnotherProcess() throws IOException {
    Path directory = openNextWith(hello(FEW_TURNS));
    awaitEvent(RunCompleted.class);
    assertThat(events().get(2)).isNotInstanceOf(RunStarted.class);
    assertThat(executedBy()).isNotEqualTo(directory.getFileName().toString());
    assertThat(directory).doesNotExist();
    awaitReady(); // The next session takes the process with these options.
  }

  /** Otherwise a job would execute a run there that this node has recorded and not begun. */
  @Test
  void processIsNoneOfItsSessionBeforeItIsTaken() throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    var process = new ProcessId(waiting(session).getFirst().getFileName().toString());
    assertThat(pathsResolver.hasProcess(session, process)).isFalse();
    open(session, hello(RunOverrides.NONE));
    awaitEvent(RunCompleted.class);
    assertThat(pathsResolver.hasProcess(session, process)).isTrue();
  }

  @Test
  void processWaitsOnIfItsSessionIsNotOpened() throws IOException, SQLException {
    executeAsOwner("alter table run_job add constraint no_room check (false) not valid");
    try {
      assertThatThrownBy(() -> openNextWith(hello(RunOverrides.NONE)))
          .hasStackTraceContaining("no_room");
    } finally {
      executeAsOwner("alter table run_job drop constraint no_room");
    }
    assertThat(prewarmed.isClaimed(session)).isTrue();
    Path directory = waiting(session).getFirst();
    send(openCommand(session, hello(RunOverrides.NONE)));
    awaitEvent(RunCompleted.class);
    assertThat(executedBy()).isEqualTo(directory.getFileName().toString());
  }

  private void executeAsOwner(String sql) throws SQLException {
    try (var connection = schemaOwner.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The gateway answers the question that warms a process up. */
  @Test
  void warmUpLeavesNothingInTheSession() throws IOException {
    Path directory = openNext().orElseThrow();
    assertThat(directory.resolve("out")).content().contains("warm-up-", "Ready.");
    assertThat(directory.resolve("usage")).isEmptyFile();
    answer();
    assertThat(events(TurnFinished.class)).hasSize(1);
    assertThat(Files.readString(directory.resolve("usage"))).doesNotContain("warm");
    assertThat(conversation()).contains("Say hello.").doesNotContain("Are you ready", "Ready.");
  }

  private String conversation() throws IOException {
    try (var files = Files.walk(runDirectory.sessions().resolve(session.value()))) {
      var text = new StringBuilder();
      for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  /** A process with options of another session's query waits for a query that has them, too. */
  @Test
  void firstRunWithTheOptionsOfTheLastOneUsesTheProcess() throws IOException {
    prewarmed.check();
    answerNext(FEW_TURNS); // The process that waits has other options.
    Path directory = openNext().orElseThrow();
    cliRunner.assignPrewarmed(session);
    assertThat(pool.find(session)).isEmpty();
    assertThat(prewarmed.isClaimed(session)).isTrue();
    answer(FEW_TURNS);
    assertThat(executedBy()).isEqualTo(directory.getFileName().toString());
    assertThat(events(RunStarted.class)).hasSize(1);
    awaitReady(); // The next session takes the process with these options.
  }

  private void awaitReady() {
    await().atMost(60, SECONDS).until(() -> prewarmed.countReady() == 1);
  }

  /** Opens a session, whose run makes the options those of the process that waits next. */
  private void answerNext(RunOverrides overrides) throws IOException {
    ProcessSupervisor process = openNextAndTake();
    answer(overrides);
    assertThat(executedBy()).isNotEqualTo(process.context().id().value());
    assertThat(process.isAlive()).isFalse();
    awaitReady();
  }

  @Test
  void processStaysOutsideOfASessionThatAnotherNodeHolds() throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    holdByAnotherNode();
    open(session);
    var lock = cliRunner.lockOf(session);
    lock.lock(); // Else the node may be trying it at this moment.
    try {
      assertThatThrownBy(() -> cliRunner.assignPrewarmed(session))
          .isInstanceOf(Runner.SessionBusyException.class);
    } finally {
      lock.unlock();
    }
    assertThat(pool.find(session)).isEmpty();
    assertThat(prewarmed.isClaimed(session)).isTrue();
    prewarmed.end(session);
  }

  @Test
  void deletionOfTheFilesEndsTheProcess() throws IOException {
    ProcessSupervisor process = openNextAndTake();
    workspaces.delete(session);
    assertThat(process.isAlive()).isFalse();
    assertThat(pool.find(session)).isEmpty();
  }

  @Test
  void sessionThatEndsBeforeItsFirstRunEndsTheProcess() throws IOException {
    ProcessSupervisor process = openNextAndTake();
    send(new CloseSession(session));
    await().atMost(60, SECONDS).until(() -> !process.isAlive());
  }

  @Test
  void processIsNotUsedAfterAPolicyHasChanged() throws IOException {
    assumeSandbox();
    ClaudeProcess process = openNextAndTake().context().process();
    Path directory = process.directory();
    denyPath();
    answer();
    assertThat(executedBy()).isNotEqualTo(directory.getFileName().toString());
    assertThat(process.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void processEndsWhenAPolicyChanges() throws IOException {
    assumeSandbox();
    SessionId reserved = offered();
    ClaudeProcess process = ClaudeProcess.openReadOnly(waiting(reserved).getFirst());
    prewarmed.check();
    assertThat(process.isAlive()).isTrue();
    denyPath();
    prewarmed.check();
    assertThat(process.isAlive()).isFalse();
    assertThat(runDirectory.sessions().resolve(reserved.value())).doesNotExist();
  }

  @Tag("exhaustive")
  @Test
  void processIsNotUsedAfterItsEnvironmentHasChanged() throws IOException {
    assumeSandbox();
    SessionId other = offered();
    EnvironmentId id = EnvironmentId.next();
    send(new CreateEnvironment(id, id.value(), processes(96), EnvironmentNotes.NONE, null));
    spec = SPEC.withEnvironmentId(id);
    openNext();
    answer();
    await()
        .atMost(60, SECONDS)
        .until(() -> prewarmed.countReady() == 1 && !other.equals(offered()));
    send(new ChangeEnvironment(id, id.value(), processes(128), EnvironmentNotes.NONE, 1));
    Path directory = openNext().orElseThrow();
    answer();
    assertThat(executedBy()).isNotEqualTo(directory.getFileName().toString());
    assertThat(directory).doesNotExist();
  }

  private static EnvironmentDefinition processes(int max) {
    return new EnvironmentDefinition(
        new Network.Closed(), new Limits(0, max, 0), List.of(), List.of());
  }

  /** Without a sandbox, no path is closed and no limit is set when a process starts. */
  private void assumeSandbox() {
    assumeThat(sandbox.isEnabled()).isTrue();
  }

  /** A file that a client has uploaded may be configuration, or begin a repository. */
  @Test
  void processIsNotUsedInAWorkspaceWithFiles() throws IOException {
    Path directory = openNextAndTake().context().process().directory();
    Files.writeString(
        runDirectory.sessions().resolve(session.value()).resolve("work/notes"), "text");
    answer();
    assertThat(executedBy()).isNotEqualTo(directory.getFileName().toString());
    assertThat(directory).doesNotExist();
  }

  @Tag("exhaustive")
  @Test
  void restartEndsTheProcessAndDeletesItsFiles() throws IOException {
    SessionId reserved = offered();
    ClaudeProcess process = ClaudeProcess.openReadOnly(waiting(reserved).getFirst());
    recovery.recover();
    assertThat(process.isAlive()).isFalse();
    assertThat(runDirectory.sessions().resolve(reserved.value())).doesNotExist();
    openNext(); // It is not offered any more.
    assertThat(session).isNotEqualTo(reserved);
    answer();
  }

  /** The session was opened, and the service was killed before its first run. */
  @Tag("exhaustive")
  @Test
  void restartEndsTheProcessOfAnOpenSession() throws IOException {
    ProcessSupervisor supervisor = openNextAndTake();
    ClaudeProcess process = supervisor.context().process();
    Path directory = process.directory();
    supervisor.detach(); // As if the service were killed.
    supervisor.termination().join();
    recovery.recover();
    assertThat(process.isAlive()).isFalse();
    assertThat(directory).doesNotExist();
    answer();
    assertThat(executedBy()).isNotEqualTo(directory.getFileName().toString());
  }

  @Test
  void refusedSessionEndsTheProcess() throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    opened.add(session);
    ClaudeProcess process = ClaudeProcess.openReadOnly(waiting(session).getFirst());
    workspaces.delete(session);
    assertThat(process.isAlive()).isFalse();
    assertThat(runDirectory.sessions().resolve(session.value())).doesNotExist();
  }

  /** Returns the session of the process that waits and is offered to nobody. */
  private SessionId offered() throws IOException {
    try (var sessions = Files.list(runDirectory.sessions())) {
      for (Path each : sessions.toList()) {
        String name = each.getFileName().toString();
        if (name.startsWith(SessionId.PREFIX + "_") && Files.isDirectory(each.resolve("run"))) {
          SessionId found = new SessionId(name);
          if (!waiting(found).isEmpty()) return found;
        }
      }
    }
    throw new AssertionError("no process waits");
  }

  private void denyPath() {
    PolicyId id = PolicyId.next();
    var rule =
        new PolicyRule(
            "hidden",
            Effect.DENY,
            0,
            List.of(),
            List.of("secret/**"),
            Use.ANY,
            List.of(),
            List.of(),
            "not for you");
    send(
        new CreatePolicy(
            id,
            new PolicyScope.Tenant(),
            "paths",
            new PolicyDefinition(true, false, List.of(rule)),
            null));
    policy = Optional.of(id);
  }
}
