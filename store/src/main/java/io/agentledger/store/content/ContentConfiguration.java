package io.agentledger.store.content;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.store.Home;
import io.agentledger.store.StoreSettings;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that seal and open content. */
@Configuration(proxyBeanMethods = false)
public class ContentConfiguration {
  @Bean
  WrappedKeys wrappedKeys(JdbcConnectionDetails database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    return new WrappedKeys(pool);
  }

  @Bean
  @DependsOnDatabaseInitialization
  Keyring keyring(WrappedKeys rows, Home home, StoreSettings settings) {
    return new Keyring(rows, new MasterKey(settings.masterKeyFile(home)));
  }

  @Bean
  Vaulting vaulting(Keyring keyring) {
    return new Vaulting(keyring);
  }

  @Bean
  ContentStore contentStore(Home home) {
    return new ContentStore(home.content());
  }

  @Bean
  Sealer sealer(Keyring keyring, ContentStore store) {
    return new KeyringSealer(keyring, store);
  }
}
