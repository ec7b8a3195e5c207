package io.agentledger.command.flow;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.command.flow.FlowJob.JobData;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.command.flow.repository.RepositoryPublisher;
import io.agentledger.command.flow.repository.TestResultReader;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.CoalescingEventSource;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans for flows, their jobs, and identities at providers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FlowSettings.class)
@Import({Flow.class, FlowSaga.class, SourceIdentity.class})
public class FlowConfiguration {
  /** Jobs of a node at the same time; they wait for other services most of the time. */
  private static final int CONCURRENT_MAX = 8;

  private static final double PICKED_MIN = 0.5;
  private static final double PICKED_MAX = 1.0;

  @Bean
  FlowLookupTable flowLookupTable(JdbcClient sql) {
    return new FlowLookupTable(sql);
  }

  @Bean
  SourceIdentityLookupTable sourceIdentityLookupTable(JdbcClient sql) {
    return new SourceIdentityLookupTable(sql);
  }

  @Bean
  FlowCommandSender flowCommandSender(@Lazy CommandGateway commands) {
    return new FlowCommandSender(commands);
  }

  @Bean
  FlowReader flowReader(@Qualifier("eventStore") EventStore store, Sealer sealer) {
    return new FlowReader(store, sealer);
  }

  @Bean
  FlowExecutions flowExecutions(
      FlowReader reader, TenantMembership members, FlowCommandSender commands) {
    return new FlowExecutions(reader, members, commands);
  }

  @Bean
  SourceDecisionHandler sourceDecisionHandler(
      FlowReader reader, TenantMembership members, FlowCommandSender commands) {
    return new SourceDecisionHandler(reader, members, commands);
  }

  @Bean
  FlowPlanJob flowPlanJob(
      FlowReader reader, @Lazy FileHistory files, FlowCommandSender commands, Clock clock) {
    return new FlowPlanJob(reader, files, commands, clock);
  }

  @Bean
  FlowReplyJob flowReplyJob(
      FlowReader reader,
      @Lazy ProviderClient provider,
      @Lazy QueryGateway queries,
      TenantMembership members,
      FlowCommandSender commands,
      FlowSettings settings) {
    return new FlowReplyJob(
        reader, provider, new FlowCostReader(queries), new FlowOwner(members), commands, settings);
  }

  @Bean
  FlowPublishJob flowPublishJob(
      FlowReader reader,
      @Lazy RepositoryPublisher publisher,
      @Lazy ProviderClient provider,
      @Lazy TestResultReader tests,
      TenantMembership members,
      FlowCommandSender commands) {
    var gate = new TestGate(reader, tests, commands);
    return new FlowPublishJob(reader, publisher, provider, gate, new FlowOwner(members), commands);
  }

  @Bean
  FlowJob flowJob(FlowPlanJob plans, FlowReplyJob replies, FlowPublishJob publishing) {
    return new FlowJob(plans, replies, publishing);
  }

  @Bean
  JobTable<JobData> flowJobs(FlowJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("flows", "flow_job", home.node()),
        database,
        job.task(),
        CONCURRENT_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.DEBUG, false)); // The job logs what is unexpected.
  }

  @Bean
  FlowEnqueuer flowEnqueuer(JobTable<JobData> flowJobs, FlowJob job, Clock clock) {
    return new FlowEnqueuer(flowJobs, job, clock);
  }

  /** The first two handle events in their transaction, which their failure rolls back. */
  @Bean
  ConfigurerModule flowProcessors() {
    return axon -> {
      LookupTable.processor(FlowLookupTable.GROUP).configureModule(axon);
      LookupTable.processor(FlowEnqueuer.GROUP).configureModule(axon);
      CoalescingEventSource.configure(axon.eventProcessing(), FlowSaga.GROUP);
    };
  }
}
