package io.agentledger.store;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.store.crypto.ContentConfiguration;
import io.agentledger.store.event.EventStoreConfiguration;
import io.agentledger.store.postgres.DatabaseConfiguration;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.axonframework.springboot.autoconfig.JdbcAutoConfiguration;
import org.axonframework.springboot.autoconfig.JpaAutoConfiguration;
import org.axonframework.springboot.autoconfig.JpaEventStoreAutoConfiguration;
import org.axonframework.springboot.autoconfig.NoOpTransactionAutoConfiguration;
import org.axonframework.springboot.autoconfig.TransactionAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Beans that several modules need: home directory, database, event store, sealed content. */
@AutoConfiguration(
    before = {
      AxonAutoConfiguration.class,
      JdbcAutoConfiguration.class,
      JpaAutoConfiguration.class,
      JpaEventStoreAutoConfiguration.class,
      TransactionAutoConfiguration.class,
      NoOpTransactionAutoConfiguration.class,
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class
    })
@EnableConfigurationProperties({StoreSettings.class, DiskSettings.class})
@Import({DatabaseConfiguration.class, EventStoreConfiguration.class, ContentConfiguration.class})
public class StoreAutoConfiguration {
  @Bean
  NodeHome home(StoreSettings settings, ObjectProvider<HomeOpenedListener> listeners) {
    NodeHome home = NodeHome.of(settings.homeDirectory());
    listeners.orderedStream().forEach(listener -> listener.onHomeOpened(home));
    return home;
  }

  @Bean
  HealthCheck diskHealth(NodeHome home, DiskSettings settings) {
    return new DiskHealthCheck(home.root(), settings);
  }
}
