package io.agentledger.command.quota;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.model.SpendingLimiter;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.LruCache;
import io.agentledger.store.NodeHome;
import io.agentledger.store.Topology;
import io.agentledger.store.event.CoalescingEventSource;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.event.TenantGroupedEventSource;
import io.agentledger.store.postgres.RelaxedCommit;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for quotas: the aggregate, its interceptors and its event handlers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuotaSettings.class)
@Import({Quota.class, RateLimitConfiguration.class})
public class QuotaConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 50;
  private static final int QUOTAS_CACHED_MAX = 1000;

  @Bean
  SnapshotTriggerDefinition quotaSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  Cache quotaCache(@Qualifier("eventStore") EventStore store, Topology topology) {
    return LruCache.ofCurrentAggregates(QUOTAS_CACHED_MAX, store, topology);
  }

  @Bean
  DefaultLimits defaultLimits(QuotaSettings settings, InstallationOwner owner) {
    return settings.defaultLimits(owner.user());
  }

  /**
   * Ordered after the interceptors of all features: a command that they answer or reject reserves
   * nothing. On a single node, the aggregate's own lock serializes what decides about a quota.
   */
  @Bean
  @DependsOn("commandInterceptors")
  InitializingBean quotaInterceptors(
      CommandBus bus,
      CommandGateway commands,
      JdbcClient sql,
      QuotaSettings settings,
      Clock clock,
      Topology topology) {
    return () -> {
      if (!topology.singleNode()) bus.registerHandlerInterceptor(new QuotaLockInterceptor(sql));
      bus.registerHandlerInterceptor(new QuotaInterceptor(commands, settings, clock));
    };
  }

  @Bean
  SpendingLimiter spendingLimiter(
      CommandGateway commands,
      QuotaSettings settings,
      Clock clock,
      @Qualifier("eventStore") NotifyingEventStore store) {
    var limiter = new ReservationSpendingLimiter(commands, settings, clock);
    store.onOwnCommit(limiter::onEvent);
    return limiter;
  }

  @Bean
  ReservationTable reservationTable(JdbcClient sql) {
    return new ReservationTable(sql);
  }

  @Bean
  ConfigurerModule reservationTableProcessor() {
    return LookupTable.processor(ReservationTable.GROUP);
  }

  @Bean
  ReservationSettlement reservationSettlement(CommandGateway commands, SessionOwnerLookup owners) {
    return new ReservationSettlement(commands, owners);
  }

  @Bean
  SessionOwnerLookup sessionOwnerLookup(@Qualifier("eventStore") EventStore store) {
    return new SessionOwnerLookup(store);
  }

  @Bean
  ContentUsageHandler contentUsageHandler(JdbcClient sql) {
    return new ContentUsageHandler(sql);
  }

  @Bean
  StorageMeter.MeterSettings meterSettings(NodeHome home, QuotaSettings settings) {
    return new StorageMeter.MeterSettings(home.node(), settings.storageMeasureInterval());
  }

  @Bean
  StorageMeter storageMeter(
      NodeWorkspaces workspaces,
      JdbcClient sql,
      CommandGateway commands,
      StorageMeter.MeterSettings meterSettings,
      @Qualifier("eventStore") NotifyingEventStore store) {
    var storageMeter = new StorageMeter(workspaces, sql, commands, meterSettings);
    store.onOwnCommit(storageMeter::onEvent);
    return storageMeter;
  }

  @Bean
  WorkspaceQuota workspaceQuota(
      NodeWorkspaces workspaces, StorageMeter storageMeter, SessionOwnerLookup owners) {
    return new CachedWorkspaceQuota(workspaces, storageMeter, owners);
  }

  /** Processes events of one tenant per transaction, so that only its quota is locked. */
  @Bean
  ConfigurerModule reservationSettlementProcessor() {
    return axon ->
        TenantGroupedEventSource.configure(axon.eventProcessing(), ReservationSettlement.GROUP);
  }

  @Bean
  ConfigurerModule contentUsageProcessor(ConnectionProvider connections) {
    return axon -> {
      axon.eventProcessing()
          .registerHandlerInterceptor(
              ContentUsageHandler.GROUP, c -> RelaxedCommit.ofBatches(connections));
      CoalescingEventSource.configure(
          axon.eventProcessing(), ContentUsageHandler.GROUP, CoalescingEventSource.LONG_DELAY);
    };
  }

  @Bean
  ReservationReaper.ReaperSettings reaperSettings(QuotaSettings settings, Clock clock) {
    return new ReservationReaper.ReaperSettings(clock, settings.reservationTimeout());
  }

  @Bean
  ReservationReaper reservationReaper(
      ReservationTable reservationTable,
      @Qualifier("eventStore") EventStore store,
      CommandGateway commands,
      ReservationReaper.ReaperSettings reaperSettings) {
    return new ReservationReaper(reservationTable, store, commands, reaperSettings);
  }

  @Bean
  Task<Void> reapReservations(ReservationReaper reservationReaper, QuotaSettings settings) {
    return Tasks.recurring("check-reservations", FixedDelay.of(settings.reservationCheckInterval()))
        .execute((instance, context) -> reservationReaper.prolongOrExpire());
  }
}
