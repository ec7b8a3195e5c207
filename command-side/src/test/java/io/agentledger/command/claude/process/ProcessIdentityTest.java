package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Identity of a process that leads a process session with one more member. */
class ProcessIdentityTest {
  private Process leader;

  @BeforeEach
  void start() throws IOException {
    leader = new ProcessBuilder("setsid", "sh", "-c", "sleep 60 & wait").start();
    await().until(() -> leader.descendants().count() == 1);
  }

  @AfterEach
  void end() {
    leader.descendants().forEach(ProcessHandle::destroyForcibly);
    leader.destroyForcibly();
  }

  private long startTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(leader.pid()), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  @Test
  void leaderHasTheOtherMembersOfItsGroup() throws IOException {
    assertThat(new ProcessIdentity(leader.pid(), startTicks()).groupMembers())
        .containsExactlyElementsOf(leader.descendants().toList());
  }

  @Test
  void processWhosePidWasReusedHasNoGroup() throws IOException {
    assertThat(new ProcessIdentity(leader.pid(), startTicks() - 1).groupMembers()).isEmpty();
  }
}
