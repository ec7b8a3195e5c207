package io.agentledger.command.subscription;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.subscription.CloudEventEncoder;
import io.agentledger.api.subscription.SubscriptionRegistry;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.subscription.DeliveryJob.DeliveryRequests;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.CoalescingEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
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
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans for subscriptions and their deliveries. */
@Configuration(proxyBeanMethods = false)
@Import(Subscription.class)
public class SubscriptionConfiguration {
  /** Channels that a node sends at the same time. */
  private static final int CHANNELS_MAX = 128;

  private static final double PICKED_MAX = 1.0;
  private static final double PICKED_MIN = 0.5;

  /** Time for which deliveries stay in the log. */
  static final Duration RETENTION = Duration.ofDays(30);

  private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);
  private static final int REMOVED_MAX = 5_000;

  @Bean
  SubscriptionLookupTable subscriptionLookupTable(JdbcClient sql) {
    return new SubscriptionLookupTable(sql);
  }

  @Bean
  SubscriptionRegistry subscriptionRegistry(
      SubscriptionLookupTable subscriptions,
      DestinationPolicy destinations,
      SecretReader secretReader) {
    return new SubscriptionValidator(subscriptions, destinations, secretReader);
  }

  @Bean
  SubscriptionTable subscriptionTable(JdbcClient sql) {
    return new SubscriptionTable(sql);
  }

  @Bean
  DeliveryTable deliveryTable(JdbcClient sql) {
    return new DeliveryTable(sql);
  }

  @Bean
  CloudEventFactory cloudEventFactory(
      @Lazy QueryGateway queries, ObjectProvider<CloudEventEncoder> encoder) {
    return new CloudEventFactory(queries, encoder::getObject);
  }

  @Bean
  DeliverySender deliverySender(
      OutboundHttpClient outbound,
      WebhookSecretResolver secrets,
      Sealer sealer,
      @Qualifier("eventStore") EventStore events,
      CloudEventFactory cloudEvents,
      TenantMembership members,
      Clock clock) {
    var subscriptions = new SubscriptionReader(events);
    return new DeliverySender(
        outbound, secrets, sealer, subscriptions, cloudEvents, members, clock);
  }

  @Bean
  DeliveryRequests deliveryRequests(
      TenantMembership members, CloudEventFactory cloudEvents, DeliverySender sender) {
    return new DeliveryRequests(members, cloudEvents, sender);
  }

  @Bean
  DeliveryJob deliveryJob(
      SubscriptionTable subscriptions,
      DeliveryTable deliveries,
      DeliveryRequests requests,
      @Lazy CommandGateway commands,
      PlatformTransactionManager transactions,
      Clock clock) {
    return new DeliveryJob(
        subscriptions,
        deliveries,
        requests,
        commands,
        new TransactionTemplate(transactions),
        new RetrySchedule(() -> ThreadLocalRandom.current().nextDouble()),
        clock);
  }

  @Bean
  JobTable<Void> deliveryJobs(DeliveryJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("deliveries", "subscription_job", home.node()),
        database,
        job.task(),
        CHANNELS_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, true));
  }

  @Bean
  DeliveryCollector deliveryCollector(
      SubscriptionTable subscriptions,
      DeliveryTable deliveries,
      @Qualifier("eventStore") EventStore events,
      TenantMembership members,
      JobTable<Void> deliveryJobs,
      Clock clock) {
    return new DeliveryCollector(
        subscriptions,
        deliveries,
        new EventOriginReader(events, subscriptions),
        members,
        deliveryJobs,
        clock);
  }

  @Bean
  Task<Void> expiredDeliveries(DeliveryTable deliveries, Clock clock) {
    return Tasks.recurring("delete-expired-deliveries", FixedDelay.of(CLEANUP_INTERVAL))
        .execute(
            (instance, context) -> {
              var before = clock.instant().minus(RETENTION);
              while (deliveries.removeExpired(before, REMOVED_MAX) >= REMOVED_MAX)
                if (Thread.currentThread().isInterrupted()) return;
            });
  }

  @Bean
  ConfigurerModule subscriptionProcessors() {
    return axon -> {
      LookupTable.processor(SubscriptionLookupTable.GROUP).configureModule(axon);
      CoalescingEventSource.configure(axon.eventProcessing(), DeliveryCollector.GROUP);
    };
  }
}
