package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
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
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final SessionSpec SPEC = SessionSpec.NONE.withTitle("a title");

  @Autowired private NewSessionIds newSessionIds;
  @Autowired private PrewarmedProcesses<PrewarmedProcess> prewarmed;
  @Autowired private NodeWorkspaces workspaces;

  @Autowired private Sandbox sandbox;

  private Optional<PolicyId> policy = Optional.empty();
  private SessionSpec spec = SPEC;

  @BeforeEach
  void prewarm() throws IOException {
    openNext();
    answer();
    await().atMost(60, SECONDS).until(() -> prewarmed.countReady() == 1);
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

  /** Opens a session with the id that the node offers, as the gateway does. */
  private void openNext() throws IOException {
    session = newSessionIds.next(ADA.tenant(), spec);
    opened.add(session);
    workspaces.createEmpty(session);
    send(
        new OpenSession(
            session,
            ADA.user(),
            ThreadId.next(),
            new SessionOrigin.Fresh(),
            spec,
            WorkspaceSpec.empty(),
            null));
  }

  private void answer() {
    submitQuery("Say hello.");
    awaitEvent(RunCompleted.class);
  }

  /** Returns the directory of the process that waits for the session. */
  private Path waiting() throws IOException {
    return waiting(session).getFirst();
  }

  private List<Path> waiting(SessionId sessionId) throws IOException {
    Path runs = runDirectory.sessions().resolve(sessionId.value()).resolve("run");
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
    openNext();
    Path directory = waiting();
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

  @Test
  void processIsNotUsedAfterAPolicyHasChanged() throws IOException {
    assumeSandbox();
    openNext();
    Path directory = waiting();
    ClaudeProcess process = ClaudeProcess.openReadOnly(directory);
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
    openNext();
    Path directory = waiting();
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
    openNext();
    Path directory = waiting();
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
    openNext();
    Path directory = waiting();
    ClaudeProcess process = ClaudeProcess.openReadOnly(directory);
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
    ClaudeProcess process = ClaudeProcess.openReadOnly(waiting());
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
