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

/** Requests to where a user said; the operator opened what stands for the internet. */
class OutboundHttpClientTest {
  private static final String OPEN = SmallWorld.OPEN;
  private static final String CLOSED = SmallWorld.CLOSED;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private SmallWorld world;
  private OutboundHttpClient outbound;

  @BeforeEach
  void start() {
    world = new SmallWorld();
    outbound = outbound(Set.of(world.port()));
  }

  private OutboundHttpClient outbound(Set<Integer> ports) {
    var settings = OutboundSettingsFixture.with(ports, List.of(OPEN + "/32"), List.of());
    return new OutboundHttpClient(settings, new DestinationPolicy(settings, world.names));
  }

  @AfterEach
  void stop() {
    outbound.close();
    world.close();
  }

  private String url(String path) {
    return "http://hooks.example:" + world.port() + path;
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
        .satisfies(refused -> assertThat(refused.rule()).isEqualTo(rule));
    assertThat(world.intruders).hasValue(0);
  }

  @Test
  void theOpenInternetIsSpokenToUnderItsName() {
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
    assertThat(world.seen)
        .containsExactly("POST /in?a=b hooks.example:" + world.port() + " Bearer x");
  }

  @Test
  void aNameThatPointsInsideIsNeverConnectedTo() {
    world.names.current = List.of(CLOSED);
    assertRefused(Rule.NETWORK, "/");
    world.names.current = List.of(OPEN, CLOSED);
    assertRefused(Rule.NETWORK, "/");
    assertThat(world.seen).isEmpty();
  }

  @Test
  void aLiteralAddressIsCheckedToo() {
    assertRefused(Rule.NETWORK, OutboundRequest.get("http://" + CLOSED + ":" + world.port() + "/"));
    assertThat(world.names.asked).hasValue(0);
    var outboundResponse =
        outbound.send(OutboundRequest.get("http://" + OPEN + ":" + world.port() + "/"));
    assertThat(outboundResponse.block(TIMEOUT).status()).isEqualTo(200);
  }

  @Test
  void aNameServerThatChangesItsMindIsAskedOnceForEachConnection() {
    for (int i = 0; i < 10; i++) {
      world.names.answers.add(List.of(OPEN));
      world.names.answers.add(List.of(CLOSED));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(get("/").status()).isEqualTo(200);
      assertThat(world.names.asked).hasValue(2 * i + 1);
      assertRefused(Rule.NETWORK, "/");
      assertThat(world.names.asked).hasValue(2 * i + 2);
    }
  }

  @Test
  void aRedirectAsksAgain() {
    world.names.answers.add(List.of(OPEN));
    world.names.answers.add(List.of(CLOSED));
    assertRefused(Rule.NETWORK, "/redirect?status=302&to=/next");
    assertThat(world.names.asked).hasValue(2);
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
  void aRedirectElsewhereIsRefused(String to, Rule rule) {
    var target = to.replace("{port}", "" + world.port());
    assertRefused(
        rule,
        "/redirect?status=307&to=" + java.net.URLEncoder.encode(target, StandardCharsets.UTF_8));
    assertThat(world.seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aReadFollowsRedirectsOnItsHost(int status) {
    var outboundResponse = get("/redirect?status=" + status + "&to=/next");
    assertThat(outboundResponse.status()).isEqualTo(200);
    assertThat(outboundResponse.url()).isEqualTo(url("/next"));
  }

  @Test
  void aWriteIsSentAgainOnlyWhereItsMeaningStays() {
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    for (int status : new int[] {301, 302, 303}) {
      var post =
          OutboundRequest.post(
              url("/redirect?status=" + status + "&to=/next"), "application/json", body);
      assertThat(outbound.send(post).block(TIMEOUT).status()).isEqualTo(status);
    }
    assertThat(world.seen).isEmpty();
    var kept = OutboundRequest.post(url("/redirect?status=308&to=/next"), "application/json", body);
    assertThat(outbound.send(kept).block(TIMEOUT).body()).isEqualTo(body);
    assertThat(world.seen).singleElement().asString().startsWith("POST /next ");
  }

  @Test
  void redirectsInACircleEnd() {
    assertRefused(Rule.REDIRECT, "/circle");
  }

  @Test
  void anAnswerThatDoesNotEndIsCutOff() {
    assertRefused(Rule.SIZE, "/large");
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedFor() {
    var start = System.nanoTime();
    assertRefused(Rule.TIME, "/slow");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aNameServerThatDoesNotAnswerIsNotWaitedFor() throws InterruptedException {
    var settings =
        OutboundSettingsFixture.with(Set.of(world.port()), List.of(OPEN + "/32"), List.of());
    var answered = new CountDownLatch(1);
    DnsResolver silent =
        host -> {
          try {
            answered.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          return List.of(InetAddress.ofLiteral(OPEN));
        };
    try (var waiting = new OutboundHttpClient(settings, new DestinationPolicy(settings, silent))) {
      assertThatExceptionOfType(OutboundRefusedException.class)
          .isThrownBy(() -> waiting.send(OutboundRequest.get(url("/"))).block(TIMEOUT))
          .satisfies(refused -> assertThat(refused.rule()).isEqualTo(Rule.NAME));
      answered.countDown();
    }
  }

  @Test
  void aHostNobodyKnowsIsNamedSo() {
    world.names.current = List.of();
    assertRefused(Rule.NAME, "/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "Connection", "a b", ""})
  void headersThatAreTheClientsCannotBeSet(String name) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(() -> new OutboundRequest("GET", url("/"), Map.of(name, "x"), new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Injected: b", "a\nb", "a\u0000b", "a\u2028b"})
  void aHeaderCannotCarryAnother(String value) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .isThrownBy(
            () -> new OutboundRequest("GET", url("/"), Map.of("X-Mine", value), new byte[0]));
  }

  @Test
  void noProxyOfTheEnvironmentIsAsked() throws Exception {
    try (var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      System.setProperty("http.proxyHost", "127.0.0.1");
      System.setProperty("http.proxyPort", "" + proxy.getLocalPort());
      try (var fresh = outbound(Set.of(world.port()))) {
        assertThat(fresh.send(OutboundRequest.get(url("/"))).block(TIMEOUT).status())
            .isEqualTo(200);
      } finally {
        System.clearProperty("http.proxyHost");
        System.clearProperty("http.proxyPort");
      }
    }
    assertThat(world.seen).singleElement().asString().contains(" / ");
  }
}
