package io.agentledger.query.vault;

import io.agentledger.projection.vault.SecretRowRepository;
import io.agentledger.projection.vault.VaultRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.vault.VaultQueryHandler.VaultRepositories;
import io.agentledger.store.crypto.MasterKeyRotation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that answer about vaults. */
@Configuration(proxyBeanMethods = false)
public class VaultQueryConfiguration {
  @Bean
  VaultRepositories vaultTables(
      VaultRowRepository vaults, SecretRowRepository secrets, JdbcClient sql) {
    return new VaultRepositories(vaults, secrets, new SecretUsageReader(sql));
  }

  @Bean
  VaultQueryHandler vaultQueries(
      VaultRepositories vaultRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    return new VaultQueryHandler(vaultRepositories, readModelAccess, cursorCodec);
  }

  @Bean
  MasterKeyQueryHandler masterKeyQueries(MasterKeyRotation rotation) {
    return new MasterKeyQueryHandler(rotation);
  }
}
