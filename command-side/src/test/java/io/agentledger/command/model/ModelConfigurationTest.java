package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.model.Upstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ModelConfigurationTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ModelConfiguration.class))
          .withPropertyValues("agentledger.model.warm-up=0s", "ANTHROPIC_API_KEY=");

  @ParameterizedTest
  @CsvSource({
    "'', '', REHEARSAL",
    "'', sk-1, ANTHROPIC",
    "rehearsal, sk-1, REHEARSAL",
    "rehearsal, '', REHEARSAL",
    "anthropic, sk-1, ANTHROPIC"
  })
  void upstreamIsTheConfiguredOneOrFollowsTheKey(String chosen, String key, Upstream upstream) {
    context
        .withPropertyValues("agentledger.model.upstream=" + chosen, "ANTHROPIC_API_KEY=" + key)
        .run(ready -> assertThat(ready.getBean(ModelGateway.class).upstream()).isEqualTo(upstream));
  }

  @Test
  void anthropicWithoutAKeyIsAnErrorWithInstructions() {
    context
        .withPropertyValues("agentledger.model.upstream=anthropic")
        .run(
            failed ->
                assertThat(failed)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("there is no ANTHROPIC_API_KEY")
                    .hasMessageContaining("AGENTLEDGER_MODEL_UPSTREAM=rehearsal"));
  }

  @Test
  void rejectsAKeyWithALineBreakWithoutRevealingIt() {
    context
        .withPropertyValues("ANTHROPIC_API_KEY=sk-secret\nX-Evil: 1")
        .run(
            failed ->
                assertThat(failed)
                    .getFailure()
                    .rootCause()
                    .message()
                    .contains("key")
                    .doesNotContain("secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "upstream=recorded",
        "upstream=nonsense",
        "base-url=ftp://x",
        "base-url=/x",
        "body-max=1B",
        "response-timeout=1ms",
        "warm-up=1h",
        "pace-percent=-1",
        "exchange-count-max=0",
        "connection-count-max=5000",
        "connect-attempts=6",
        "connect-timeout=1h"
      })
  void settingOutOfRangeStopsTheStart(String setting) {
    context
        .withPropertyValues("agentledger.model." + setting)
        .run(failed -> assertThat(failed).hasFailed());
  }

  @Test
  void scenariosAreReadFromTheHome(@TempDir Path home) throws IOException {
    Files.writeString(
        Files.createDirectory(home.resolve("rehearsal")).resolve("mine.yaml"),
        "steps: [{say: mine}]");

    context
        .withPropertyValues("agentledger.home=" + home)
        .run(
            ready ->
                assertThat(ready.getBean(ScenarioRegistry.class).names())
                    .contains("mine", "default"));
  }

  @Test
  void invalidScenarioStopsTheStartAndIsNamed(@TempDir Path home) throws IOException {
    Files.writeString(home.resolve("mine.yaml"), "steps: []");

    context
        .withPropertyValues("agentledger.model.rehearsal=" + home)
        .run(
            failed ->
                assertThat(failed)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("mine.yaml:1: /steps"));
  }

  @Test
  void warmUpExercisesTheGatewayWithinItsLimit() {
    context
        .withPropertyValues("agentledger.model.warm-up=20s")
        .run(
            ready -> {
              ModelWarmUp.Outcome outcome = ready.getBean(ModelWarmUp.class).outcome();
              assertThat(outcome.exchangeCount()).isEqualTo(50);
              assertThat(outcome.fastest()).isLessThan(outcome.first());
            });
  }

  @Test
  void warmUpStopsAtItsLimit() {
    context
        .withPropertyValues("agentledger.model.warm-up=1ms")
        .run(
            ready -> {
              long startedNanos = System.nanoTime();
              ModelWarmUp.Outcome outcome = ready.getBean(ModelWarmUp.class).outcome();
              assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
                  .isLessThan(Duration.ofSeconds(10));
              assertThat(outcome.exchangeCount()).isLessThan(50);
            });
  }
}
