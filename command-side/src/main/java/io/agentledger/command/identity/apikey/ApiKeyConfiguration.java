package io.agentledger.command.identity.apikey;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.Repository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for API keys and their expiry. */
@Configuration(proxyBeanMethods = false)
@Import(ApiKey.class)
public class ApiKeyConfiguration {
  private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofMinutes(1);

  @Bean
  ApiKeyTable apiKeyTable(JdbcClient sql) {
    return new ApiKeyTable(sql);
  }

  @Bean
  ApiKeyCommandHandler apiKeyCommandHandler(
      @Qualifier("apiKeyRepository") Repository<ApiKey> keys,
      ApiKeyTable apiKeyTable,
      Sealer sealer,
      Clock clock) {
    return new ApiKeyCommandHandler(keys, apiKeyTable, sealer, clock);
  }

  @Bean
  Task<Void> expireKeys(ApiKeyTable apiKeyTable, ObjectProvider<CommandGateway> commands) {
    return Tasks.recurring(ExpireApiKeysJob.NAME, FixedDelay.of(EXPIRY_CHECK_INTERVAL))
        .execute(
            (instance, context) -> new ExpireApiKeysJob(apiKeyTable, commands.getObject()).run());
  }
}
