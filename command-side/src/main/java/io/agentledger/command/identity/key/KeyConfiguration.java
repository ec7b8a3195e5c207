package io.agentledger.command.identity.key;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.store.content.Sealer;
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

/** Keys and their expiry. */
@Configuration(proxyBeanMethods = false)
@Import(ApiKey.class)
public class KeyConfiguration {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  @Bean
  KeyRows keyRows(JdbcClient sql) {
    return new KeyRows(sql);
  }

  @Bean
  KeyDesk keyDesk(
      @Qualifier("apiKeyRepository") Repository<ApiKey> keys,
      KeyRows rows,
      Sealer sealer,
      Clock clock) {
    return new KeyDesk(keys, rows, sealer, clock);
  }

  @Bean
  Task<Void> expireKeys(KeyRows rows, ObjectProvider<CommandGateway> commands) {
    return Tasks.recurring(ExpireKeysJob.NAME, FixedDelay.of(PAUSE))
        .execute((instance, context) -> new ExpireKeysJob(rows, commands.getObject()).run());
  }
}
