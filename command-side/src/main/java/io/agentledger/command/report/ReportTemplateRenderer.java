package io.agentledger.command.report;

import com.samskivert.mustache.MustacheException;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplatePreviewer;
import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock.Markdown;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import io.agentledger.command.report.render.ReportRenderers;
import io.agentledger.store.NodeHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** Shows templates with sample facts, in HTML. */
final class ReportTemplateRenderer implements ReportTemplatePreviewer {
  private static final ReportHead SAMPLE =
      new ReportHead(
          "Title of the report",
          "Subject of the report",
          List.of(
              new Fact("From", LocalDate.of(2026, 11, 1)),
              new Fact("To", LocalDate.of(2026, 11, 30)),
              new Fact("Session", "ses_7k2m9pq4xw"),
              new Fact("Owner", "usr_4n8v2kd7rt"),
              new Fact("Report", "rep_5h3x8wq2mz"),
              new Fact("Requested by", "usr_4n8v2kd7rt"),
              new Fact("Name of the requester", "Ada Lovelace")),
          Instant.parse("2026-12-01T09:00:00Z"),
          ZoneOffset.UTC,
          new Branding("Acme Inc.", "Internal", "", null));

  private final Path scratch;

  ReportTemplateRenderer(NodeHome home) {
    this.scratch = home.privateDirectory("reports");
  }

  @Override
  public String preview(ReportTemplateDefinition definition) {
    var texts = ReportDraft.textsOf(SAMPLE);
    var introduction = render("introduction", definition.introduction(), texts);
    var closing = render("closing", definition.closing(), texts);
    try {
      var folder = Files.createTempDirectory(scratch, "preview");
      try {
        return write(definition, introduction, closing, folder);
      } finally {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String render(String field, String template, Map<String, String> texts) {
    try {
      return ReportTemplateText.render(template, texts);
    } catch (MustacheException e) {
      throw new InvalidReportTemplateException(
          field, "must be a Mustache template without partials: " + e.getMessage());
    }
  }

  private static String write(
      ReportTemplateDefinition definition, String introduction, String closing, Path folder)
      throws IOException {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(ReportFormat.HTML, out, folder)) {
      renderer.start(SAMPLE);
      if (!introduction.isEmpty()) {
        renderer.section(new ReportSection(1, "Introduction"));
        renderer.block(new Markdown(introduction));
      }
      var sections = definition.sections();
      for (var section : sections.isEmpty() ? definition.type().sections() : sections) {
        renderer.section(new ReportSection(1, section));
        renderer.block(new PlainText("(section " + section + ")"));
      }
      if (!closing.isEmpty()) {
        renderer.section(new ReportSection(1, "Closing remarks"));
        renderer.block(new Markdown(closing));
      }
      renderer.finish();
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
