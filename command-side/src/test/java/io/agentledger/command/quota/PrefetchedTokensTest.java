package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of a caller who has made 100 calls in the last second. */
class PrefetchedTokensTest {
  private static final int CALLS = 100;

  private final AtomicLong nanos = new AtomicLong(-5);
  private final PrefetchedTokens tokens = new PrefetchedTokens(nanos::get);

  @BeforeEach
  void callForASecond() {
    for (int call = 0; call < CALLS; call++) {
      pass(Duration.ofMillis(9));
      if (tokens.take(1).isEmpty()) {
        tokens.count(1);
        tokens.add(tokens.wanted(), new long[] {10_000, 5_000});
      }
    }
    pass(Duration.ofMillis(1_001));
    tokens.count(1);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void halfOfTheCallsOfASecondIsTakenInAdvance() {
    assertThat(tokens.take(1)).isEmpty();
    assertThat(tokens.wanted()).isEqualTo(50);
    assertThat(tokens.add(50, new long[] {900, 500})).containsExactly(950, 550);
    for (int call = 1; call <= 50; call++)
      assertThat(tokens.take(1)).hasValue(new long[] {950 - call, 550 - call});
    assertThat(tokens.take(1)).isEmpty();
  }

  @Test
  void fewCallsTakeNone() {
    pass(Duration.ofSeconds(2));
    tokens.count(1);
    assertThat(tokens.wanted()).isZero();
  }

  @Test
  void onePercentOfWhatIsLeftIsTakenAtMost() {
    tokens.add(0, new long[] {10_000, 399});
    assertThat(tokens.wanted()).isEqualTo(3);
    tokens.add(0, new long[] {99, 10_000});
    assertThat(tokens.wanted()).isZero();
    tokens.add(0, new long[] {-1, 10_000});
    assertThat(tokens.wanted()).isZero();
  }

  @Test
  void unusedTokensAreKeptForTheNextBurst() {
    tokens.add(10, new long[] {10_000, 5_000});
    pass(Duration.ofMillis(500));
    tokens.count(CALLS);
    pass(Duration.ofMillis(1_001));
    tokens.count(1);
    assertThat(tokens.take(1)).isEmpty();
    assertThat(tokens.wanted()).isEqualTo(40);
    assertThat(tokens.add(40, new long[] {800, 400})).containsExactly(850, 450);
  }

  @Test
  void tokensOfAMinuteAgoAreLost() {
    tokens.add(10, new long[] {900, 500});
    pass(Duration.ofSeconds(61));
    tokens.count(1);
    assertThat(tokens.wanted()).isZero();
    assertThat(tokens.add(2, new long[] {800, 400})).containsExactly(802, 402);
  }

  @Test
  void severalCallsNeedSoManyTokens() {
    tokens.add(10, new long[] {900, 500});
    assertThat(tokens.take(11)).isEmpty();
    assertThat(tokens.take(10)).hasValue(new long[] {900, 500});
  }
}
