package io.agentledger.command.report;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.report.ExpiredReport;
import io.agentledger.api.report.ExpiredReportQuery.ListExpiredReports;
import io.agentledger.api.report.ReportCommand.ExpireReport;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.util.concurrent.CompletionException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes reports whose retention has ended. Idempotent, also on several nodes. */
final class ExpiredReportsJob {
  static final String NAME = "delete-expired-reports";

  private static final Logger log = LoggerFactory.getLogger(ExpiredReportsJob.class);
  private static final int BATCH_SIZE = 100;

  private final QueryGateway queries;
  private final CommandGateway commands;
  private final Clock clock;

  ExpiredReportsJob(QueryGateway queries, CommandGateway commands, Clock clock) {
    this.queries = queries;
    this.commands = commands;
    this.clock = clock;
  }

  void run() {
    try {
      var query = new ListExpiredReports(clock.instant(), BATCH_SIZE);
      queries
          .query(query, ResponseTypes.multipleInstancesOf(ExpiredReport.class))
          .join()
          .forEach(this::delete);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof NoHandlerForQueryException)) throw e;
      log.atDebug().log("this node cannot list expired reports");
    }
  }

  private void delete(ExpiredReport report) {
    try {
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(new ExpireReport(report.reportId()))
              .withMetaData(Provenance.ofSystem(report.tenant(), Ids.random("req")).asMetadata()));
    } catch (RuntimeException e) { // The job tries again the next time.
      log.atWarn()
          .addKeyValue("reportId", report.reportId())
          .setCause(e)
          .log("could not delete an expired report");
    }
  }
}
