package io.agentledger.query.report;

import io.agentledger.projection.report.ReportScheduleRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Query handlers for reports. */
@Configuration(proxyBeanMethods = false)
@Import({
  ReportQueryHandler.class,
  ReportSettingsQueryHandler.class,
  ReportTemplateQueryHandler.class
})
public class ReportQueryConfiguration {
  @Bean
  ReportScheduleQueryHandler reportSchedules(
      ReportScheduleRowRepository schedules,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec,
      ObjectProvider<Clock> clock) {
    return new ReportScheduleQueryHandler(
        schedules, readModelAccess, cursorCodec, clock.getIfAvailable(Clock::systemUTC));
  }
}
