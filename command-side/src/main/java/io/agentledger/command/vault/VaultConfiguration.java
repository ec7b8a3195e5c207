package io.agentledger.command.vault;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import io.agentledger.store.crypto.MasterKeyRotation;
import io.agentledger.store.crypto.SecretSealer;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Vaults and what lies in them. */
@Configuration(proxyBeanMethods = false)
@Import({Vault.class, MasterKey.class})
public class VaultConfiguration {
  @Bean
  SealedSecretStore secretStore(JdbcClient sql, SecretSealer secretSealer) {
    return new SealedSecretStore(sql, secretSealer);
  }

  @Bean
  Task<MasterKeyRotationJob.JobData> rotationJob(
      MasterKeyRotation rotation, CommandGateway commands, Clock clock) {
    return new MasterKeyRotationJob(rotation, commands, clock).task();
  }

  /**
   * The scheduler sends commands by its jobs: it is asked for only when there is one to enqueue.
   */
  @Bean
  MasterKeyCommandHandler masterKeyCommandHandler(
      MasterKeyRotation rotation,
      @Qualifier("masterKeyRepository") Repository<MasterKey> keys,
      @Lazy SchedulerClient jobs,
      Clock clock) {
    return new MasterKeyCommandHandler(rotation, keys, jobs, clock);
  }
}
