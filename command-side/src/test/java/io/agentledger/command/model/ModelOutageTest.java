package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelOutageTest {
  @ParameterizedTest
  @CsvSource({"PT1S,1 second", "PT12S,12 seconds", "PT1M,1 minute", "PT5M,5 minutes"})
  void failureNamesTheTimeout(Duration timeout, String text) {
    var outage = new ModelOutage(Instant.EPOCH, "It is away.", false, timeout);
    assertThat(outage.failure()).startsWith("It is away.").contains(" for at most " + text + " (");
  }
}
