package io.agentledger.command.quota;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.api.quota.StandardLimits;
import io.agentledger.command.claude.WorkspaceQuota;
import io.agentledger.command.claude.WorkspaceRoot;
import io.agentledger.command.model.Allowances;
import io.agentledger.command.support.InstallationOwner;
import io.agentledger.store.Home;
import io.agentledger.store.event.WakingEventStore;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
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

/** The quota, what asks it, and what tells it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuotaSettings.class)
@Import({Quota.class, CallConfiguration.class})
public class QuotaConfiguration {
  private static final int EVENTS_PER_SNAPSHOT = 50;

  @Bean
  SnapshotTriggerDefinition quotaSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_PER_SNAPSHOT);
  }

  @Bean
  StandardLimits standardLimits(QuotaSettings settings, InstallationOwner owner) {
    return settings.standard(owner.user());
  }

  /** Behind those of all features: what is answered or refused there reserves nothing. */
  @Bean
  @DependsOn("commandInterceptors")
  InitializingBean quotaInterceptors(
      CommandBus bus,
      CommandGateway commands,
      JdbcClient sql,
      QuotaSettings settings,
      Clock clock) {
    return () -> {
      bus.registerHandlerInterceptor(new QuotaTurns(sql));
      bus.registerHandlerInterceptor(new Admission(commands, settings, clock));
    };
  }

  @Bean
  Allowances allowances(CommandGateway commands, QuotaSettings settings, Clock clock) {
    return new ReservedAllowances(commands, settings, clock);
  }

  @Bean
  OpenReservations openReservations(JdbcClient sql) {
    return new OpenReservations(sql);
  }

  @Bean
  Settling settling(
      CommandGateway commands, OpenReservations open, @Qualifier("eventStore") EventStore store) {
    return new Settling(commands, open, new SessionOwners(store));
  }

  @Bean
  StoredContent storedContent(JdbcClient sql) {
    return new StoredContent(sql);
  }

  @Bean
  StorageWatch.Place measuredPlace(Home home, QuotaSettings settings) {
    return new StorageWatch.Place(home.node(), settings.measure());
  }

  @Bean
  StorageWatch storageWatch(
      WorkspaceRoot workspaces,
      JdbcClient sql,
      CommandGateway commands,
      StorageWatch.Place place,
      @Qualifier("eventStore") WakingEventStore store) {
    var watch = new StorageWatch(workspaces, sql, commands, place);
    store.onOwnCommit(watch::hear);
    return watch;
  }

  @Bean
  WorkspaceQuota workspaceQuota(WorkspaceRoot workspaces, StorageWatch watch) {
    return new WorkspaceRooms(workspaces, watch);
  }

  /** One event in a transaction: it then is of one tenant, whose quota is the only one locked. */
  @Bean
  ConfigurerModule settlingProcessor() {
    return axon ->
        axon.eventProcessing()
            .registerPooledStreamingEventProcessorConfiguration(
                Settling.GROUP, (c, processor) -> processor.batchSize(1));
  }

  @Bean
  LostReservations.Watch reservationWatch(QuotaSettings settings, Clock clock) {
    return new LostReservations.Watch(clock, settings.patience());
  }

  @Bean
  LostReservations lostReservations(
      OpenReservations open,
      @Qualifier("eventStore") EventStore store,
      CommandGateway commands,
      LostReservations.Watch watch) {
    return new LostReservations(open, store, commands, watch);
  }

  @Bean
  Task<Void> lookAfterReservations(LostReservations lost, QuotaSettings settings) {
    return Tasks.recurring("look-after-reservations", FixedDelay.of(settings.look()))
        .execute((instance, context) -> lost.look());
  }
}
