package io.agentledger.command.vault;

import com.github.kagkarlsson.scheduler.task.Task;
import io.agentledger.store.crypto.MasterKeyRotation;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans for vaults and their secrets. */
@Configuration(proxyBeanMethods = false)
@Import({Vault.class, SealedSecretStore.class, MasterKey.class, MasterKeyCommandHandler.class})
public class VaultConfiguration {
  @Bean
  Task<MasterKeyRotationJob.JobData> rotationJob(
      MasterKeyRotation rotation, CommandGateway commands, Clock clock) {
    return new MasterKeyRotationJob(rotation, commands, clock).task();
  }
}
