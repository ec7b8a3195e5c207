package io.agentledger.gateway.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of bodies in memory. */
class WebhookBodiesTest {
  private static final long SHARE = 25L * 1024 * 1024;

  private final WebhookBodies bodies = new WebhookBodies();

  @Test
  void oneAddressAndOneTriggerHaveAQuarterAndAllTogetherTheWhole() {
    var first = bodies.new Body(List.of("a", 1));
    assertThat(first.tryAdd(SHARE)).isTrue();
    assertThat(first.tryAdd(1)).isFalse();
    assertThat(bodies.new Body(List.of("a", 2)).tryAdd(1)).isFalse();
    assertThat(bodies.new Body(List.of("b", 1)).tryAdd(1)).isFalse();
    for (int i = 2; i <= 4; i++)
      assertThat(bodies.new Body(List.of("other " + i, i)).tryAdd(SHARE)).isTrue();
    var waiting = bodies.new Body(List.of("c", 5));
    assertThat(waiting.tryAdd(1)).isFalse();
    first.remove();
    first.remove();
    assertThat(waiting.tryAdd(SHARE)).isTrue();
    assertThat(bodies.new Body(List.of("d", 6)).tryAdd(1)).isFalse();
  }
}
