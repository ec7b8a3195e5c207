package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportQuery.FindReportSettings;
import io.agentledger.api.report.ReportSettingsCommand.ChangeReportSettings;
import io.agentledger.api.report.ReportSettingsCommand.ResetReportSettings;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on the report settings of a tenant, shared by REST and RSocket. */
@Component
class ReportSettingsService {
  private final MessageGateway messageGateway;

  ReportSettingsService(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  Mono<ReportSettingsView> find(RequestContext context) {
    return messageGateway.query(
        context, new FindReportSettings(context.tenant()), ReportSettingsView.class);
  }

  Mono<ReportSettingsView> change(
      RequestContext context,
      ChangeReportSettingsRequest request,
      long version,
      @Nullable Idempotency idempotency) {
    var command =
        new ChangeReportSettings(
            ReportSettingsId.of(context.tenant()),
            request.toSettings(),
            request.toLogo(),
            version,
            idempotency);
    return messageGateway.<Long>send(context, command).then(Mono.defer(() -> find(context)));
  }

  /** Restores the default settings, and returns them with their version. */
  Mono<ReportSettingsView> reset(RequestContext context) {
    return messageGateway
        .send(context, new ResetReportSettings(ReportSettingsId.of(context.tenant())))
        .then(Mono.defer(() -> find(context)));
  }
}
