package io.agentledger.command.report;

import io.agentledger.api.session.query.SessionView;
import io.agentledger.command.report.document.Fact;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** Facts about a session for readers. */
final class SessionFacts {
  private SessionFacts() {}

  /** Returns the title, or the id of a session without one. */
  static String titleOf(SessionView session) {
    var title = session.title();
    return title == null || title.isBlank() ? session.id().value() : title;
  }

  static List<Fact> of(SessionView session, ReportReader reader) {
    return List.of(
        new Fact("Session", session.id().value()),
        new Fact("Owner", session.ownerId().value()),
        new Fact("Name of the owner", reader.nameOf(session.ownerId())),
        new Fact("Agent", session.agent().name() + ", version " + session.agent().version()),
        new Fact("Environment", session.environment().name()),
        new Fact("Opened", session.createdAt()),
        new Fact("Last event", session.updatedAt()),
        new Fact("Status", session.lifecycle().name().toLowerCase(Locale.ROOT)),
        new Fact("Runs", session.runs()),
        new Fact("Cost in US dollars", new BigDecimal(session.costUsd().usd())),
        new Fact("Events", session.sequence()));
  }
}
