package io.agentledger.command.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.channel.SlotShares.SlotRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Shares of channels and tenants in the slots of a pool. */
class SlotSharesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant DONE = NOW.plusSeconds(100);

  private final List<String> broughtForward = new ArrayList<>();
  private final SlotShares shares =
      new SlotShares(8, broughtForward::add, Clock.fixed(NOW, ZoneOffset.UTC));
  private final TenantId tenant = TenantId.next();
  private final ChannelId channel = ChannelId.next();

  private Instant run(String job, ChannelId channel, Supplier<Instant> work) {
    return shares.run(new SlotRequest(job, tenant, channel), work);
  }

  private Instant run(String job, ChannelId channel) {
    return run(job, channel, () -> DONE);
  }

  /** Does something while a channel uses a number of slots. */
  private void whileUsed(ChannelId channel, int slots, Runnable action) {
    if (slots == 0) action.run();
    else
      run(
          "used " + slots,
          channel,
          () -> {
            whileUsed(channel, slots - 1, action);
            return DONE;
          });
  }

  @Test
  void aChannelUsesAQuarterOfTheSlots() {
    whileUsed(
        channel,
        2,
        () -> {
          assertThat(run("third", channel)).isEqualTo(NOW.plusSeconds(1));
          assertThat(run("other", ChannelId.next())).isEqualTo(DONE);
        });
    assertThat(run("third", channel)).isEqualTo(DONE);
  }

  @Test
  void aTenantUsesHalfOfTheSlots() {
    whileUsed(
        channel,
        2,
        () ->
            whileUsed(
                ChannelId.next(),
                2,
                () -> {
                  assertThat(run("fifth", ChannelId.next())).isEqualTo(NOW.plusSeconds(1));
                  var other = new SlotRequest("other", TenantId.next(), ChannelId.next());
                  assertThat(shares.run(other, () -> DONE)).isEqualTo(DONE);
                }));
  }

  @Test
  void waitingJobsAreBroughtForwardInOrderOneForEachReleasedSlot() {
    whileUsed(
        channel,
        2,
        () -> {
          run("a", channel);
          run("b", channel);
          run("c", channel);
          assertThat(broughtForward).isEmpty();
        });
    assertThat(broughtForward).containsExactly("a", "b");
    assertThat(run("c", channel)).isEqualTo(DONE);
    assertThat(broughtForward).as("a job that ran waits no more").containsExactly("a", "b");
  }

  @Test
  void manyWaitingJobsTryAgainOneAfterTheOther() {
    whileUsed(
        channel,
        2,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            var spaced = NOW.plusSeconds(1).plusMillis(10L * i);
            var latest = NOW.plus(Duration.ofMinutes(1));
            assertThat(run("job " + i, channel))
                .isEqualTo(spaced.isAfter(latest) ? latest : spaced);
          }
        });
  }

  @Test
  void aFailedJobReleasesItsSlot() {
    for (int i = 0; i < 5; i++)
      assertThatThrownBy(
              () ->
                  run(
                      "failed",
                      channel,
                      () -> {
                        throw new IllegalStateException("failed");
                      }))
          .hasMessage("failed");
    assertThat(run("next", channel)).isEqualTo(DONE);
  }
}
