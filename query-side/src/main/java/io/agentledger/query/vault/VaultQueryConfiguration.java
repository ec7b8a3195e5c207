package io.agentledger.query.vault;

import io.agentledger.projection.vault.SecretRows;
import io.agentledger.projection.vault.VaultRows;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Reading;
import io.agentledger.query.vault.VaultQueries.Tables;
import io.agentledger.store.content.MasterKeyRotation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that answer about vaults. */
@Configuration(proxyBeanMethods = false)
public class VaultQueryConfiguration {
  @Bean
  Tables vaultTables(VaultRows vaults, SecretRows secrets, JdbcClient sql) {
    return new Tables(vaults, secrets, new VaultUses(sql));
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
