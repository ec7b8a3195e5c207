package io.agentledger.command.report;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.agentledger.command.report.ReportJob.JobData;
import io.agentledger.command.support.JobConnections;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.LookupTable;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.SealedBlobStore;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
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

/** Beans that make reports. */
@Configuration(proxyBeanMethods = false)
@Import({
  Report.class,
  ReportSettingsAggregate.class,
  ReportTemplateAggregate.class,
  ReportScheduleAggregate.class
})
public class ReportConfiguration {
  /** Reports that a node makes at the same time; each occupies a processor. */
  private static final int CONCURRENT_MAX = 2;

  /** Only for jobs of nodes that have ended: a node picks its own at once. */
  private static final Duration EXPIRY_CHECK_INTERVAL = Duration.ofMinutes(5);

  private static final double PICKED_MIN = 0.99;
  private static final double PICKED_MAX = 1.0;

  @Bean
  ReportLookupTable reportLookupTable(JdbcClient sql) {
    return new ReportLookupTable(sql);
  }

  @Bean
  ReportTemplateLookupTable reportTemplateLookupTable(JdbcClient sql) {
    return new ReportTemplateLookupTable(sql);
  }

  @Bean
  ReportTemplateRenderer reportTemplateRenderer(NodeHome home) {
    return new ReportTemplateRenderer(home);
  }

  @Bean
  ReportScheduleLookupTable reportScheduleLookupTable(JdbcClient sql) {
    return new ReportScheduleLookupTable(sql);
  }

  @Bean
  Task<ReportScheduleJob.JobData> scheduledReports(
      @Qualifier("eventStore") EventStore events,
      ReportScheduleLookupTable schedules,
      TenantMembership members,
      @Lazy CommandGateway commands,
      Clock clock) {
    return new ReportScheduleJob(events, schedules, members, commands, clock).task();
  }

  /** The scheduler depends on jobs that send commands, so it is created only at the first use. */
  @Bean
  ReportScheduleUpdater reportScheduleUpdater(@Lazy SchedulerClient jobs, Clock clock) {
    return new ReportScheduleUpdater(jobs, clock);
  }

  @Bean
  ReportComposer reportComposer(
      @Qualifier("eventStore") EventStore events,
      @Lazy QueryGateway queries,
      TenantMembership members,
      JdbcClient sql,
      Sealer sealer,
      Clock clock) {
    var attachments = new PromptAttachments(sql, events, sealer);
    return new ReportComposer(events, queries, members, attachments, clock);
  }

  @Bean(initMethod = "deleteRemains")
  ReportFileWriter reportFileWriter(ReportComposer composer, SealedBlobStore files, NodeHome home) {
    return new ReportFileWriter(composer, files, home);
  }

  @Bean
  ReportJob reportJob(
      ReportFileWriter writer, SealedBlobStore files, @Lazy CommandGateway commands) {
    return new ReportJob(writer, files, commands);
  }

  @Bean
  JobTable<JobData> reportJobs(ReportJob job, JobConnections database, NodeHome home) {
    return JobTable.create(
        new JobTable.Queue("reports", "report_job", home.node()),
        database,
        job.task(),
        CONCURRENT_MAX,
        scheduler ->
            scheduler
                .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
                .failureLogging(LogLevel.WARN, false));
  }

  @Bean
  ReportEnqueuer reportEnqueuer(JobTable<JobData> reportJobs, ReportJob job, Clock clock) {
    return new ReportEnqueuer(reportJobs, job, clock);
  }

  @Bean
  Task<Void> expiredReports(
      @Lazy QueryGateway queries, ObjectProvider<CommandGateway> commands, Clock clock) {
    return Tasks.recurring(ExpiredReportsJob.NAME, FixedDelay.of(EXPIRY_CHECK_INTERVAL))
        .execute(
            (instance, context) ->
                new ExpiredReportsJob(queries, commands.getObject(), clock).run());
  }

  /** Both handle events in their transaction, which their failure rolls back. */
  @Bean
  ConfigurerModule reportProcessors() {
    return axon -> {
      LookupTable.processor(ReportLookupTable.GROUP).configureModule(axon);
      LookupTable.processor(ReportEnqueuer.GROUP).configureModule(axon);
      LookupTable.processor(ReportScheduleUpdater.GROUP).configureModule(axon);
    };
  }
}
