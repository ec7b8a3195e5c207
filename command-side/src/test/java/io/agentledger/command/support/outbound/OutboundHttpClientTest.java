package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests to destinations of users; the operator permits the address that stands for the internet.
 */
class OutboundHttpClientTest {
  private static final String OPEN = FakeNetwork.OPEN;
  private static final String CLOSED = FakeNetwork.CLOSED;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private FakeNetwork network;
  private OutboundHttpClient outbound;

  @BeforeEach
  void start() {
    network = new FakeNetwork();
    outbound = outbound(Set.of(network.port()));
  }

  private OutboundHttpClient outbound(Set<Integer> ports) {
    var settings = OutboundSettingsFixture.create(ports, List.of(OPEN + "/32"), List.of());
    return new OutboundHttpClient(settings, new DestinationPolicy(settings, network.names));
  }

  @AfterEach
  void stop() {
    outbound.close();
    network.close();
  }

  private String url(String path) {
    return "http://hooks.example:" + network.port() + path;
  }

  private OutboundResponse get(String path) {
    return outbound.send(OutboundRequest.get(url(path))).block(TIMEOUT);
  }

  private void assertRefused(Rule rule, String path) {
    assertRefused(rule, OutboundRequest.get(url(path)));
  }

  private void assertRefused(Rule rule, OutboundRequest request) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(() -> outbound.send(request).block(TIMEOUT))
        .satisfies(e -> assertThat(e.rule()).isEqualTo(rule));
    assertThat(network.intruders).hasValue(0);
  }

  @Test
  void publicHostIsReachedUnderItsName() {
    var outboundResponse =
        outbound
            .send(
                new OutboundRequest(
                    "POST",
                    url("/in?a=b"),
                    Map.of("Authorization", "Bearer x"),
                    "the body".getBytes(StandardCharsets.UTF_8)))
            .block(TIMEOUT);
    assertThat(outboundResponse.status()).isEqualTo(200);
    assertThat(new String(outboundResponse.body(), StandardCharsets.UTF_8)).isEqualTo("the body");
    assertThat(network.lookups)
        .containsExactly("POST /in?a=b hooks.example:" + network.port() + " Bearer x");
  }

  @Test
  void nameOfAnInternalAddressIsNeverConnected() {
    network.names.current = List.of(CLOSED);
    assertRefused(Rule.NETWORK, "/");
    network.names.current = List.of(OPEN, CLOSED);
    assertRefused(Rule.NETWORK, "/");
    assertThat(network.lookups).isEmpty();
  }

  @Test
  void literalAddressIsChecked() {
    assertRefused(
        Rule.NETWORK, OutboundRequest.get("http://" + CLOSED + ":" + network.port() + "/"));
    assertThat(network.names.requests).hasValue(0);
    var outboundResponse =
        outbound.send(OutboundRequest.get("http://" + OPEN + ":" + network.port() + "/"));
    assertThat(outboundResponse.block(TIMEOUT).status()).isEqualTo(200);
  }

  @Test
  void nameIsResolvedOncePerConnection() {
    for (int i = 0; i < 10; i++) {
      network.names.answers.add(List.of(OPEN));
      network.names.answers.add(List.of(CLOSED));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(get("/").status()).isEqualTo(200);
      assertThat(network.names.requests).hasValue(2 * i + 1);
      assertRefused(Rule.NETWORK, "/");
      assertThat(network.names.requests).hasValue(2 * i + 2);
    }
  }

  @Test
  void redirectIsCheckedAgain() {
    network.names.answers.add(List.of(OPEN));
    network.names.answers.add(List.of(CLOSED));
    assertRefused(Rule.NETWORK, "/redirect?status=302&to=/next");
    assertThat(network.names.requests).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.2:{port}/, NETWORK",
    "http://127.0.0.1:{port}/, REDIRECT",
    "//127.0.0.2:{port}/, NETWORK",
    "http://other.example:{port}/, REDIRECT",
    "http://hooks.example/, PORT",
    "http://hooks.example:22/, PORT",
    "ftp://hooks.example/, URL",
    "file:///etc/passwd, URL",
    "http://user@hooks.example:{port}/, USER_INFO",
    "http://0x7f000002:{port}/, HOST",
    "http://localhost:{port}/, HOST",
    "'http://[::1]:{port}/', NETWORK",
    "'http://[::ffff:127.0.0.2]:{port}/', NETWORK",
  })
  void rejectsARedirectToAnotherHost(String to, Rule rule) {
    var target = to.replace("{port}", "" + network.port());
    assertRefused(
        rule,
        "/redirect?status=307&to=" + java.net.URLEncoder.encode(target, StandardCharsets.UTF_8));
    assertThat(network.lookups).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void readFollowsRedirectsOnItsHost(int status) {
    var outboundResponse = get("/redirect?status=" + status + "&to=/next");
    assertThat(outboundResponse.status()).isEqualTo(200);
    assertThat(outboundResponse.url()).isEqualTo(url("/next"));
  }

  @Test
  void writeIsRedirectedOnlyIfItsMethodIsKept() {
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    for (int status : new int[] {301, 302, 303}) {
      var post =
          OutboundRequest.post(
              url("/redirect?status=" + status + "&to=/next"), "application/json", body);
      assertThat(outbound.send(post).block(TIMEOUT).status()).isEqualTo(status);
    }
    assertThat(network.lookups).isEmpty();
    var kept = OutboundRequest.post(url("/redirect?status=308&to=/next"), "application/json", body);
    assertThat(outbound.send(kept).block(TIMEOUT).body()).isEqualTo(body);
    assertThat(network.lookups).singleElement().asString().startsWith("POST /next ");
  }

  @Test
  void redirectLoopFails() {
    assertRefused(Rule.REDIRECT, "/circle");
  }

  @Test
  void rejectsOversizedResponses() {
    assertRefused(Rule.SIZE, "/large");
  }

  @Test
  void missingResponseTimesOut() {
    var start = System.nanoTime();
    assertRefused(Rule.TIME, "/slow");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void unresponsiveNameServerTimesOut() throws InterruptedException {
    var settings =
        OutboundSettingsFixture.create(Set.of(network.port()), List.of(OPEN + "/32"), List.of());
    var answered = new CountDownLatch(1);
    DnsResolver silent =
        host -> {
          try {
            answered.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(InetAddress.ofLiteral(OPEN));
        };
    try (var waiting = new OutboundHttpClient(settings, new DestinationPolicy(settings, silent))) {
      assertThatExceptionOfType(OutboundRefusedException.class)
          .isThrownBy(() -> waiting.send(OutboundRequest.get(url("/"))).block(TIMEOUT))
          .satisfies(e -> assertThat(e.rule()).isEqualTo(Rule.NAME));
      answered.countDown();
    }
  }

  @Test
  void unknownHostIsReported() {
    network.names.current = List.of();
    assertRefused(Rule.NAME, "/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "Connection", "a b", ""})
  void rejectsReservedHeaders(String name) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(() -> new OutboundRequest("GET", url("/"), Map.of(name, "x"), new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Injected: b", "a\nb", "a\u0000b", "a\u2028b"})
  void rejectsHeaderInjection(String value) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(
            () -> new OutboundRequest("GET", url("/"), Map.of("X-Mine", value), new byte[0]));
  }

  @Test
  void proxyVariablesAreIgnored() throws Exception {
    try (var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      System.setProperty("http.proxyHost", "127.0.0.1");
      System.setProperty("http.proxyPort", "" + proxy.getLocalPort());
      try (var fresh = outbound(Set.of(network.port()))) {
        assertThat(fresh.send(OutboundRequest.get(url("/"))).block(TIMEOUT).status())
            .isEqualTo(200);
      } finally {
        System.clearProperty("http.proxyHost");
        System.clearProperty("http.proxyPort");
      }
    }
    assertThat(network.lookups).singleElement().asString().contains(" / ");
  }
}
