package io.agentledger.query.vault;

import io.agentledger.projection.support.Progress;
import io.agentledger.projection.vault.SecretRows;
import io.agentledger.projection.vault.VaultRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.vault.VaultQueries.Reading;
import io.agentledger.query.vault.VaultQueries.Tables;
import io.agentledger.store.content.MasterKeyRotation;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer about vaults. */
@Configuration(proxyBeanMethods = false)
public class VaultQueryConfiguration {
  @Bean
  Tables vaultTables(VaultRows vaults, SecretRows secrets, JdbcClient sql) {
    return new Tables(vaults, secrets, new VaultUses(sql));
  }

  @Bean
  Reading vaultReading(
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Reading(store, progress, reading);
  }

  @Bean
  VaultQueries vaultQueries(Tables tables, Reading reading, Cursors cursors) {
    return new VaultQueries(tables, reading, cursors);
  }

  @Bean
  MasterKeyQueries masterKeyQueries(MasterKeyRotation rotation) {
    return new MasterKeyQueries(rotation);
  }
}
