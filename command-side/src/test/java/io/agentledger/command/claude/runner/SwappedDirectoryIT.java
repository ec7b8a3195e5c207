package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.workspace.HostDirectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** A directory of the host is replaced between its check and its mount. */
class SwappedDirectoryIT extends RunnerTestSupport {
  private static final String LEASE =
      "insert into claude_lease (session_id, node, epoch, expires_at) values (?, '', 1, now())";
  private static final String WAITING =
      "select exists (select from pg_stat_activity"
          + " where wait_event_type = 'Lock' and query like '%claude_lease%')";

  @Autowired HostDirectories directories;
  @Autowired DataSource data;
  @Autowired JdbcTemplate sql;

  /** The session's lease is acquired in between: a test that delays it has enough time. */
  @Test
  void directorySwappedBetweenCheckAndMountStartsNothing() throws Exception {
    Path secret = HOST_DIRECTORIES.writeFile("vault/secret.txt", "a secret").getParent();
    Path shown = HOST_DIRECTORIES.writeFile("shown/a.txt", "mine").getParent();
    var chosen = directories.resolve(List.of(shown.toString()), true).toCompletableFuture().join();
    open(RunOverrides.NONE, AgentOverrides.NONE, new SessionOrigin.Fresh(), chosen);
    try (var other = data.getConnection();
        var hold = other.prepareStatement(LEASE)) {
      other.setAutoCommit(false);
      hold.setString(1, session.value());
      hold.executeUpdate();
      submitQuery("scenario: text");
      await().atMost(60, SECONDS).until(() -> sql.queryForObject(WAITING, Boolean.class));
      Files.move(shown, HOST_DIRECTORIES.create("was-shown"));
      Files.createSymbolicLink(shown, secret);
      other.rollback();
    }
    var failed = awaitEvents(RunFailed.class, 2);
    assertThat(runError(failed.getFirst()))
        .contains("/mnt/shown is not the directory that was checked");
    assertThat(failed.getFirst().retrying()).isTrue();
    assertThat(runError(failed.getLast())).contains("shown", "leads elsewhere");
    assertThat(failed.getLast().failure()).isEqualTo(Failure.SETUP);
    assertThat(failed.getLast().retrying()).isFalse();
    assertThat(events(RunInitialized.class)).isEmpty();
  }

  private String runError(RunFailed failed) {
    return sealer.open(session, RunFailed.class, "error", failed.error());
  }
}
