package io.agentledger.query.vault;

import io.agentledger.projection.vault.SecretRowRepository;
import io.agentledger.projection.vault.VaultRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.vault.VaultQueryHandler.Tables;
import io.agentledger.store.crypto.MasterKeyRotation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that answer about vaults. */
@Configuration(proxyBeanMethods = false)
public class VaultQueryConfiguration {
  @Bean
  Tables vaultTables(VaultRowRepository vaults, SecretRowRepository secrets, JdbcClient sql) {
    return new Tables(vaults, secrets, new SecretUsageReader(sql));
  }

  @Bean
  VaultQueryHandler vaultQueries(
      Tables tables, ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
    return new VaultQueryHandler(tables, readModelAccess, cursorCodec);
  }

  @Bean
  MasterKeyQueryHandler masterKeyQueries(MasterKeyRotation rotation) {
    return new MasterKeyQueryHandler(rotation);
  }
}
