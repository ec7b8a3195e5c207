package io.agentledger.command.report;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.IdentityQuery.FindUser;
import io.agentledger.api.identity.query.IdentityQuery.ListApiKeys;
import io.agentledger.api.identity.query.IdentityQuery.ListLogins;
import io.agentledger.api.identity.query.LoginView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.UsageAndCosts;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.query.SessionFilter;
import io.agentledger.api.session.query.SessionFilter.Criteria;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Column;
import io.agentledger.command.report.document.ReportBlock.Facts;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportBlock.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the data that is stored about a user: account, credentials, usage, audited actions, and
 * the sessions that they own.
 */
record PersonalDataWriter(ReportDraft draft) {
  void write(PersonalData subject) throws IOException {
    var reader = draft.reader();
    var user = reader.find(new FindUser(reader.tenant(), subject.userId()), UserView.class);
    draft.start(
        "Personal data",
        Objects.requireNonNullElse(user.name(), user.id().value()),
        List.of(new Fact("User", user.id().value())));
    draft.section("account", "Account");
    draft.add(
        new Facts(
            List.of(
                new Fact("Name", user.name()),
                new Fact("Email address", user.email()),
                new Fact("Role", user.role().name().toLowerCase(Locale.ROOT)),
                new Fact("Status", user.status().wireName()),
                new Fact("Joined by", user.joinMethod()),
                new Fact("Created", user.createdAt()),
                new Fact("Changed", user.updatedAt()))));
    writeCredentials(user);
    var today = LocalDate.ofInstant(draft.clock().instant(), ZoneOffset.UTC);
    new UsageWriter(draft)
        .writeTable(
            new UsageAndCosts(
                LocalDate.ofInstant(user.createdAt(), ZoneOffset.UTC),
                today,
                GroupBy.DAY,
                List.of(user.id())),
            user.id());
    if (reader.caller().has(Scope.AUDIT_READ))
      new AccessAuditWriter(draft)
          .writeTable(
              true,
              LocalDate.ofInstant(user.createdAt(), draft.zone()),
              LocalDate.ofInstant(draft.clock().instant(), draft.zone()),
              user.id());
    writeSessions(user);
  }

  private void writeCredentials(UserView user) throws IOException {
    var reader = draft.reader();
    draft.section("sign_ins", "Sign-ins");
    draft.add(
        new Table(
            List.of(
                new Column("login_id", "Sign-in", false),
                new Column("started_at", "Started", false),
                new Column("ip", "Address", false),
                Column.secondary("user_agent", "Client")),
            () ->
                reader
                    .pages(
                        page -> new ListLogins(reader.tenant(), user.id(), page), LoginView.class)
                    .map(
                        login ->
                            Arrays.<@Nullable Object>asList(
                                login.id().value(),
                                login.startedAt(),
                                login.ip(),
                                login.userAgent()))
                    .iterator()));
    if (!reader.caller().has(Scope.KEYS_WRITE) && !reader.caller().has(Scope.USERS_READ)) return;
    draft.section("api_keys", "API keys");
    draft.add(
        new Table(
            List.of(
                new Column("key_id", "Key", false),
                new Column("name", "Name", false),
                new Column("created_at", "Created", false)),
            () ->
                reader
                    .pages(
                        page -> new ListApiKeys(reader.tenant(), user.id(), page), ApiKeyView.class)
                    .map(
                        key ->
                            Arrays.<@Nullable Object>asList(
                                key.id().value(), key.name(), key.createdAt()))
                    .iterator()));
  }

  /**
   * Writes what sessions the user owns, without their content, titles included: that is only in
   * files under the key of its session, which are subject to its visibility and its erasure.
   */
  private void writeSessions(UserView user) throws IOException {
    var reader = draft.reader();
    var filter =
        new SessionFilter(
            null,
            EnumSet.allOf(LifecycleStatus.class),
            null,
            new Criteria(null, null, null, user.id(), null, null, null, null));
    draft.section("sessions", "Sessions");
    draft.add(
        new PlainText(
            "The messages and files of each session are part of the data about the user. A report"
                + " session_transcript of the session contains its messages."));
    draft.add(
        new Table(
            List.of(
                new Column("session_id", "Session", false),
                new Column("opened_at", "Opened", false),
                new Column("updated_at", "Last event", false),
                new Column("status", "Status", false),
                new Column("runs", "Runs", true),
                new Column("cost_usd", "Cost (USD)", true)),
            () ->
                reader
                    .pages(
                        page -> new ListSessions(reader.tenant(), filter, page), SessionView.class)
                    .peek(session -> draft.progress().set("sessions", 0, 0))
                    .map(
                        session ->
                            Arrays.<@Nullable Object>asList(
                                session.id().value(),
                                session.createdAt(),
                                session.updatedAt(),
                                session.lifecycle().name().toLowerCase(Locale.ROOT),
                                session.runs(),
                                new BigDecimal(session.costUsd().usd())))
                    .iterator()));
  }
}
