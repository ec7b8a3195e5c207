package io.agentledger.command.model;

import static io.agentledger.command.model.SocketClient.messagesRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.command.support.UnixSocketClient;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The socket of a process outlives the gateway that serves it. */
class SocketHolderTest {
  /** Output of curl for the one byte that is sent with a descriptor. */
  private static final String DESCRIPTOR_SENT = "HTTP/0.9";

  private Path directory;
  private Path socket;
  private SocketHolder holder;
  private Process holding;

  @BeforeEach
  void hold() throws IOException {
    directory = Files.createTempDirectory("hold");
    socket = directory.resolve("model.sock");
    holder = new SocketHolder(directory.resolve("ask"), Duration.ofSeconds(10));
    requestHolder();
    assumeThat(SocketHolder.isSupported()).isTrue();
    Path script = directory.resolve("hold-socket");
    try (var in =
        SocketHolderTest.class.getResourceAsStream(
            "/io/agentledger/command/claude/sandbox/hold-socket")) {
      Files.copy(in, script);
    }
    startHolder();
  }

  private void requestHolder() throws IOException {
    holder.request(directory.resolve("listen"), socket, SocketOwner.ofService());
  }

  private void startHolder() throws IOException {
    holding =
        new ProcessBuilder(
                "/usr/bin/perl",
                directory.resolve("hold-socket").toString(),
                directory.resolve("listen").toString())
            .inheritIO()
            .start();
  }

  @AfterEach
  void release() throws Exception {
    if (holding != null) holding.destroyForcibly().waitFor();
    for (String name :
        new String[] {"model.sock", "ask", "listen", "hold-socket", "usage.jsonl", ""}) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }

  private ModelGateway openGateway() throws IOException {
    return openGateway(RunId.next());
  }

  private ModelGateway openGateway(RunId run) throws IOException {
    var gateway =
        new ModelGateway(
            new RehearsalUpstream(ScenarioRegistry.load(null), 0),
            RehearsalGateway.rule(),
            RehearsalGateway.settings("https://x.example"));
    gateway.open(
        new ListeningSocket(socket, SocketOwner.ofService(), Optional.of(holder)),
        directory.resolve("usage.jsonl"),
        RehearsalGateway.CALLER,
        Optional.of(RehearsalGateway.account(run)));
    return gateway;
  }

  private int ask() {
    String body = messagesRequest("scenario: text", Map.of());
    return new SocketClient(socket).send(HttpMethod.POST, "/v1/messages", body).status();
  }

  /** The kernel lists the listening socket, and each connection that was not accepted. */
  private boolean isConnectionQueued() throws IOException {
    try (var sockets = Files.lines(Path.of("/proc/net/unix"))) {
      return sockets.filter(line -> line.endsWith(socket.toString())).count() > 1;
    }
  }

  @Test
  void requestThatIsMadeWhileThereIsNoGatewayIsAnsweredByTheNextOne() throws IOException {
    try (ModelGateway first = openGateway()) {
      assertThat(ask()).isEqualTo(200);
    }
    assertThat(socket).exists();
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::ask);
    await().until(this::isConnectionQueued);
    assertThat(status).isNotDone();

    try (ModelGateway next = openGateway()) {
      assertThat(status).succeedsWithin(SocketClient.TIMEOUT).isEqualTo(200);
      assertThat(ask()).isEqualTo(200);
    }
  }

  @Test
  void requestThatHasWaitedIsCountedForTheRunThatTheSocketIsOpenedFor() throws IOException {
    openGateway().close();
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::ask);
    await().until(this::isConnectionQueued);
    var run = RunId.next();

    try (ModelGateway next = openGateway(run)) {
      assertThat(status).succeedsWithin(SocketClient.TIMEOUT).isEqualTo(200);
    }

    assertThat(UsageFile.read(directory.resolve("usage.jsonl"), 0).exchanges())
        .singleElement()
        .satisfies(ended -> assertThat(ended.exchange().runId()).isEqualTo(run.value()));
  }

  @Test
  void holderEndsWithItsParentHoweverThatEnds() throws Exception {
    await().until(() -> Files.exists(holder.path()));
    holding.destroyForcibly().waitFor();
    requestHolder();
    String line = "/usr/bin/perl \"$0\" \"$1\" $$ & wait";
    String script = directory.resolve("hold-socket").toString();
    String request = directory.resolve("listen").toString();
    Process parent = new ProcessBuilder("/bin/sh", "-c", line, script, request).start();
    await().until(() -> Files.exists(holder.path()));
    ProcessHandle child = parent.children().findFirst().orElseThrow();

    parent.destroyForcibly().waitFor();

    try {
      assertThat(child.onExit()).succeedsWithin(SocketClient.TIMEOUT);
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void gatewayListensByItselfWithoutASocketHolder() throws Exception {
    holding.destroyForcibly().waitFor();
    holder = new SocketHolder(holder.path(), Duration.ZERO);
    try (ModelGateway gateway = openGateway()) {
      assertThat(ask()).isEqualTo(200);
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void holderThatStartsTooLateDoesNotReplaceTheSocketOfTheGateway() throws Exception {
    holding.destroyForcibly().waitFor();
    holder = new SocketHolder(holder.path(), Duration.ofMillis(1));
    requestHolder();
    try (ModelGateway gateway = openGateway()) {
      startHolder();
      await().until(() -> !holding.isAlive() || Files.exists(holder.path()));
      assertThat(ask()).isEqualTo(200);
    }
  }

  @Test
  void gatewayDoesNotReplaceTheSocketOfAHolderThatIsStarting() throws Exception {
    holding.destroyForcibly().waitFor();
    holder = new SocketHolder(holder.path(), Duration.ofMillis(1));
    requestHolder();
    try (var bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      bound.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(this::openGateway)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on " + socket);
      assertThat(socket).exists();
    }
  }

  @Test
  void anotherUserOfTheHostIsRefusedWhateverTheFilesPermit() throws Exception {
    assumeThat(SocketOwner.ofService().uid()).as("root can become somebody else").isZero();
    try (ModelGateway gateway = openGateway()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(holder.path())))
          .isEqualTo("rw-------");
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      Files.setPosixFilePermissions(holder.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));

      assertThat(UnixSocketClient.get(socket, 0)).contains("HTTP/1.1 ");
      assertThat(UnixSocketClient.get(socket, 65_533)).doesNotContain("HTTP/1.1 ");
      await().until(() -> UnixSocketClient.get(holder.path(), 0).contains(DESCRIPTOR_SENT));
      assertThat(UnixSocketClient.get(holder.path(), 65_533)).doesNotContain(DESCRIPTOR_SENT);
    }
  }
}
