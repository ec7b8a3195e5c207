package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.WorkspaceFiles;
import io.agentledger.command.claude.files.SessionPathsResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A deleted session uses no resources: its files are removed, and its uid is free. */
class DeletedSessionCleanerIT extends RunnerTestSupport {
  @Autowired private UploadLeftoverCleaner uploadLeftoverCleaner;
  @Autowired private WorkspaceFiles files;
  @Autowired private CliRunner runner;
  @Autowired private SessionPathsResolver sessionPathsResolver;

  private Path base(SessionId session) {
    return runDirectory.sessions().resolve(session.value());
  }

  private boolean hasUser(SessionId session) throws IOException {
    try (var users = Files.list(runDirectory.root().resolve("uids"))) {
      for (var user : users.toList())
        if (Files.readString(user).equals(session.value())) return true;
    }
    return false;
  }

  @Test
  void filesAndProcessOfADeletedSessionAreRemoved() throws IOException {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(base(session)).isDirectory();
    send(new DeleteSession(session));
    await().atMost(60, SECONDS).until(() -> Files.notExists(base(session)));
    assertThat(pool.find(session)).isEmpty();
    await().atMost(5, SECONDS).until(() -> !hasUser(session));
  }

  @Test
  void deletionWaitsForARunInProgress() {
    open();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: sleep 600, description: Waits}}
        - say: It is late.
        ```
        """);
    awaitEvent(ToolCalled.class);
    send(new DeleteSession(session));
    await().atMost(60, SECONDS).until(() -> Files.notExists(base(session)));
  }

  private CompletableFuture<?> put(String name) {
    return files
        .createStagingFile(session)
        .thenCompose(staged -> files.put(session, staged, FilePath.of(name), FileCondition.NONE))
        .toCompletableFuture();
  }

  private static boolean isNotFound(Throwable failure) {
    return failure instanceof CompletionException
        && failure.getCause() instanceof RejectionException rejected
        && rejected.rejection() instanceof NotFound;
  }

  @Test
  void changeAfterTheDeletionIsRejectedAndRecreatesNothing() throws IOException {
    open();
    put("before").join();
    send(new DeleteSession(session));
    await().atMost(60, SECONDS).until(() -> Files.notExists(base(session)));
    assertThatThrownBy(() -> put("after").join()).matches(DeletedSessionCleanerIT::isNotFound);
    assertThat(base(session)).doesNotExist();
    await().atMost(5, SECONDS).until(() -> !hasUser(session));
  }

  @Test
  void changesAtTheTimeOfTheDeletionRecreateNothing() {
    open();
    put("before").join();
    var changes = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < 20; i++) {
      changes.add(put("file-" + i));
      if (i == 10) send(new DeleteSession(session));
    }
    assertThat(changes)
        .allSatisfy(
            change -> {
              var failure = change.handle((done, cause) -> Optional.ofNullable(cause)).join();
              assertThat(failure).matches(none -> none.isEmpty() || isNotFound(none.get()));
            });
    await().atMost(60, SECONDS).until(() -> Files.notExists(base(session)) && !hasUser(session));
  }

  private Path stage(SessionId session, String name) throws IOException {
    var staging = Files.createDirectories(base(session).resolve("put"));
    return Files.writeString(staging.resolve(name), "sent");
  }

  private static void setAge(Duration age, Path... paths) throws IOException {
    for (var path : paths) Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void leftoversOfUploadsAreRemovedAndWhatIsInUseStays() throws IOException {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    var fresh = SessionId.next();
    var old = SessionId.next();
    var receiving = SessionId.next();
    for (var never : new SessionId[] {fresh, old, receiving})
      runDirectory.sessionPaths(never.value(), true);
    var used = stage(receiving, "used");
    var staged = stage(session, "staged");
    var leftover = stage(session, "leftover");
    setAge(Duration.ofHours(2), leftover);
    for (var never : new SessionId[] {old, receiving})
      setAge(Duration.ofHours(2), base(never).resolve("work"), base(never));
    setAge(Duration.ofHours(2), base(session));
    uploadLeftoverCleaner.sweep();
    assertThat(base(old)).doesNotExist();
    assertThat(hasUser(old)).isFalse();
    assertThat(leftover).doesNotExist();
    assertThat(staged).exists();
    assertThat(used).exists();
    assertThat(base(fresh)).isDirectory();
    assertThat(base(session).resolve("work")).isDirectory();
    runDirectory.delete(fresh.value());
    runDirectory.delete(receiving.value());
  }

  @Test
  void leftoversOfThePreviousServiceAreRemovedAtTheStart() throws IOException {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    var unopened = SessionId.next();
    runDirectory.sessionPaths(unopened.value(), true);
    var staged = stage(session, "staged");
    stage(unopened, "staged");
    var clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
    var next = new UploadLeftoverCleaner(runner, sessionPathsResolver, store, clock);
    next.sweep();
    assertThat(staged).doesNotExist();
    assertThat(base(unopened)).doesNotExist();
    assertThat(base(session).resolve("work")).isDirectory();
  }
}
