package io.agentledger.command.session.job;

import com.github.kagkarlsson.scheduler.logging.LogLevel;
import io.agentledger.api.ops.HealthCheck;
import io.agentledger.command.claude.runner.Runner;
import io.agentledger.command.session.job.RunJob.JobData;
import io.agentledger.command.support.AccountStatus;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.event.CoalescingEventSource;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
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
  /** Name of the queue of runs in metrics and health. */
  static final String RUNS = "runs";

  /** Picks at most as many jobs as there are slots, and the next one as soon as a slot is free. */
  private static final double PICKED_MAX = 1.0;

  private static final double PICKED_MIN = 0.99;

  /** The node whose command issued a run may have its process, and has a timer for the job. */
  private static final Duration PRECEDENCE = Duration.ofSeconds(1);

  private static final int MISSED_HEARTBEATS_MAX = 6;

  /** The runner also sends commands, so it is looked up only when a job begins. */
  @Bean
  RunJob runJob(
      ObjectProvider<Runner> runner,
      LocalRunStarter localRunStarter,
      RunAdmission admission,
      CommandGateway commands,
      Clock clock) {
    return new RunJob(runner::getObject, localRunStarter, admission, commands, clock);
  }

  @Bean
  LocalRunStarter localRunStarter(
      ObjectProvider<Runner> runner,
      @Qualifier("runJobs") ObjectProvider<JobTable<JobData>> jobs,
      RunAdmission admission,
      RunSettings settings) {
    return new LocalRunStarter(runner::getObject, jobs::getObject, admission, settings);
  }

  @Bean
  RunAdmission runAdmission(
      AccountStatus accounts, @Qualifier("eventStore") EventStore store, CommandGateway commands) {
    return new RunAdmission(accounts, store, commands);
  }

  @Bean
  InactiveAccountHandler inactiveAccountHandler(
      JdbcClient sql, TenantMembership members, RunAdmission admission) {
    return new InactiveAccountHandler(sql, members, admission);
  }

  /** Runs that wait for a slot or are in progress; slots limit their number. */
  @Bean
  JobTable<JobData> runJobs(
      RunJob job, JobConnections database, NodeHome home, RunSettings settings) {
    return JobTable.create(
        new JobTable.Queue(
            RUNS,
            "run_job",
            home.node(),
            PRECEDENCE,
            new JobTable.Heartbeats(settings.heartbeatInterval(), MISSED_HEARTBEATS_MAX)),
        database,
        job.task(),
        settings.maxConcurrent(),
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.DEBUG, false));
  }

  @Bean
  RunRetryScheduler runRetries(JobTable<JobData> jobs, RunJob job, RunSettings settings) {
    return (assignment, tries, failedAt) ->
        jobs.enqueue(job.instance(assignment, tries), failedAt.plus(settings.retryDelay()));
  }

  @Bean
  RunEnqueuer runEnqueuer(
      JobTable<JobData> jobs, RunJob job, LocalRunStarter localRunStarter, Clock clock) {
    return new RunEnqueuer(jobs, job, localRunStarter, clock);
  }

  @Bean
  JobCounts jobCounts(JdbcClient sql, List<JobTable<?>> tables) {
    return new JobCounts(sql, tables);
  }

  @Bean
  HealthCheck jobsHealth(JobCounts counts) {
    return new JobsHealthCheck(counts);
  }

  @Bean
  MeterBinder jobMeters(JobCounts counts, LocalRunStarter localRunStarter, RunSettings settings) {
    return new JobMeters(counts, localRunStarter, settings);
  }

  /**
   * The enqueuer handles events in their transaction, which its failure rolls back. Deadlines and
   * retries count from the time of their event, so the sagas may handle it later.
   */
  @Bean
  ConfigurerModule runProcessors() {
    return axon -> {
      axon.eventProcessing()
          .registerSubscribingEventProcessor(RunEnqueuer.GROUP)
          .registerListenerInvocationErrorHandler(
              RunEnqueuer.GROUP, c -> PropagatingErrorHandler.instance());
      CoalescingEventSource.configure(
          axon.eventProcessing(), RunSaga.GROUP, CoalescingEventSource.LONG_DELAY);
      CoalescingEventSource.configure(axon.eventProcessing(), SideRequestSaga.GROUP);
    };
  }
}
