package io.agentledger.command.session.job;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.store.NodeHome;
import io.agentledger.store.event.CoalescingEventSource;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans that execute runs and side requests. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RunSettings.class)
@Import({RunSaga.class, SideRequestSaga.class})
public class JobConfiguration {
  /** The runner also sends commands, so it is looked up only when a job begins. */
  @Bean
  RunJob runJob(ObjectProvider<Runner> runner, CommandGateway commands, Clock clock) {
    return new RunJob(runner::getObject, commands, clock);
  }

  @Bean
  RunJobs runJobs(RunJob job, DataSource database, NodeHome home, RunSettings settings) {
    return new RunJobs(job, database, home.node(), settings);
  }

  @Bean
  RunRetryScheduler runRetries(RunJobs jobs, Clock clock, RunSettings settings) {
    return (assignment, tries) ->
        jobs.enqueue(assignment, tries, clock.instant().plus(settings.retryDelay()));
  }

  @Bean
  RunEnqueuer runEnqueuer(RunJobs jobs, Clock clock) {
    return new RunEnqueuer(jobs, clock);
  }

  @Bean
  JobCounts jobCounts(JdbcClient sql) {
    return new JobCounts(sql);
  }

  @Bean
  HealthCheck jobsHealth(JobCounts counts) {
    return new JobsHealthCheck(counts);
  }

  @Bean
  MeterBinder jobMeters(JobCounts counts, RunJobs jobs, RunSettings settings) {
    return new JobMeters(counts, jobs, settings);
  }

  /**
   * The enqueuer handles events in their transaction, which its failure rolls back. Deadlines count
   * from the time of their event, so the saga may handle it later.
   */
  @Bean
  ConfigurerModule runProcessors() {
    return axon -> {
      axon.eventProcessing()
          .registerSubscribingEventProcessor(RunEnqueuer.GROUP)
          .registerListenerInvocationErrorHandler(
              RunEnqueuer.GROUP, c -> PropagatingErrorHandler.instance());
      CoalescingEventSource.configure(axon.eventProcessing(), RunSaga.GROUP);
    };
  }
}
