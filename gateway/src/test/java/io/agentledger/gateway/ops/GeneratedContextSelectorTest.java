package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class GeneratedContextSelectorTest {
  private final Properties settings = new Properties();
  private final MockEnvironment environment = new MockEnvironment();

  @Test
  void definitionsFitTheSettingsThatWereReadForThem() {
    settings.setProperty("spring.datasource.url", "null");
    settings.setProperty("spring.threads.virtual.enabled", "true");
    environment.setProperty("spring.threads.virtual.enabled", "true");
    environment.setProperty("agentledger.rsocket-port", "7000");
    assertThat(GeneratedContextSelector.findOther(settings, environment)).isEmpty();
  }

  @Test
  void settingThatIsNewGoneOrChangedNeedsOtherDefinitions() {
    settings.setProperty("spring.datasource.url", "null");
    environment.setProperty("spring.datasource.url", "jdbc:postgresql://database/agentledger");
    assertThat(GeneratedContextSelector.findOther(settings, environment))
        .contains("spring.datasource.url");

    settings.setProperty("spring.datasource.url", "jdbc:postgresql://other/agentledger");
    assertThat(GeneratedContextSelector.findOther(settings, environment))
        .contains("spring.datasource.url");
    assertThat(GeneratedContextSelector.findOther(settings, new MockEnvironment()))
        .contains("spring.datasource.url");
  }
}
