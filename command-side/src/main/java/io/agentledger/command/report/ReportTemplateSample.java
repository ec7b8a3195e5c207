package io.agentledger.command.report;

import io.agentledger.api.report.ReportType;
import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportHead;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Title pages with sample facts: all that a report of the type can have, and nothing else. */
final class ReportTemplateSample {
  private static final Instant TIME = Instant.parse("2026-12-01T09:00:00Z");
  private static final String USER = "usr_4n8v2kd7rt";
  private static final String NAME = "Ada Lovelace";
  private static final Branding BRANDING = new Branding("Acme Inc.", "Internal", "", null);

  private static final List<Fact> PERIOD =
      List.of(
          new Fact("From", LocalDate.of(2026, 11, 1)), new Fact("To", LocalDate.of(2026, 11, 30)));

  private ReportTemplateSample() {}

  static ReportHead of(ReportType type) {
    var facts = new ArrayList<>(factsOf(type));
    facts.add(new Fact("Report", "rep_5h3x8wq2mz"));
    facts.add(new Fact("Requested by", USER));
    facts.add(new Fact("Name of the requester", NAME));
    return new ReportHead(titleOf(type), subjectOf(type), facts, TIME, ZoneOffset.UTC, BRANDING);
  }

  private static String titleOf(ReportType type) {
    return switch (type) {
      case SESSION_TRANSCRIPT -> "Session transcript";
      case SESSION_ACTIVITY -> "Session activity";
      case USAGE -> "Usage and costs";
      case ACCESS_AUDIT -> "Access audit";
      case RECORD_KEEPING -> "Records of use";
      case PERSONAL_DATA -> "Personal data";
    };
  }

  private static String subjectOf(ReportType type) {
    return switch (type) {
      case SESSION_TRANSCRIPT, SESSION_ACTIVITY -> "Title of the session";
      case USAGE, ACCESS_AUDIT, RECORD_KEEPING -> "2026-11-01 to 2026-11-30";
      case PERSONAL_DATA -> NAME;
    };
  }

  private static List<Fact> factsOf(ReportType type) {
    return switch (type) {
      case SESSION_TRANSCRIPT, SESSION_ACTIVITY ->
          List.of(
              new Fact("Session", "ses_7k2m9pq4xw"),
              new Fact("Owner", USER),
              new Fact("Name of the owner", NAME),
              new Fact("Agent", "default, version 1"),
              new Fact("Environment", "default"),
              new Fact("Opened", TIME),
              new Fact("Last event", TIME),
              new Fact("Status", "active"),
              new Fact("Runs", 3L),
              new Fact("Cost in US dollars", new BigDecimal("0.42")),
              new Fact("Events", 120L));
      case USAGE ->
          withPeriod(
              new Fact("Days in", "UTC"),
              new Fact("By", "day"),
              new Fact("User", USER),
              new Fact("Name of the user", NAME));
      case ACCESS_AUDIT -> withPeriod(new Fact("Actor", USER), new Fact("Name of the actor", NAME));
      case RECORD_KEEPING -> PERIOD;
      case PERSONAL_DATA -> List.of(new Fact("User", USER));
    };
  }

  private static List<Fact> withPeriod(Fact... more) {
    var facts = new ArrayList<>(PERIOD);
    facts.addAll(List.of(more));
    return facts;
  }
}
