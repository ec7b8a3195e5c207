package io.agentledger.command.report.document;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Title page of a report.
 *
 * @param title type of the report, for example "Session transcript"
 * @param subject what it is about, for example the session's title; untrusted text
 * @param facts parameters and origin of the report
 * @param zone in which readers see times
 */
public record ReportHead(
    String title,
    String subject,
    List<Fact> facts,
    Instant createdAt,
    ZoneId zone,
    Branding branding) {
  public ReportHead {
    facts = List.copyOf(facts);
  }

  /** Returns the facts with the organization and the footer, for formats without looks. */
  public List<Fact> factsWithBranding() {
    var all = new ArrayList<>(facts);
    if (!branding.organization().isEmpty())
      all.add(new Fact("Organization", branding.organization()));
    if (!branding.footer().isEmpty()) all.add(new Fact("Footer", branding.footer()));
    return all;
  }
}
