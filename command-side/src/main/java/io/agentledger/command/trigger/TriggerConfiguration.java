package io.agentledger.command.trigger;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.ConcurrencyKeys;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.DerivedKeys;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.crypto.SecretSealer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for triggers and their deliveries. */
@Configuration(proxyBeanMethods = false)
@Import({Trigger.class, InboundDelivery.class})
public class TriggerConfiguration {
  private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofHours(1);

  /** Wakes the dispatcher of this node. */
  private final Semaphore wakeups = new Semaphore(0);

  @Bean
  TriggerLookupTable triggerLookupTable(JdbcClient sql) {
    return new TriggerLookupTable(sql);
  }

  @Bean
  InboundDeliveryTable inboundDeliveryTable(JdbcClient sql) {
    return new InboundDeliveryTable(sql, wakeups::release);
  }

  @Bean
  DeliveryEvaluator deliveryEvaluator(JdbcClient sql) {
    return new DeliveryEvaluator(() -> foundingTenant(sql));
  }

  @Bean
  InboundWebhookReceiver inboundWebhookReceiver(
      TriggerLookupTable triggers,
      InboundDeliveryTable deliveries,
      SecretReader secrets,
      Sealer sealer,
      ContentStore contents,
      JdbcClient sql,
      Clock clock) {
    return new InboundWebhookReceiver(
        triggers, deliveries, secrets, sealer, contents, () -> foundingTenant(sql), clock);
  }

  private static TenantId foundingTenant(JdbcClient sql) {
    return new TenantId(sql.sql("select tenant from local_owner").query(String.class).single());
  }

  @Bean
  DeliveryProcessor deliveryProcessor(
      @Qualifier("eventStore") EventStore events,
      InboundDeliveryTable deliveries,
      TenantMembership members,
      @Qualifier("concurrencyKeys") DerivedKeys concurrencyKeys,
      SecretSealer secretSealer,
      Sealer sealer,
      @Lazy CommandGateway commands,
      @Lazy QueryGateway queries,
      ObjectProvider<TaskSessionOpener> sessions,
      @Lazy ProviderClient provider,
      Clock clock) {
    return new DeliveryProcessor(
        new TriggerReader(events, sealer),
        deliveries,
        members,
        new ConcurrencyKeys(concurrencyKeys, secretSealer),
        sealer,
        commands,
        queries,
        sessions::getIfAvailable,
        new HelpReplies(provider, deliveries, members, clock));
  }

  @Bean
  DeliveryDispatcher deliveryDispatcher(
      TriggerLookupTable triggers,
      InboundDeliveryTable deliveries,
      DeliveryProcessor processor,
      NodeHome home,
      Clock clock) {
    return new DeliveryDispatcher(triggers, deliveries, processor, home.node(), clock, wakeups);
  }

  @Bean
  Task<Void> expiredInboundDeliveries(
      InboundDeliveryTable deliveries, ContentStore contents, Clock clock) {
    var job = new ExpiredDeliveriesJob(deliveries, contents, clock);
    return Tasks.recurring(ExpiredDeliveriesJob.NAME, FixedDelay.of(EXPIRY_CHECK_INTERVAL))
        .execute((instance, context) -> job.run());
  }

  /** The tables are written in the transaction of the events, which their failure rolls back. */
  @Bean
  ConfigurerModule triggerProcessors() {
    return axon -> {
      LookupTable.processor(TriggerLookupTable.GROUP).configureModule(axon);
      LookupTable.processor(InboundDeliveryTable.GROUP).configureModule(axon);
    };
  }
}
