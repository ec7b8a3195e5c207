package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.trigger.DeliveryOutcome.Answered;
import io.agentledger.api.trigger.DeliveryOutcome.Failed;
import io.agentledger.command.flow.provider.ProviderRefusedException;
import io.agentledger.command.flow.provider.ProviderUnavailableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Replies do not hold the processing of deliveries. */
class HelpRepliesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static String codeOf(Callable<String> comment, Duration max) {
    return ((Failed) HelpReplies.post(comment, max)).code();
  }

  @Test
  void replyThatTakesTooLongFailsAndIsInterrupted() {
    var interrupted = new CountDownLatch(1);
    Callable<String> never =
        () -> {
          try {
            new CountDownLatch(1).await();
            return "";
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        };
    assertThat(codeOf(never, Duration.ofMillis(50))).isEqualTo("provider_unavailable");
    await().until(() -> interrupted.getCount() == 0);
  }

  @Test
  void outcomeIsThatOfTheProvider() {
    assertThat(HelpReplies.post(() -> "17", LONG)).isEqualTo(new Answered("17"));
    assertThat(
            codeOf(
                () -> {
                  throw new ProviderRefusedException("no");
                },
                LONG))
        .isEqualTo("provider_refused");
    assertThat(
            codeOf(
                () -> {
                  throw new ProviderUnavailableException("later", Duration.ZERO);
                },
                LONG))
        .isEqualTo("provider_unavailable");
    assertThatThrownBy(
            () ->
                HelpReplies.post(
                    () -> {
                      throw new IllegalArgumentException("a defect");
                    },
                    LONG))
        .hasMessage("a defect");
  }
}
