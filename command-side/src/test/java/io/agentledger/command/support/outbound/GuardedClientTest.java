package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's client on top of the guarded client: a library that has it reaches nothing else. */
@Timeout(180)
class GuardedClientTest {
  private FakeNetwork network;
  private OutboundHttpClient outbound;
  private HttpClient client;

  @BeforeEach
  void start() {
    network = new FakeNetwork();
    var settings =
        OutboundSettingsFixture.create(
            Set.of(network.port()), List.of(FakeNetwork.OPEN + "/32"), List.of());
    outbound = new OutboundHttpClient(settings, new DestinationPolicy(settings, network.names));
    client =
        outbound
            .streaming()
            .connectTimeout(Duration.ofSeconds(1))
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();
  }

  @AfterEach
  void stop() {
    outbound.close();
    network.close();
  }

  private HttpRequest.Builder requestTo(String path) {
    return HttpRequest.newBuilder(URI.create("http://mcp.example:" + network.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private void assertRejected(String url) {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()).join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(OutboundRefusedException.class);
    assertThat(network.intruders).hasValue(0);
  }

  @Test
  void requestArrivesUnderItsHostName() throws Exception {
    var answer =
        send(
            requestTo("/mcp")
                .header("Authorization", "Bearer x")
                .POST(BodyPublishers.ofString("a body")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("a body");
    assertThat(network.lookups)
        .containsExactly("POST /mcp mcp.example:" + network.port() + " Bearer x");
  }

  @Test
  void nameIsResolvedOnceAndTheCheckedAddressIsConnected() throws Exception {
    network.names.answers.add(List.of(FakeNetwork.OPEN));
    network.names.answers.add(List.of(FakeNetwork.CLOSED));
    assertThat(send(requestTo("/")).body()).isEqualTo("hello");
    assertThat(network.names.requests).hasValue(1);
    assertThat(network.intruders).hasValue(0);
    assertRejected("http://mcp.example:" + network.port() + "/");
  }

  @Test
  void deniedAddressesAreRejectedByNameAndLiterally() {
    assertRejected("http://" + FakeNetwork.CLOSED + ":" + network.port() + "/");
    assertRejected("http://127.0.0.1:1/");
    network.names.current = List.of(FakeNetwork.OPEN, FakeNetwork.CLOSED);
    assertRejected("http://mcp.example:" + network.port() + "/");
  }

  @Test
  void noRedirectIsFollowedWhateverTheLibrarysSetting() throws Exception {
    var answer =
        send(
            requestTo(
                "/redirect?status=307&to=http://"
                    + FakeNetwork.CLOSED
                    + ":"
                    + network.port()
                    + "/"));
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(network.intruders).hasValue(0);
  }

  @Test
  void unboundedResponseIsStreamed() throws Exception {
    var answer = client.send(requestTo("/large").build(), BodyHandlers.ofInputStream());
    try (var body = answer.body()) {
      assertThat(body.readNBytes(5_000)).hasSize(5_000).containsOnly('x');
    }
  }

  @Test
  void waitingCallerCanCancel() {
    var answer = client.sendAsync(requestTo("/slow").build(), BodyHandlers.ofString());
    assertThat(answer.cancel(true)).isTrue();
    assertThat(answer).isCancelled();
  }
}
