package io.agentledger.gateway.report;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.report.ReportQuery.FindReportTemplate;
import io.agentledger.api.report.ReportQuery.ListReportTemplateVersions;
import io.agentledger.api.report.ReportQuery.ListReportTemplates;
import io.agentledger.api.report.ReportTemplateCommand.ArchiveReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.ChangeReportTemplate;
import io.agentledger.api.report.ReportTemplateCommand.CreateReportTemplate;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplatePreviewer;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on report templates, shared by REST and RSocket. */
@Component
class ReportTemplateService {
  private final MessageGateway messageGateway;
  private final ObjectProvider<ReportTemplatePreviewer> previewer;

  ReportTemplateService(
      MessageGateway messageGateway, ObjectProvider<ReportTemplatePreviewer> previewer) {
    this.messageGateway = messageGateway;
    this.previewer = previewer;
  }

  Mono<ReportTemplateView> create(
      RequestContext context, ReportTemplateRequest request, @Nullable Idempotency idempotency) {
    var command =
        new CreateReportTemplate(
            ReportTemplateId.next(), request.name(), request.toDefinition(), idempotency);
    return preview(context, request)
        .then(messageGateway.<ReportTemplateId>send(context, command))
        .flatMap(id -> find(context, id));
  }

  Mono<ReportTemplateView> change(
      RequestContext context, ReportTemplateId id, long version, ReportTemplateRequest request) {
    var command = new ChangeReportTemplate(id, request.name(), request.toDefinition(), version);
    return preview(context, request)
        .then(messageGateway.send(context, command))
        .then(Mono.defer(() -> find(context, id)));
  }

  /** Renders the template with sample facts, for callers who may change templates. */
  Mono<String> preview(RequestContext context, ReportTemplateRequest request) {
    MessageAuthorizer.checkScopes(CreateReportTemplate.class, context.metadata());
    return messageGateway.offload(() -> Mono.just(request.preview(previewer.getIfAvailable())));
  }

  Mono<ReportTemplateView> find(RequestContext context, ReportTemplateId id) {
    return messageGateway.query(
        context, new FindReportTemplate(context.tenant(), id), ReportTemplateView.class);
  }

  Mono<Page<ReportTemplateView>> list(
      RequestContext context, boolean includeArchived, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListReportTemplates(context.tenant(), includeArchived, page));
  }

  Mono<Void> archive(RequestContext context, ReportTemplateId id) {
    return messageGateway.sendAndAwait(
        context, new ArchiveReportTemplate(id), new FindReportTemplate(context.tenant(), id));
  }

  Mono<Page<ReportTemplateVersionView>> listVersions(
      RequestContext context, ReportTemplateId id, PageRequest page) {
    return messageGateway.queryPage(
        context, new ListReportTemplateVersions(context.tenant(), id, page));
  }
}
