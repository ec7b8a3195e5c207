package io.agentledger.command.report;

import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportSubject.AccessAudit;
import io.agentledger.api.shared.Json;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the audited actions of a period, newest first, and their numbers. */
record AccessAuditWriter(ReportDraft draft) {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("at", "Time", false),
          new Column("actor", "Actor", false),
          Column.secondary("actor_name", "Name"),
          new Column("action", "Action", false),
          Column.secondary("resource_type", "Resource type"),
          new Column("resource_id", "Resource", false),
          new Column("outcome", "Outcome", false),
          new Column("count", "Count", true),
          Column.secondary("ip", "Address"),
          Column.secondary("credential_id", "Credential"),
          Column.secondary("request_id", "Request"),
          Column.secondary("details", "Details"),
          Column.secondary("changes", "Changes"));

  void write(AccessAudit subject) throws IOException {
    var user = subject.users().isEmpty() ? null : subject.users().getFirst();
    draft.start(
        "Access audit",
        subject.from() + " to " + subject.to(),
        List.of(
            new Fact("From", subject.from()),
            new Fact("To", subject.to()),
            new Fact("Actor", user == null ? "all" : user.value()),
            new Fact("Name of the actor", user == null ? null : draft.reader().nameOf(user))));
    writeTable(true, subject.from(), subject.to(), user);
  }

  /**
   * Writes the sections of a report that has started.
   *
   * @param isTop whether they are sections of their own, and not within another one
   */
  void writeTable(boolean isTop, LocalDate from, LocalDate to, @Nullable UserId user)
      throws IOException {
    var start = from.atStartOfDay(draft.zone()).toInstant();
    var end = to.plusDays(1).atStartOfDay(draft.zone()).toInstant();
    var actor = user == null ? null : user.value();
    var filter = new AuditFilter(actor, null, null, null, null, start, end, null, null);
    var reader = draft.reader();
    var counts = new TreeMap<String, Long>();
    var denied = new long[1];
    section(isTop, "actions", "Actions");
    draft.add(
        new Table(
            COLUMNS,
            () ->
                reader
                    .pages(page -> new ListAudit(reader.tenant(), filter, page), AuditView.class)
                    .peek(
                        entry -> {
                          counts.merge(entry.action(), entry.count(), Long::sum);
                          if (entry.outcome() == Outcome.DENIED) denied[0] += entry.count();
                          progress(start, entry.at(), end);
                        })
                    .map(this::row)
                    .iterator()));
    section(isTop, "counts", "Number of actions by type");
    draft.add(new Facts(List.of(new Fact("All that were denied", denied[0]))));
    draft.add(
        new Table(
            List.of(new Column("action", "Action", false), new Column("count", "Count", true)),
            counts.entrySet().stream()
                .map(count -> Arrays.<@Nullable Object>asList(count.getKey(), count.getValue()))
                .toList()));
  }

  private void section(boolean isTop, String name, String title) throws IOException {
    if (isTop) draft.section(name, title);
    else draft.subsection(title);
  }

  /** Entries come newest first. */
  private void progress(Instant start, Instant at, Instant end) {
    draft
        .progress()
        .set(
            "audit",
            Duration.between(at, end).toSeconds(),
            Duration.between(start, end).toSeconds());
  }

  private List<@Nullable Object> row(AuditView entry) {
    return Arrays.asList(
        entry.at(),
        entry.actor(),
        draft.reader().nameOf(entry.actor()),
        entry.action(),
        entry.resourceType(),
        entry.resourceId(),
        entry.outcome().name().toLowerCase(Locale.ROOT),
        entry.count(),
        entry.ip(),
        entry.credentialId(),
        entry.requestId(),
        entry.details().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(detail -> detail.getKey() + "=" + detail.getValue())
            .collect(Collectors.joining(", ")),
        entry.changes().stream().map(AccessAuditWriter::change).collect(Collectors.joining("; ")));
  }

  private static String change(AuditChange change) {
    return change.field()
        + (change.withheld()
            ? " changed"
            : ": " + textOf(change.before()) + " to " + textOf(change.after()));
  }

  private static String textOf(@Nullable Json value) {
    return value == null ? "none" : value.text();
  }
}
