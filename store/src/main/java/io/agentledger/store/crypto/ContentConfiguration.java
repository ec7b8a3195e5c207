package io.agentledger.store.crypto;

import io.agentledger.store.NodeHome;
import io.agentledger.store.StoreSettings;
import io.agentledger.store.postgres.ConnectionPools;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that seal and decrypt content. */
@Configuration(proxyBeanMethods = false)
public class ContentConfiguration {
  @Bean
  DataKeyTable dataKeyTable(ConnectionPools pools) {
    return new DataKeyTable(pools.configure("keyring", DataKeyTable.CONNECTIONS));
  }

  @Bean
  MasterKeySource masterKeySource(NodeHome home, StoreSettings settings) {
    return MasterKeySourceFactory.create(
        settings.masterKey(), settings.masterKeyFile(home), System::getenv);
  }

  @Bean
  MasterKeyTable masterKeyTable(DataKeyTable table) {
    return new MasterKeyTable(table.dataSource());
  }

  @Bean
  WrappedSecretTable keyringTable() {
    return WrappedSecretTable.KEYRING;
  }

  /**
   * Creates the master keys. Every bean of type {@link WrappedSecretTable} is wrapped again when
   * the master key changes.
   */
  @Bean
  @DependsOnDatabaseInitialization
  MasterKeys masterKeys(
      MasterKeyTable masterKeyTable,
      MasterKeySource source,
      List<WrappedSecretTable> tables,
      NodeHome home) {
    return new MasterKeys(masterKeyTable, source, tables, home.node());
  }

  @Bean
  MasterKeyHeartbeat masterKeyHeartbeat(MasterKeys keys) {
    return new MasterKeyHeartbeat(keys);
  }

  @Bean
  MasterKeyRotation masterKeyRotation(MasterKeyTable masterKeyTable, MasterKeys keys) {
    return new MasterKeyRotation(masterKeyTable, keys);
  }

  @Bean
  DataKeyring keyring(DataKeyTable table, MasterKeys master) {
    return new DataKeyring(table, master);
  }

  @Bean
  SecretSealer secretSealer(DataKeyring keyring) {
    return new SecretSealer(keyring);
  }

  /** Keys of the search index of transcripts. */
  @Bean
  DerivedKeys searchKeys(DataKeyring keyring) {
    return new DerivedKeys(keyring, "search");
  }

  /** Keys of the digests by which executions of triggers exclude one another. */
  @Bean
  DerivedKeys concurrencyKeys(DataKeyring keyring) {
    return new DerivedKeys(keyring, "concurrency");
  }

  @Bean
  ChatIds chatIds(
      @Qualifier("concurrencyKeys") DerivedKeys concurrencyKeys, SecretSealer secretSealer) {
    return new ChatIds(new ConcurrencyKeys(concurrencyKeys, secretSealer));
  }

  @Bean
  ContentStore contentStore(NodeHome home) {
    return new ContentStore(home.content());
  }

  @Bean
  SealedBlobStore sealedBlobStore(SecretSealer secretSealer, ContentStore store) {
    return new SealedBlobStore(secretSealer, store);
  }

  @Bean
  Sealer sealer(DataKeyring keyring, ContentStore store) {
    return new AeadSealer(keyring, store);
  }
}
