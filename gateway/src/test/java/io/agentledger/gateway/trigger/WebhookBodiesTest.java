package io.agentledger.gateway.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.trigger.WebhookReceiver.WebhookAddress;
import io.agentledger.api.trigger.WebhookRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Limits of bodies in memory. */
class WebhookBodiesTest {
  private static final int MIB = 1024 * 1024;
  private static final long SHARE = 25L * MIB;

  private final WebhookBodies.Pool bodies = new WebhookBodies.Pool(4 * SHARE);

  @Test
  void oneAddressAndOneTriggerHaveAQuarterAndAllTogetherTheWhole() {
    var first = bodies.new Body(List.of("a", 1));
    assertThat(first.tryAdd(SHARE)).isTrue();
    assertThat(first.tryAdd(1)).isFalse();
    assertThat(bodies.new Body(List.of("a", 2)).tryAdd(1)).isFalse();
    first.complete(); // Only unfinished bodies give way.
    assertThat(bodies.new Body(List.of("b", 1)).tryAdd(1)).isFalse();
    for (int i = 2; i <= 4; i++) {
      var other = bodies.new Body(List.of("other " + i, i));
      assertThat(other.tryAdd(SHARE)).isTrue();
      other.complete();
    }
    var waiting = bodies.new Body(List.of("c", 5));
    assertThat(waiting.tryAdd(1)).isFalse();
    first.remove();
    first.remove();
    assertThat(waiting.tryAdd(SHARE)).isTrue();
    waiting.complete();
    assertThat(bodies.new Body(List.of("d", 6)).tryAdd(1)).isFalse();
  }

  @Test
  void unfinishedBodyOfTheAddressThatHoldsMostGivesWay() {
    var strangers = new ArrayList<WebhookBodies.Pool.Body>();
    for (int i = 0; i < 4; i++) {
      var stranger = bodies.new Body(List.of("stranger " + i, "known"));
      strangers.add(stranger);
      assertThat(stranger.tryAdd(SHARE / 4)).isTrue();
    }
    var provider = bodies.new Body(List.of("provider", "known"));
    assertThat(provider.tryAdd(8192)).isTrue();
    StepVerifier.create(strangers.getFirst().evicted()).verifyComplete();
    assertThat(strangers.getFirst().tryAdd(1)).isFalse();
    assertThat(strangers.get(1).tryAdd(1)).isTrue();
    assertThat(bodies.new Body(List.of("equal", "known")).tryAdd(SHARE / 4 + 1)).isFalse();
  }

  @Test
  void smallBodyArrivesAlthoughFourAddressesHoldTheWholeLimit() {
    var bodies = new WebhookBodies();
    var trigger = new WebhookAddress("github", null);
    var stalled = new ArrayList<Mono<byte[]>>();
    for (int i = 0; i < 32; i++)
      stalled.add(
          bodies.read(post(MIB, silentAfter(MIB)), "stranger " + i / 8, trigger, MIB, Mono::just));
    var valid =
        bodies.read(post(130, Flux.just(buffer(130))), "provider", trigger, MIB, Mono::just);
    stalled.add(valid);
    StepVerifier.create(Flux.fromIterable(stalled).flatMap(Mono::onErrorComplete, 64))
        .expectNextMatches(body -> body.length == 130)
        .thenCancel()
        .verify(Duration.ofSeconds(4)); // Before the others fall silent for too long.
  }

  @Test
  void senderThatFallsSilentHoldsNothingAndNoneKeepsOutSmallBodies() {
    var bodies = new WebhookBodies();
    var trigger = new WebhookAddress("github", null);
    StepVerifier.withVirtualTime(
            () ->
                bodies
                    .read(
                        post(
                            WebhookRequest.BODY_BYTES_MAX,
                            silentAfter(WebhookRequest.BODY_BYTES_MAX - 1)),
                        "stranger",
                        trigger,
                        WebhookRequest.BODY_BYTES_MAX,
                        Mono::just)
                    .mergeWith(
                        bodies.read(
                            post(2, Flux.just(buffer(2))),
                            "provider",
                            trigger,
                            WebhookRequest.BODY_BYTES_MAX,
                            Mono::just)))
        .expectSubscription()
        .expectNextMatches(body -> body.length == 2)
        .thenAwait(Duration.ofSeconds(5))
        .expectErrorMatches(
            error ->
                error instanceof RejectionException refused
                    && refused.rejection() instanceof Rejection.Busy)
        .verify(Duration.ofSeconds(10));
  }

  private static Flux<DataBuffer> silentAfter(int bytes) {
    return Flux.just(buffer(bytes)).concatWith(Flux.never());
  }

  private static DataBuffer buffer(int bytes) {
    return DefaultDataBufferFactory.sharedInstance.wrap(new byte[bytes]);
  }

  private static ServerHttpRequest post(long length, Flux<DataBuffer> body) {
    return MockServerHttpRequest.post("/webhooks/github").contentLength(length).body(body);
  }
}
