package io.agentledger.command.report;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import io.agentledger.command.report.render.DisplayText;
import io.agentledger.command.report.render.ReportRenderer;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A report that is being written, in one or more passes: a pass writes the sections that it shows,
 * and only reads the others, on which later ones may depend. A template whose sections have the
 * order of the type needs one pass.
 */
final class ReportDraft {
  private static final int LEVEL_ONE = 1;

  private final ReportId id;
  private final ZoneId zone;
  private final Clock clock;
  private final ReportReader reader;
  private final ReportRenderer renderer;
  private final ReportProgress progress;
  private final Branding branding;
  private final @Nullable ReportTemplateDefinition template;
  private Set<String> shown = Set.of();
  private Map<String, String> texts = Map.of();
  private boolean isStarted;
  private boolean isShown = true;

  /**
   * Creates the draft.
   *
   * @param zone in which readers see times, and in which its days begin
   * @param template null for all sections without an introduction
   */
  ReportDraft(
      ReportId id,
      ZoneId zone,
      Clock clock,
      ReportReader reader,
      ReportRenderer renderer,
      ReportProgress progress,
      Branding branding,
      @Nullable ReportTemplateDefinition template) {
    this.id = id;
    this.zone = zone;
    this.clock = clock;
    this.reader = reader;
    this.renderer = renderer;
    this.progress = progress;
    this.branding = branding;
    this.template = template;
  }

  ZoneId zone() {
    return zone;
  }

  Clock clock() {
    return clock;
  }

  ReportReader reader() {
    return reader;
  }

  ReportProgress progress() {
    return progress;
  }

  /** Shows only these sections in the following pass; all if it is empty. */
  void show(Set<String> sections) {
    shown = OrderedCopy.of(sections);
  }

  /** Starts the report in its first pass; adds its origin to the facts. */
  void start(String title, String subject, List<Fact> facts) throws IOException {
    if (isStarted) return;
    isStarted = true;
    var all = new ArrayList<>(facts);
    all.add(new Fact("Report", id.value()));
    var requester = reader.caller().user();
    all.add(new Fact("Requested by", requester.value()));
    all.add(new Fact("Name of the requester", reader.nameOf(requester)));
    all.removeIf(fact -> fact.value() == null);
    var head = new ReportHead(title, subject, all, clock.instant(), zone, branding);
    renderer.start(head);
    texts = textsOf(head);
    if (template != null) writeText("Introduction", template.introduction());
  }

  /** Returns what a template can read. */
  static Map<String, String> textsOf(ReportHead head) {
    var texts = new HashMap<String, String>();
    for (var fact : head.factsWithBranding())
      texts.put(
          fact.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_"),
          DisplayText.value(fact.value(), head.zone()));
    texts.put("title", head.title());
    texts.put("subject", head.subject());
    texts.put("created_at", DisplayText.time(head.createdAt(), head.zone()));
    texts.put("time_zone", head.zone().getId());
    return texts;
  }

  private void writeText(String title, String text) throws IOException {
    if (text.isEmpty()) return;
    renderer.section(new ReportSection(LEVEL_ONE, title));
    renderer.block(new ReportBlock.Markdown(ReportTemplateText.render(text, texts)));
  }

  /** Ends the report after its last pass. */
  void finish() throws IOException {
    if (template != null) writeText("Closing remarks", template.closing());
  }

  /**
   * Starts a section.
   *
   * @param name of {@link io.agentledger.api.report.ReportType#sections}
   */
  void section(String name, String title) throws IOException {
    isShown = shown.isEmpty() || shown.contains(name);
    if (isShown) renderer.section(new ReportSection(LEVEL_ONE, title));
  }

  /** Starts a section within the last one. */
  void subsection(String title) throws IOException {
    if (isShown) renderer.section(new ReportSection(LEVEL_ONE + 1, title));
  }

  void add(ReportBlock block) throws IOException {
    if (isShown) renderer.block(block);
    else if (block instanceof ReportBlock.Table table) // Other sections contain its numbers.
    for (var row : table.rows()) DisplayText.checkInterrupt();
  }
}
