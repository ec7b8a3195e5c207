package io.agentledger.query.report;

import io.agentledger.api.report.ReportQuery.FindReportTemplate;
import io.agentledger.api.report.ReportQuery.FindReportTemplateVersion;
import io.agentledger.api.report.ReportQuery.ListReportTemplateVersions;
import io.agentledger.api.report.ReportQuery.ListReportTemplates;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.report.ReportTemplateRow;
import io.agentledger.projection.report.ReportTemplateRowRepository;
import io.agentledger.projection.report.ReportTemplateVersionRow;
import io.agentledger.projection.report.ReportTemplateVersionRowRepository;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Answers queries about report templates and their versions. */
record ReportTemplateQueryHandler(
    ReportTemplateRowRepository templates,
    ReportTemplateVersionRowRepository versions,
    ConfigurationReader configurationReader,
    ContentReader contentReader) {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListReportTemplates query) {
    return configurationReader
        .list(ReportQueryHandler.GROUP, "report_templates", query, templates)
        .map(this::view);
  }

  @QueryHandler
  ReportTemplateView find(FindReportTemplate query) {
    return view(
        configurationReader.find(
            ReportQueryHandler.GROUP, query.tenant(), query.templateId(), templates));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListReportTemplateVersions query) {
    var id = query.templateId();
    configurationReader.find(ReportQueryHandler.GROUP, query.tenant(), id, templates);
    return configurationReader
        .listVersions(query.tenant(), id, query.page(), versions)
        .map(row -> view(id, row));
  }

  @QueryHandler
  ReportTemplateVersionView find(FindReportTemplateVersion query) {
    var id = query.template().templateId();
    configurationReader.find(ReportQueryHandler.GROUP, query.tenant(), id, templates);
    return versions
        .find(id.value(), query.template().version())
        .map(row -> view(id, row))
        .orElseThrow(
            () ->
                new RejectionException(
                    new NotFound(
                        "report_template_version", query.template().version() + " of " + id)));
  }

  private ReportTemplateDefinition definition(
      ReportTemplateId id, ReportType type, @Nullable SealedContent sealed) {
    return contentReader
        .map(id, sealed, text -> JSON.readValue(text, ReportTemplateDefinition.class))
        .orElseGet(() -> new ReportTemplateDefinition(type, "", "", List.of()));
  }

  private ReportTemplateView view(ReportTemplateRow row) {
    var id = new ReportTemplateId(row.id());
    var definition = definition(id, row.type(), row.definition());
    return new ReportTemplateView(
        id,
        row.name(),
        row.type(),
        emptyToNull(definition.introduction()),
        emptyToNull(definition.closing()),
        definition.sections(),
        row.version(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private ReportTemplateVersionView view(ReportTemplateId id, ReportTemplateVersionRow row) {
    var definition = definition(id, row.type(), row.definition());
    return new ReportTemplateVersionView(
        row.version(),
        row.name(),
        row.type(),
        emptyToNull(definition.introduction()),
        emptyToNull(definition.closing()),
        definition.sections(),
        row.archived(),
        row.actor(),
        row.at());
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
