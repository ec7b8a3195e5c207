package io.agentledger.command.report;

import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.PermissionQuery.ListDecisions;
import io.agentledger.api.report.ReportSubject.RegulatoryRecords;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionFilter.Criteria;
import io.agentledger.api.session.query.SessionQuery.ListRuns;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is recorded of a period, in sections by the texts that ask for records. It states
 * what is recorded, and never that a tenant complies.
 */
final class RegulatoryRecordsWriter {
  private static final List<Column> RUN_COLUMNS =
      List.of(
          new Column("started_at", "Started", false),
          Column.secondary("ended_at", "Ended"),
          new Column("run_id", "Run", false),
          Column.secondary("session_id", "Session"),
          Column.secondary("user_id", "User"),
          Column.secondary("user_name", "Name"),
          new Column("agent", "Agent", false),
          Column.secondary("agent_version", "Version"),
          new Column("model", "Model", false),
          Column.secondary("cli_version", "CLI"),
          new Column("status", "Status", false),
          new Column("cost_usd", "Cost (USD)", true));
  private static final List<Column> DECISION_COLUMNS =
      List.of(
          new Column("requested_at", "Requested", false),
          new Column("decided_at", "Decided", false),
          new Column("seconds", "Seconds", true),
          Column.secondary("session_id", "Session"),
          Column.secondary("run_id", "Run"),
          new Column("tool", "Tool", false),
          Column.secondary("input_digest", "Digest of the input"),
          new Column("decision", "Decision", false),
          new Column("actor", "By", false),
          Column.secondary("actor_name", "Name"));

  private static final PlainText DELETED_MISSING =
      new PlainText(
          "Runs and decisions of deleted sessions are not included, because only auditors can read"
              + " them, until they are erased. A report that an auditor requests includes them.");

  private final ReportDraft draft;
  private final Instant from;
  private final Instant to;

  RegulatoryRecordsWriter(ReportDraft draft, RegulatoryRecords subject) {
    this.draft = draft;
    this.from = subject.from().atStartOfDay(draft.zone()).toInstant();
    this.to = subject.to().plusDays(1).atStartOfDay(draft.zone()).toInstant();
  }

  void write(RegulatoryRecords subject) throws IOException {
    draft.start(
        "Records of use",
        subject.from() + " to " + subject.to(),
        List.of(new Fact("From", subject.from()), new Fact("To", subject.to())));
    draft.section("about", "About this report");
    draft.add(
        new PlainText(
            "This report lists what the service has recorded in the period, in sections by the"
                + " texts that ask for such records. It makes no statement about compliance."));
    if (!draft.reader().caller().canReadDeleted()) draft.add(DELETED_MISSING);
    draft.section("use", "Use of the system: EU AI Act, articles 12 and 19");
    draft.add(
        new PlainText(
            "Each run of an agent: period of use, user, agent with its version, model, and end."
                + " Prompts, inputs of tools and outputs are recorded as sealed events of the"
                + " session, and listed by its transcript."));
    draft.add(new Table(RUN_COLUMNS, () -> runs().iterator()));
    draft.section("oversight", "Human oversight: EU AI Act, articles 14 and 26");
    draft.add(
        new PlainText(
            "Each request for a permission, with the decision and who made it. A decision applies"
                + " to the input with this digest only."));
    draft.add(new Table(DECISION_COLUMNS, () -> decisions().iterator()));
    draft.section("access", "Access and changes: SOC 2 CC6 to CC8, ISO/IEC 27001 A.8.15");
    draft.add(
        new PlainText(
            "Actions of users and agents, including denied ones, with credential, address and"
                + " request. Times are those of the service's clock, in UTC when recorded."));
    new AccessAuditWriter(draft).writeTable(false, subject.from(), subject.to(), null);
  }

  private Stream<SessionView> sessions() {
    var reader = draft.reader();
    var filter =
        new SessionFilter(
            null,
            EnumSet.allOf(LifecycleStatus.class),
            null,
            new Criteria(null, null, null, null, null, null, to, null));
    return reader
        .pages(page -> new ListSessions(reader.tenant(), filter, page), SessionView.class)
        .peek(session -> draft.progress().set("sessions", 0, 0))
        .filter(session -> !session.updatedAt().isBefore(from));
  }

  private boolean isInPeriod(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }

  private Stream<List<@Nullable Object>> runs() {
    var reader = draft.reader();
    return sessions()
        .flatMap(
            session ->
                reader
                    .pages(page -> new ListRuns(reader.tenant(), session.id(), page), RunView.class)
                    .filter(run -> isInPeriod(run.requestedAt()))
                    .map(run -> row(session, run)));
  }

  private List<@Nullable Object> row(SessionView session, RunView run) {
    return Arrays.asList(
        run.startedAt(),
        run.endedAt(),
        run.id().value(),
        session.id().value(),
        session.ownerId().value(),
        draft.reader().nameOf(session.ownerId()),
        session.agent().name(),
        session.agent().version(),
        run.model() == null ? run.requestedModel() : run.model(),
        run.cliVersion(),
        run.status().name().toLowerCase(Locale.ROOT),
        new BigDecimal(run.costUsd().usd()));
  }

  private Stream<List<@Nullable Object>> decisions() {
    var reader = draft.reader();
    return sessions()
        .flatMap(
            session ->
                reader
                    .pages(
                        page -> new ListDecisions(reader.tenant(), session.id(), page),
                        DecisionView.class)
                    .filter(decision -> isInPeriod(decision.requestedAt()))
                    .map(decision -> row(session, decision)));
  }

  private List<@Nullable Object> row(SessionView session, DecisionView decision) {
    var decidedAt = decision.decidedAt();
    var status = decision.status();
    var actor = decision.actor() == null ? null : decision.actor().toString();
    return Arrays.asList(
        decision.requestedAt(),
        decidedAt,
        decidedAt == null ? null : Duration.between(decision.requestedAt(), decidedAt).toSeconds(),
        session.id().value(),
        decision.runId().value(),
        decision.tool(),
        decision.inputDigest(),
        status == null ? "pending" : status.name().toLowerCase(Locale.ROOT),
        actor,
        draft.reader().nameOf(actor));
  }
}
