package io.agentledger.store.content;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.store.Home;
import io.agentledger.store.StoreSettings;
import java.util.List;
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
  MasterKeySource masterKeySource(Home home, StoreSettings settings) {
    return MasterKeySources.of(settings.masterKey(), settings.masterKeyFile(home), System::getenv);
  }

  @Bean
  MasterKeyRows masterKeyRows(WrappedKeys rows) {
    return new MasterKeyRows(rows.connections());
  }

  @Bean
  WrappedTable keyringTable() {
    return WrappedTable.KEYRING;
  }

  /** Every bean of type {@link WrappedTable} is wrapped again when the master key changes. */
  @Bean(destroyMethod = "")
  @DependsOnDatabaseInitialization
  MasterKeys masterKeys(
      MasterKeyRows rows, MasterKeySource source, List<WrappedTable> tables, Home home) {
    return new MasterKeys(rows, source, tables, home.node());
  }

  @Bean
  MasterKeyWatch masterKeyWatch(MasterKeys keys) {
    return new MasterKeyWatch(keys);
  }

  @Bean
  MasterKeyRotation masterKeyRotation(MasterKeyRows rows, MasterKeys keys) {
    return new MasterKeyRotation(rows, keys);
  }

  @Bean
  Keyring keyring(WrappedKeys rows, MasterKeys master) {
    return new Keyring(rows, master);
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
  SealedBytes sealedBytes(Vaulting vaulting, ContentStore store) {
    return new SealedBytes(vaulting, store);
  }

  @Bean
  Sealer sealer(Keyring keyring, ContentStore store) {
    return new KeyringSealer(keyring, store);
  }
}
