package io.agentledger.store;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets defaults of third-party settings that the service depends on; every other property source
 * overrides them.
 */
public final class StoreEnvironmentPostProcessor implements EnvironmentPostProcessor {
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          // Without this, Axon checks for new versions of itself on the internet.
          Map.entry("axon.update-check.disabled", "true"),
          Map.entry("axon.serializer.general", "jackson3"),
          Map.entry("axon.serializer.events", "jackson3"),
          Map.entry("axon.serializer.messages", "jackson3"),
          // If enabled, it sets a timer for every handled event: a third of a replay's time.
          Map.entry("axon.timeout.enabled", "false"),
          Map.entry("spring.datasource.hikari.pool-name", "agentledger"),
          Map.entry("spring.datasource.hikari.maximum-pool-size", "20"),
          // Each open connection costs PostgreSQL memory, and a test of it now and then.
          Map.entry("spring.datasource.hikari.minimum-idle", "5"),
          Map.entry("spring.datasource.hikari.idle-timeout", "60000"),
          // Each test is a transaction; networks drop connections after 350 s or more without one.
          Map.entry("spring.datasource.hikari.keepalive-time", "300000"),
          // For a database that is frozen or unreachable; LongStatements are exempt.
          Map.entry("spring.datasource.hikari.connection-timeout", "5000"),
          Map.entry("spring.datasource.hikari.validation-timeout", "2000"),
          Map.entry("spring.datasource.hikari.data-source-properties.connectTimeout", "5"),
          Map.entry("spring.datasource.hikari.data-source-properties.loginTimeout", "5"),
          Map.entry("spring.datasource.hikari.data-source-properties.socketTimeout", "6"),
          Map.entry("spring.datasource.hikari.data-source-properties.tcpKeepAlive", "true"),
          // Appends are serialized by a lock, which no transaction may hold for long.
          Map.entry(
              "spring.datasource.hikari.connection-init-sql", "set transaction_timeout = '30s'"),
          Map.entry(
              "spring.datasource.hikari.data-source-properties.reWriteBatchedInserts", "true"),
          Map.entry("spring.jpa.open-in-view", "false"),
          Map.entry("spring.jpa.hibernate.ddl-auto", "validate"));

  @Override
  public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication app) {
    // Axon prints an advertisement of thirty lines at every start; only this turns it off.
    System.getProperties().putIfAbsent("disable-axoniq-console-message", "true");
    environment.getPropertySources().addLast(new MapPropertySource("storeDefaults", DEFAULTS));
  }
}
