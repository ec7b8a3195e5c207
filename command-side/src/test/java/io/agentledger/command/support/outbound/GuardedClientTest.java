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

/** The JDK's client over the guarded way out: a library that has it can go nowhere else. */
@Timeout(60)
class GuardedClientTest {
  private SmallWorld world;
  private OutboundHttpClient outbound;
  private HttpClient client;

  @BeforeEach
  void start() {
    world = new SmallWorld();
    var settings =
        OutboundSettingsFixture.with(
            Set.of(world.port()), List.of(SmallWorld.OPEN + "/32"), List.of());
    outbound = new OutboundHttpClient(settings, new DestinationPolicy(settings, world.names));
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
    world.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://mcp.example:" + world.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private void refused(String url) {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    assertThatThrownBy(() -> client.sendAsync(request, BodyHandlers.ofString()).join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(OutboundRefusedException.class);
    assertThat(world.intruders).hasValue(0);
  }

  @Test
  void whatIsSentArrivesUnderItsName() throws Exception {
    var answer =
        send(
            to("/mcp").header("Authorization", "Bearer x").POST(BodyPublishers.ofString("a body")));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("a body");
    assertThat(world.seen).containsExactly("POST /mcp mcp.example:" + world.port() + " Bearer x");
  }

  @Test
  void aNameIsLookedUpOnceAndWhatWasCheckedIsConnectedTo() throws Exception {
    world.names.answers.add(List.of(SmallWorld.OPEN));
    world.names.answers.add(List.of(SmallWorld.CLOSED));
    assertThat(send(to("/")).body()).isEqualTo("hello");
    assertThat(world.names.asked).hasValue(1);
    assertThat(world.intruders).hasValue(0);
    refused("http://mcp.example:" + world.port() + "/");
  }

  @Test
  void closedAddressesAreClosedByNameAndAsTheyAre() {
    refused("http://" + SmallWorld.CLOSED + ":" + world.port() + "/");
    refused("http://127.0.0.1:1/");
    world.names.current = List.of(SmallWorld.OPEN, SmallWorld.CLOSED);
    refused("http://mcp.example:" + world.port() + "/");
  }

  @Test
  void noRedirectIsFollowedWhateverTheLibrarySays() throws Exception {
    var answer =
        send(to("/redirect?status=307&to=http://" + SmallWorld.CLOSED + ":" + world.port() + "/"));
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(world.intruders).hasValue(0);
  }

  @Test
  void anAnswerWithoutAnEndIsReadAsItComes() throws Exception {
    var answer = client.send(to("/large").build(), BodyHandlers.ofInputStream());
    try (var body = answer.body()) {
      assertThat(body.readNBytes(5_000)).hasSize(5_000).containsOnly('x');
    }
  }

  @Test
  void whoWaitsForAnAnswerCanStopWaiting() {
    var answer = client.sendAsync(to("/slow").build(), BodyHandlers.ofString());
    assertThat(answer.cancel(true)).isTrue();
    assertThat(answer).isCancelled();
  }
}
