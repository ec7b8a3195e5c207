package io.agentledger.store.crypto;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.store.NodeHome;
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
  DataKeyTable wrappedKeys(JdbcConnectionDetails database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    return new DataKeyTable(pool);
  }

  @Bean
  MasterKeySource masterKeySource(NodeHome home, StoreSettings settings) {
    return MasterKeySourceFactory.create(
        settings.masterKey(), settings.masterKeyFile(home), System::getenv);
  }

  @Bean
  MasterKeyTable masterKeyRows(DataKeyTable rows) {
    return new MasterKeyTable(rows.connections());
  }

  @Bean
  WrappedSecretTable keyringTable() {
    return WrappedSecretTable.KEYRING;
  }

  /** Every bean of type {@link WrappedSecretTable} is wrapped again when the master key changes. */
  @Bean(destroyMethod = "")
  @DependsOnDatabaseInitialization
  MasterKeys masterKeys(
      MasterKeyTable masterKeyTable,
      MasterKeySource source,
      List<WrappedSecretTable> tables,
      NodeHome home) {
    return new MasterKeys(masterKeyTable, source, tables, home.node());
  }

  @Bean
  MasterKeyHeartbeat masterKeyWatch(MasterKeys keys) {
    return new MasterKeyHeartbeat(keys);
  }

  @Bean
  MasterKeyRotation masterKeyRotation(MasterKeyTable masterKeyTable, MasterKeys keys) {
    return new MasterKeyRotation(masterKeyTable, keys);
  }

  @Bean
  DataKeyring keyring(DataKeyTable rows, MasterKeys master) {
    return new DataKeyring(rows, master);
  }

  @Bean
  SecretSealer vaulting(DataKeyring keyring) {
    return new SecretSealer(keyring);
  }

  @Bean
  ContentStore contentStore(NodeHome home) {
    return new ContentStore(home.content());
  }

  @Bean
  SealedBlobStore sealedBytes(SecretSealer secretSealer, ContentStore store) {
    return new SealedBlobStore(secretSealer, store);
  }

  @Bean
  Sealer sealer(DataKeyring keyring, ContentStore store) {
    return new AeadSealer(keyring, store);
  }
}
