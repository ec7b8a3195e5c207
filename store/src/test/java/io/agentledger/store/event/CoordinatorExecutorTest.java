package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatorExecutorTest {
  @ParameterizedTest
  @CsvSource({"500, 500", "5000, 5000", "60000, 5000"})
  void backOffEndsAtFiveSeconds(long asked, long scheduled) {
    try (var executor = new CoordinatorExecutor("test")) {
      var task = executor.schedule(() -> {}, asked, TimeUnit.MILLISECONDS);
      assertThat(task.getDelay(TimeUnit.MILLISECONDS)).isBetween(scheduled - 400, scheduled);
      executor.shutdownNow();
    }
  }
}
