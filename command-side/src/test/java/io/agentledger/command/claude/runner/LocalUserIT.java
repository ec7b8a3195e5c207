package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.support.UnixSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Another user of the host, who is no agent, has no access to a session. {@code
 * target/localuser-report.md} lists the results.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalUserIT extends EscapeTestSupport {
  private static final int STRANGER = 65_533;
  private static final String ANSWER = "HTTP/1.1 ";

  @BeforeAll
  void startAll() throws IOException {
    start();
  }

  @AfterAll
  void stopAll() throws IOException {
    stop();
  }

  private Path modelSocket(SessionId sessionId) throws IOException {
    return files(sessionId).sockets().resolve(SessionPaths.MODEL_SOCKET);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void modelSocketIsItsAgentsAlone() throws IOException {
    Path socket = modelSocket(agent);
    int uid = files(agent).uid().orElseThrow();
    String control = UnixSocketClient.get(socket, uid);
    assertThat(control).contains(ANSWER);
    assertThat(UnixSocketClient.get(socket, 0)).as("the service's own user").contains(ANSWER);
    int neighbourUid = files(neighbour).uid().orElseThrow();
    for (int stranger : new int[] {STRANGER, neighbourUid}) {
      String output = UnixSocketClient.get(socket, stranger);
      report.add(
          "sends a model request as uid " + (stranger == STRANGER ? "of nobody" : "of a neighbour"),
          "curl --unix-socket, with the path from /proc/net/unix",
          output,
          control,
          "modes and SO_PEERCRED");
      assertThat(output).doesNotContain(ANSWER);
    }
    assertThat(mode(socket)).isEqualTo("rw-------");
    assertThat(mode(socket.getParent())).isEqualTo("rwxr-x---");
    assertThat(mode(files(agent).base())).isEqualTo("rwx--x---");
    assertThat(Files.readString(Path.of("/proc/net/unix"))).contains(socket.toString());
  }

  @Test
  void commandLinesTellNeitherCommandsNorClosedPaths() throws IOException {
    SessionId guest = openSession(BYPASS);
    var closed =
        new PolicyRule(
            "closed",
            Effect.DENY,
            0,
            List.of(),
            List.of("closed-" + nonce + "/**"),
            Use.ANY,
            List.of(),
            List.of(),
            "not for you");
    send(
        new CreatePolicy(
            PolicyId.next(),
            new PolicyScope.Session(guest),
            "closed",
            new PolicyDefinition(true, false, List.of(closed)),
            null));
    act(guest, "true");
    Path work = files(guest).workspace();
    String text = "word-" + nonce;
    int before = events(RunCompleted.class).size();
    submitQuery(
        script(
            List.of(
                Call.bash(
                    ": "
                        + text
                        + "; env | grep -c AGENTLEDGER; ls -d closed-"
                        + nonce
                        + "/* ; touch started; until [ -e go ]; do sleep 0.1; done"))));
    await().atMost(60, SECONDS).until(() -> Files.exists(work.resolve("started")));
    var lines = commandLines();
    Files.createFile(work.resolve("go"));
    awaitEvents(RunCompleted.class, before + 1);
    assertThat(lastOutput()).startsWith("\"0").contains("Permission denied");
    assertThat(lines).anyMatch(line -> line.contains("bwrap"));
    assertThat(lines).noneMatch(line -> line.contains(text) || line.contains("closed-" + nonce));
    report.add(
        "reads commands and closed paths in /proc/*/cmdline",
        "cat /proc/*/cmdline while a command runs",
        "",
        text,
        "bwrap --args, variables");
  }

  private static List<String> commandLines() throws IOException {
    var lines = new ArrayList<String>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
          // It has ended in the meantime.
        }
      }
    }
    return lines;
  }

  @Test
  void openModesGrantNoAccess() throws IOException {
    SessionId guest = openSession(BYPASS);
    act(guest, "true");
    Path socket = modelSocket(guest);
    for (Path path : new Path[] {socket, socket.getParent(), files(guest).base()})
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(UnixSocketClient.get(socket, STRANGER)).doesNotContain(ANSWER);
    assertThat(UnixSocketClient.get(socket, 0)).contains(ANSWER);
  }
}
