package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.FindReportSettings;
import io.agentledger.api.report.ReportQuery.FindReportTemplateVersion;
import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportSubject.AccessAudit;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.RegulatoryRecords;
import io.agentledger.api.report.ReportSubject.SessionActivity;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplateVersionView;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.render.ReportRenderer;
import io.agentledger.command.support.TenantMembership;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/** Composes reports from the answers to queries, sent as the requester with their present role. */
record ReportComposer(
    EventStore events,
    QueryGateway queries,
    TenantMembership members,
    PromptAttachments attachments,
    Clock clock) {

  /** Returns a report as it was requested. */
  ReportRequested find(ReportId report) {
    if (events.readEvents(report.value()).next().getPayload() instanceof ReportRequested requested)
      return requested;
    throw new RejectionException(NotFound.of(report));
  }

  /**
   * Writes everything that a report contains to the renderer.
   *
   * @throws RejectionException if the requester may not see it any more
   */
  void compose(
      ReportRequested request, TenantId tenant, ReportRenderer renderer, ReportProgress progress)
      throws IOException {
    var requester = request.requester();
    var role =
        members
            .findActiveRole(tenant, requester.userId())
            .orElseThrow(() -> new RejectionException(new Forbidden()));
    var reader = new ReportReader(queries, requester.toCaller(tenant, role));
    var definition = request.definition();
    var template = template(definition, reader);
    var draft =
        new ReportDraft(
            request.reportId(),
            zone(definition),
            clock,
            reader,
            renderer,
            progress,
            branding(reader),
            template);
    for (var sections : passes(definition.subject().reportType(), template)) {
      draft.show(sections);
      write(definition.subject(), draft);
    }
    draft.finish();
  }

  private void write(ReportSubject subject, ReportDraft draft) throws IOException {
    switch (subject) {
      case SessionTranscript transcript ->
          new TranscriptWriter(draft, attachments).write(transcript);
      case SessionActivity activity -> new SessionActivityWriter(draft).write(activity);
      case UsageAndCosts usage -> new UsageWriter(draft).write(usage);
      case AccessAudit audit -> new AccessAuditWriter(draft).write(audit);
      case RegulatoryRecords records -> new RegulatoryRecordsWriter(draft, records).write(records);
      case PersonalData data -> new PersonalDataWriter(draft).write(data);
    }
  }

  private static @Nullable ReportTemplateDefinition template(
      ReportDefinition definition, ReportReader reader) {
    if (definition.template().isEmpty()) return null;
    var query = new FindReportTemplateVersion(reader.tenant(), definition.template().getFirst());
    var version = reader.find(query, ReportTemplateVersionView.class);
    return new ReportTemplateDefinition(
        version.type(),
        Objects.requireNonNullElse(version.introduction(), ""),
        Objects.requireNonNullElse(version.closing(), ""),
        version.sections());
  }

  /** Returns the sections of each pass: a pass ends before a section that precedes its last one. */
  static List<Set<String>> passes(ReportType type, @Nullable ReportTemplateDefinition template) {
    if (template == null || template.sections().isEmpty()) return List.of(Set.of());
    var passes = new ArrayList<Set<String>>();
    int last = Integer.MAX_VALUE;
    for (var section : template.sections()) {
      int position = type.sections().indexOf(section);
      if (position < last) passes.add(new HashSet<>());
      passes.getLast().add(section);
      last = position;
    }
    return passes;
  }

  private static Branding branding(ReportReader reader) {
    var settings = reader.find(new FindReportSettings(reader.tenant()), ReportSettingsView.class);
    return new Branding(
        Objects.requireNonNullElse(settings.organization(), ""),
        Objects.requireNonNullElse(settings.footer(), ""),
        Objects.requireNonNullElse(settings.accentColor(), ""),
        settings.logo());
  }

  private static ZoneId zone(ReportDefinition definition) {
    return ZoneId.of(definition.timeZone());
  }
}
