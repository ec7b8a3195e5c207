package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A deleted session uses no resources: its files are removed, and its uid is free. */
class DeletedSessionCleanerIT extends RunnerTestSupport {
  @Autowired private DeletedSessionCleaner deletedSessionCleaner;

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

  @Test
  void oldUnopenedDirectoryIsRemovedAndOpenSessionsStay() throws IOException {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    var fresh = SessionId.next();
    var old = SessionId.next();
    for (var never : new SessionId[] {fresh, old}) runDirectory.sessionPaths(never.value(), true);
    var longAgo = Instant.now().minus(Duration.ofHours(2));
    Files.setLastModifiedTime(base(old), FileTime.from(longAgo));
    Files.setLastModifiedTime(base(session), FileTime.from(longAgo));
    deletedSessionCleaner.sweep();
    assertThat(base(old)).doesNotExist();
    assertThat(hasUser(old)).isFalse();
    assertThat(base(fresh)).isDirectory();
    assertThat(base(session)).isDirectory();
    runDirectory.delete(fresh.value());
  }
}
