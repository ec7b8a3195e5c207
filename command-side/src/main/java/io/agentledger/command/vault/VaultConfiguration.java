package io.agentledger.command.vault;

import io.agentledger.store.content.Vaulting;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Vaults and what lies in them. */
@Configuration(proxyBeanMethods = false)
@Import(Vault.class)
public class VaultConfiguration {
  @Bean
  SealedSafe safe(JdbcClient sql, Vaulting vaulting) {
    return new SealedSafe(sql, vaulting);
  }
}
