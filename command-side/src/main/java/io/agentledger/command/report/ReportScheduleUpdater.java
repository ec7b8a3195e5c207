package io.agentledger.command.report;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;

/** Schedules the first time of each schedule in the transaction of the event that sets it. */
@ProcessingGroup(ReportScheduleUpdater.GROUP)
final class ReportScheduleUpdater {
  static final String GROUP = "report-schedules";

  private final SchedulerClient jobs;
  private final Clock clock;

  ReportScheduleUpdater(SchedulerClient jobs, Clock clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(ReportScheduleCreated event, @SequenceNumber long sequence) {
    schedule(event.scheduleId(), event.properties(), sequence);
  }

  @EventHandler
  void on(ReportScheduleChanged event, @SequenceNumber long sequence) {
    schedule(event.scheduleId(), event.properties(), sequence);
  }

  @EventHandler
  void on(ReportScheduleResumed event, @SequenceNumber long sequence) {
    schedule(event.scheduleId(), event.properties(), sequence);
  }

  private void schedule(ReportScheduleId id, ReportSchedule schedule, long sequence) {
    ReportScheduleJob.schedule(jobs, id, schedule, sequence, clock.instant());
  }
}
