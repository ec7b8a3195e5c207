package io.agentledger.command.claude.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.command.claude.policy.HostPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.command.support.SocketOwner;
import io.agentledger.command.support.UnixSocketClient;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.store.crypto.PlainSealer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Egress proxy, used over its socket as a process in the sandbox does. */
@Timeout(180)
class EgressProxyTest {
  private static final Provenance PROVENANCE =
      Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next()).provenance("req_test");
  private static final String LAST = "GET /large";
  private static final String PLAIN =
      "GET http://a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\nContent-Length: 0\r\n\r\n";
  private static final String TUNNEL =
      "CONNECT a.test:PORT HTTP/1.1\r\nHost: a.test:PORT\r\n\r\nGET / HTTP/1.1\r\n\r\n";
  private static final byte[] STRANGE = " \r\n\t:@/?#[]%\\.,1b\u0000\u007f".getBytes(UTF_8);

  @TempDir Path home;
  private static final SessionSealer SEALER =
      new SessionSealer(new PlainSealer(), SessionId.next());
  private final List<RunnerEvent> recorded = new CopyOnWriteArrayList<>();
  private final List<String> expectedInodes = new CopyOnWriteArrayList<>();
  private SessionCommandGateway sessionCommandGateway =
      (session, command, provenance) ->
          ((RecordOutput) command.get()).entries().forEach(entry -> recorded.add(entry.event()));
  private HostPolicies policies = subject -> closes(Optional.empty());
  private HttpServer host;
  private EgressProxy egressProxy;
  private EgressSocket socket;

  @BeforeEach
  void serve() throws IOException {
    host = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 50);
    host.createContext("/", this::answer);
    host.start();
  }

  @AfterEach
  void end() {
    if (egressProxy != null) egressProxy.close();
    host.stop(0);
  }

  private static HostPolicies.DeniedHosts closes(Optional<String> name) {
    return new HostPolicies.DeniedHosts() {
      @Override
      public Optional<String> findDenial(String request) {
        return name.filter(request::equals).map(closed -> "policy p, rule r");
      }

      @Override
      public boolean hasAny() {
        return name.isPresent();
      }
    };
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    expectedInodes.add(
        exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length);
    boolean large = exchange.getRequestURI().getPath().equals("/large");
    byte[] payload = large ? new byte[5_000_000] : ("hello " + body.length).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, large ? 0 : payload.length); // 0 is a chunked response
    try (var out = exchange.getResponseBody()) {
      out.write(payload);
    } catch (IOException gone) {
      // The client has disconnected.
    }
  }

  private static EgressSettings settings(int connections, Duration idle, DataSize most) {
    return new EgressSettings(
        true,
        List.of(),
        List.of("never.test"),
        List.of("127.0.0.2/32"),
        DataSize.ofMegabytes(1),
        most,
        connections,
        10,
        Duration.ofSeconds(5),
        idle,
        null);
  }

  private void open(Network network) throws IOException {
    open(network, settings(8, Duration.ofMinutes(1), DataSize.ofMegabytes(64)));
    socket.bindRun(RunId.next(), PROVENANCE);
  }

  private void open(Network network, EgressSettings settings) throws IOException {
    egressProxy =
        new EgressProxy(
            settings,
            true,
            new EgressProxy.Dependencies(
                subject -> policies.deniedHosts(subject),
                EgressProxyTest::lookUp,
                (session, command, provenance) ->
                    sessionCommandGateway.send(session, command, provenance)));
    socket = egressProxy.open(paths(), SocketOwner.ofService(), egressContext(network));
  }

  private EgressProxy.Paths paths() {
    return new EgressProxy.Paths(home.resolve("proxy"), Optional.of(home.resolve("fetch")));
  }

  private static List<InetAddress> lookUp(String name) {
    return List.of(InetAddress.ofLiteral(name.startsWith("in") ? "127.0.0.1" : "127.0.0.2"));
  }

  private static EgressContext egressContext(Network network) {
    var subject = new Subject(TenantId.next(), AgentId.next(), SEALER.session());
    return new EgressContext(subject, ProcessId.next(), 1, ThreadId.next(), network, SEALER);
  }

  private Network networkOf(String... names) {
    var lines = new ArrayList<String>();
    for (String name : names) lines.add(name + ":" + port());
    return new Network.Limited(lines);
  }

  private int port() {
    return host.getAddress().getPort();
  }

  private SocketChannel connect() throws IOException {
    return connect("proxy");
  }

  private SocketChannel connect(String name) throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(home.resolve(name)));
    return channel;
  }

  /** Requests a tunnel from the socket of the CLI itself, and returns it with its status line. */
  private Tunnel fetch(String host) throws IOException {
    var channel = connect("fetch");
    write(channel, "CONNECT " + host + ":" + port() + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return new Tunnel(channel, line(channel));
  }

  private record Tunnel(SocketChannel channel, String status) implements AutoCloseable {
    boolean isOpen() {
      return status.equals("HTTP/1.1 200 Connection established");
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private Destination page(String host) {
    return Destination.of("https://" + host + ":" + port() + "/");
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) channel.write(bytes);
  }

  /** Sends the text and reads until the end of the response. */
  private String exchange(String text) throws IOException {
    try (var channel = connect()) {
      try {
        write(channel, text.replace("PORT", Integer.toString(port())));
      } catch (IOException closed) {
        // By the proxy; its response, if there is one, is read below.
      }
      return rest(channel);
    }
  }

  private static String rest(SocketChannel channel) throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      Channels.newInputStream(channel).transferTo(all);
    } catch (IOException reset) {
      // The response that arrived before is returned.
    }
    return all.toString(UTF_8);
  }

  private String get(String name) throws IOException {
    return exchange("GET http://" + name + ":PORT/ HTTP/1.1\r\nHost: " + name + ":PORT\r\n\r\n");
  }

  @Test
  void plainRequestIsForwardedWithoutHopByHopHeadersAndClosesItsConnection() throws IOException {
    open(networkOf("a.test"));
    assertThat(
            exchange(
                """
                POST http://a.test:PORT/x?y=1 HTTP/1.1\r
                Host: a.test:PORT\r
                Proxy-Authorization: Basic c2VjcmV0\r
                Connection: keep-alive, Content-Length\r
                Content-Length: 3\r
                \r
                abc"""))
        .startsWith("HTTP/1.1 200 OK")
        .containsIgnoringCase("connection: close")
        .endsWith("hello 3");
    assertThat(expectedInodes).containsExactly("POST /x?y=1 3");
  }

  @Test
  void forwardsChunkedBodiesAndExpectContinue() throws IOException {
    open(networkOf("a.test"));
    String head = "POST http://a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\n";
    assertThat(exchange(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
        .endsWith("hello 3");
    assertThat(exchange(head + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"))
        .contains("HTTP/1.1 100")
        .endsWith("hello 3");
  }

  @Test
  void tunnelRelaysBothWaysUntilOneSideCloses() throws IOException {
    open(networkOf("a.test"));
    try (var channel = connect()) {
      write(channel, "CONNECT a.test:" + port() + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(line(channel)).isEqualTo("HTTP/1.1 200 Connection established");
      assertThat(line(channel)).isEmpty();
      String request = "GET /%s HTTP/1.1\r\nHost: a.test\r\n\r\n";
      write(channel, request.formatted("one"));
      write(channel, request.formatted("two").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      assertThat(rest(channel)).containsSubsequence("hello 0", "hello 0");
    }
    assertThat(expectedInodes).containsExactly("GET /one 0", "GET /two 0");
  }

  private static String line(SocketChannel channel) throws IOException {
    var line = new StringBuilder();
    var one = ByteBuffer.allocate(1);
    while (line.indexOf("\r\n") < 0 && channel.read(one.clear()) > 0)
      line.append((char) one.get(0));
    return line.toString().strip();
  }

  @Test
  void slowReaderGetsALargeResponseComplete() throws Exception {
    open(networkOf("a.test"));
    try (var channel = connect()) {
      write(channel, LAST.replace(" ", " http://a.test:" + port()) + " HTTP/1.1\r\n\r\n");
      await().atMost(10, SECONDS).until(() -> !expectedInodes.isEmpty());
      assertThat(rest(channel).chars().filter(character -> character == 0).count())
          .isEqualTo(5_000_000);
    }
  }

  @Test
  void runReceivesNoMoreThanItsByteLimit() throws IOException {
    open(networkOf("a.test"), settings(8, Duration.ofMinutes(1), DataSize.ofMegabytes(1)));
    socket.bindRun(RunId.next(), PROVENANCE);
    String large = "GET http://a.test:PORT/large HTTP/1.1\r\n\r\n";
    assertThat(exchange(large).length()).isLessThan(1_100_000);
    await().atMost(10, SECONDS).until(() -> recorded.size() == 2);
    assertDenied(
        recorded.getLast(),
        "a.test",
        "the run has exceeded its traffic limit of 1 MB sent or 1 MB received");
    assertThat(get("a.test")).startsWith("HTTP/1.1 403").contains("exceeded its traffic limit");
    socket.bindRun(RunId.next(), PROVENANCE);
    assertThat(get("a.test")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a.test:PORT\r\n\r\n",
        "GET https://a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\n\r\n",
        "GET ftp://a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\n\r\n",
        "GET http://user@a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\n\r\n",
        "GET http://a.test:PORT/ HTTP/1.1\r\nHost: in.test:PORT\r\n\r\n",
        "GET http://a.test:PORT/ HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a.test:PORT/ HTTP/1.1\r\nHost: a.test:PORT\r\nHost: in.test\r\n\r\n",
        "GET http://0x7f000001:PORT/ HTTP/1.1\r\n\r\n",
        "GET http://2130706433:PORT/ HTTP/1.1\r\n\r\n",
        "GET http://127.1:PORT/ HTTP/1.1\r\n\r\n",
        "CONNECT a.test HTTP/1.1\r\n\r\n",
        "CONNECT user@a.test:PORT HTTP/1.1\r\n\r\n",
        "CONNECT a.test:PORT/x HTTP/1.1\r\n\r\n",
        "CONNECT a.test:PORT HTTP/1.1\r\nHost: in.test:PORT\r\n\r\n",
        "CONNECT http://a.test:PORT HTTP/1.1\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void rejectsAmbiguousAndNonProxyRequestsWith400(String request) throws IOException {
    open(networkOf("a.test", "in.test"));
    assertThat(exchange(request)).startsWith("HTTP/1.1 400");
    assertThat(expectedInodes).isEmpty();
    assertThat(recorded).isEmpty();
  }

  @Test
  void onlyListedHostsAreReachedWhateverTheRequest() throws IOException {
    try (var inside = new ServerSocket(port(), 5, InetAddress.ofLiteral("127.0.0.1"))) {
      open(networkOf("a.test"));
      assertThat(get("a.test")).startsWith("HTTP/1.1 200");
      long seed = System.nanoTime();
      var random = new Random(seed);
      for (int i = 0; i < 300; i++) {
        byte[] bytes = (i % 2 == 0 ? PLAIN : TUNNEL).replace("PORT", "" + port()).getBytes(UTF_8);
        for (int n = random.nextInt(1, 6); n > 0; n--)
          bytes[random.nextInt(bytes.length)] = STRANGE[random.nextInt(STRANGE.length)];
        try (var channel = connect()) {
          channel.write(ByteBuffer.wrap(bytes));
          channel.shutdownOutput();
          rest(channel);
        }
      }
      assertThat(get("a.test")).as("seed %d", seed).startsWith("HTTP/1.1 200");
      var allowedHost = SEALER.text(EgressAllowed.class, "host", "a.test");
      assertThat(recorded)
          .as("seed %d", seed)
          .filteredOn(EgressAllowed.class::isInstance)
          .allMatch(allowed -> ((EgressAllowed) allowed).host().equals(allowedHost));
      inside.setSoTimeout(1);
      assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void rejectsUnterminatedRequestHead() throws IOException {
    open(networkOf("a.test"));
    assertThat(
            exchange("GET http://a.test:PORT/ HTTP/1.1\r\nX: " + "x".repeat(70_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(expectedInodes).isEmpty();
  }

  @Test
  void bytesAfterTheFirstRequestAreNotRead() throws IOException {
    open(networkOf("a.test"));
    String both =
        "GET http://a.test:PORT/one HTTP/1.1\r\n\r\nGET http://a.test:PORT/two HTTP/1.1\r\n\r\n";
    assertThat(exchange(both)).containsOnlyOnce("hello 0");
    assertThat(expectedInodes).containsExactly("GET /one 0");
  }

  @Test
  void rejectsNamesOfInternalAddressesWithoutConnecting() throws IOException {
    try (var inside = new ServerSocket(port(), 5, InetAddress.ofLiteral("127.0.0.1"))) {
      open(networkOf("in.test"));
      assertThat(get("in.test")).startsWith("HTTP/1.1 403").contains("forbidden network");
      inside.setSoTimeout(1);
      assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
      assertThat(recorded).hasSize(1);
      assertDenied(
          recorded.getFirst(),
          "in.test",
          "a host must not lead to an address in a forbidden network");
    }
  }

  private void assertDenied(RunnerEvent event, String host, String rule) {
    assertThat(event)
        .isInstanceOfSatisfying(
            EgressDenied.class,
            denied -> {
              assertThat(denied.host()).isEqualTo(SEALER.text(EgressDenied.class, "host", host));
              assertThat(denied.port()).isEqualTo(port());
              assertThat(denied.rule()).isEqualTo(rule);
            });
  }

  @Test
  void policyAndOperatorDenialsOverrideTheHostList() throws IOException {
    policies = subject -> closes(Optional.of("bad.test"));
    open(networkOf("bad.test", "never.test", "a.test"));
    assertThat(get("bad.test")).startsWith("HTTP/1.1 403").contains("policy p, rule r");
    assertThat(get("never.test")).startsWith("HTTP/1.1 403").contains("operator denies");
    assertThat(get("a.test")).startsWith("HTTP/1.1 200");
    policies = subject -> closes(Optional.of("a.test"));
    assertThat(get("a.test")).as("as policies stand now").startsWith("HTTP/1.1 403");
  }

  @Test
  void openNetworkAllowsStandardPortsAndOnlyNamesOnceAHostIsDenied() throws IOException {
    open(new Network.Open());
    assertThat(get("a.test")).contains("only ports 80 and 443");
    assertThat(exchange("GET http://intranet/ HTTP/1.1\r\n\r\n"))
        .contains("fully qualified host names");
    assertThat(exchange("GET http://x.localhost/ HTTP/1.1\r\n\r\n"))
        .contains("fully qualified host names");
    assertThat(exchange("GET http://127.0.0.2/ HTTP/1.1\r\n\r\n")).contains("denied by name");
    assertThat(exchange("GET http://[::1]/ HTTP/1.1\r\n\r\n")).contains("denied by name");
    assertThat(exchange("GET http://a.test/ HTTP/1.1\r\n\r\n"))
        .as("nobody is there")
        .contains(" 502 ");
  }

  @Test
  void connectionIsRejectedIfItCannotBeRecorded() throws IOException {
    SessionCommandGateway fine = sessionCommandGateway;
    sessionCommandGateway =
        (session, command, provenance) -> {
          throw new IllegalStateException("no store");
        };
    open(networkOf("a.test"));
    assertThat(get("a.test")).startsWith("HTTP/1.1 403").contains("could not be recorded");
    assertThat(expectedInodes).isEmpty();
    sessionCommandGateway = fine;
    assertThat(get("a.test")).startsWith("HTTP/1.1 200");
  }

  @Test
  void connectionIsRecordedBeforeItIsOpened() throws Exception {
    var written = new CountDownLatch(1);
    SessionCommandGateway fine = sessionCommandGateway;
    sessionCommandGateway =
        (session, command, provenance) -> {
          awaitQuietly(written);
          fine.send(session, command, provenance);
        };
    open(networkOf("a.test"));
    try (var first = connect();
        var second = connect()) {
      for (var each : List.of(first, second))
        write(each, "GET http://a.test:" + port() + "/ HTTP/1.1\r\n\r\n");
      assertThat(expectedInodes).isEmpty();
      written.countDown();
      assertThat(rest(first)).contains("hello 0");
      assertThat(rest(second)).contains("hello 0");
    }
    assertThat(recorded).hasSize(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(20, SECONDS)) throw new IllegalStateException("late");
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void rejectsConnectionsBeforeARunStarted() throws IOException {
    open(networkOf("a.test"), settings(8, Duration.ofMinutes(1), DataSize.ofMegabytes(1)));
    assertThat(get("a.test")).startsWith("HTTP/1.1 403").contains("no run has begun");
  }

  @Test
  void limitsConnectionsOfCommandsAndClosesIdleOnes() throws IOException {
    open(networkOf("a.test"), settings(2, Duration.ofSeconds(1), DataSize.ofMegabytes(1)));
    socket.bindRun(RunId.next(), PROVENANCE);
    try (var one = connect();
        var two = connect()) {
      assertThat(exchange("GET http://a.test:PORT/ HTTP/1.1\r\n\r\n")).isEmpty();
      assertThat(one.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(two.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    await().atMost(10, SECONDS).untilAsserted(() -> assertThat(get("a.test")).contains(" 200 "));
  }

  @Test
  void commandsUseUpNoConnectionsOfTheCli() throws IOException {
    open(networkOf("a.test"), settings(1, Duration.ofMinutes(1), DataSize.ofMegabytes(1)));
    socket.bindRun(RunId.next(), PROVENANCE);
    socket.permitFetch(ToolCallId.next(), List.of(page("a.test")));
    try (var _ = connect()) {
      assertThat(exchange("GET http://a.test:PORT/ HTTP/1.1\r\n\r\n")).isEmpty();
      try (var tunnel = fetch("a.test")) {
        assertThat(tunnel.isOpen()).isTrue();
      }
    }
  }

  @Test
  void anotherUserOfTheHostIsRefusedWhateverTheFilesPermit() throws Exception {
    open(networkOf("a.test"));
    Path proxy = home.resolve("proxy");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(proxy)))
        .isEqualTo("rw-------");
    assumeThat(SocketOwner.ofService().uid()).as("root can become somebody else").isZero();
    Files.setPosixFilePermissions(proxy, PosixFilePermissions.fromString("rw-rw-rw-"));
    for (Path path = home; !path.equals(path.getRoot()); path = path.getParent())
      if (Files.getPosixFilePermissions(path).size() < 4)
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    assertThat(UnixSocketClient.get(proxy, 0)).contains("HTTP/1.1 ");
    assertThat(UnixSocketClient.get(proxy, 65_533)).doesNotContain("HTTP/1.1 ");
  }

  @Test
  void restartReopensTheSamePath() throws IOException {
    open(networkOf("a.test"));
    socket = egressProxy.open(paths(), SocketOwner.ofService(), egressContext(networkOf("a.test")));
    socket.bindRun(RunId.next(), PROVENANCE);
    assertThat(get("a.test")).startsWith("HTTP/1.1 200");
  }

  @Test
  void cliReachesAHostOnlyDuringAFetchOfIt() throws IOException {
    open(networkOf("a.test", "b.test"));
    var call = ToolCallId.next();
    assertThat(fetch("a.test").isOpen()).isFalse();
    socket.permitFetch(call, List.of(page("a.test")));
    try (var tunnel = fetch("a.test")) {
      assertThat(tunnel.isOpen()).isTrue();
      assertThat(fetch("b.test").status()).contains(" 403 ");
      socket.endFetch(call);
      assertThat(rest(tunnel.channel())).as("closed by the proxy").isBlank();
    }
    assertThat(fetch("a.test").status()).contains(" 403 ");
    await().atMost(10, SECONDS).until(() -> recorded.size() == 3);
    assertThat(recorded).filteredOn(EgressAllowed.class::isInstance).hasSize(1);
    assertDenied(
        recorded.getFirst(), "a.test", "no WebFetch call for this host is allowed and in progress");
  }

  @Test
  void connectionStaysWhileAnotherFetchOfTheHostIsInProgress() throws IOException {
    open(networkOf("a.test"));
    var first = ToolCallId.next();
    var second = ToolCallId.next();
    socket.permitFetch(first, List.of(page("a.test")));
    socket.permitFetch(second, List.of(page("a.test")));
    try (var tunnel = fetch("a.test")) {
      socket.endFetch(first);
      line(tunnel.channel());
      write(tunnel.channel(), "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
      assertThat(rest(tunnel.channel())).endsWith("hello 0");
    }
  }

  @Test
  void permitsOfARunEndWithTheNextRun() throws IOException {
    open(networkOf("a.test"));
    socket.permitFetch(ToolCallId.next(), List.of(page("a.test")));
    try (var tunnel = fetch("a.test")) {
      assertThat(tunnel.isOpen()).isTrue();
      socket.bindRun(RunId.next(), PROVENANCE);
      assertThat(rest(tunnel.channel())).isBlank();
    }
    assertThat(fetch("a.test").isOpen()).isFalse();
  }

  @Test
  void permitOpensNoHostThatTheEnvironmentOrTheNetworkCloses() throws IOException {
    open(networkOf("a.test", "in.test"));
    socket.permitFetch(
        ToolCallId.next(), List.of(page("in.test"), page("other.test"), page("never.test")));
    for (String host : List.of("in.test", "other.test", "never.test"))
      assertThat(fetch(host).status()).contains(" 403 ");
    assertThat(expectedInodes).isEmpty();
  }

  @Test
  void openNetworkHasNoPagesAtAddresses() throws IOException {
    open(new Network.Open());
    var subject = new Subject(TenantId.next(), AgentId.next(), SEALER.session());
    for (String host : List.of("203.0.113.7", "[2001:db8::7]"))
      assertThat(
              egressProxy.findFetchDenial(
                  subject, new Network.Open(), Destination.of("https://" + host + "/")))
          .contains("pages at IP addresses must be listed by the environment");
  }

  @Test
  void fetchIsATunnelAndCommandsHaveNoPartInIt() throws IOException {
    policies = subject -> closes(Optional.of("a.test")); // Rules for shell commands.
    open(networkOf("a.test"));
    socket.permitFetch(ToolCallId.next(), List.of(page("a.test")));
    assertThat(get("a.test")).contains("policy p, rule r");
    try (var tunnel = fetch("a.test")) {
      assertThat(tunnel.isOpen()).isTrue();
    }
    try (var channel = connect("fetch")) {
      write(channel, PLAIN.replace("PORT", Integer.toString(port())));
      assertThat(rest(channel)).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void caCertificatesMustBeAReadableFileOfCertificates() throws IOException {
    Path empty = Files.writeString(home.resolve("empty.pem"), "");
    for (Path file : List.of(empty, home.resolve("missing.pem")))
      assertThatThrownBy(() -> withCaCertificates(file).readCaCertificates())
          .hasMessageStartingWith("agentledger.claude.egress.ca-certificates: " + file);
    assertThat(settings(8, Duration.ofMinutes(1), DataSize.ofMegabytes(1)).readCaCertificates())
        .isEmpty();
  }

  private static EgressSettings withCaCertificates(Path file) {
    return new EgressSettings(
        true,
        List.of(),
        List.of(),
        List.of(),
        DataSize.ofMegabytes(1),
        DataSize.ofMegabytes(1),
        8,
        5,
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        file);
  }

  @Test
  void environmentNetworkIsLimitedByTheOperator() throws IOException {
    var most =
        new EgressSettings(
            true,
            List.of("*.example.com"),
            List.of(),
            List.of(),
            DataSize.ofMegabytes(1),
            DataSize.ofMegabytes(1),
            8,
            5,
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            null);
    open(new Network.Closed(), most);
    assertThat(egressProxy.violation(new Network.Limited(List.of("a.example.com")))).isEmpty();
    assertThat(egressProxy.violation(new Network.Limited(List.of("a.test"))))
        .hasValue("names a.test, which the operator does not permit");
    assertThat(egressProxy.violation(new Network.Limited(List.of("http://a.example.com"))))
        .hasValue("names http://a.example.com, which is not a valid host");
    assertThat(egressProxy.violation(new Network.Open())).isEmpty();
    assertThat(egressProxy.isOpenFor(new Network.Closed())).isFalse();
  }

  @Test
  void environmentHasNoNetworkWithoutSandboxOrOperatorPermission() {
    var on = settings(8, Duration.ofMinutes(1), DataSize.ofMegabytes(1));
    var dependencies =
        new EgressProxy.Dependencies(
            subject -> closes(Optional.empty()),
            EgressProxyTest::lookUp,
            (session, command, provenance) -> {});
    egressProxy = new EgressProxy(on, false, dependencies);
    for (Network network : List.of(new Network.Open(), new Network.Limited(List.of("a.test")))) {
      assertThat(egressProxy.isOpenFor(network)).isFalse();
      assertThat(egressProxy.violation(network)).get().asString().startsWith("must be closed");
    }
    assertThat(egressProxy.violation(new Network.Closed())).isEmpty();
  }
}
