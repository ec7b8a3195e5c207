package io.agentledger.command.report;

import com.samskivert.mustache.MustacheException;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportTemplateDefinition;
import io.agentledger.api.report.ReportTemplatePreviewer;
import io.agentledger.command.report.document.ReportBlock.Markdown;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportSection;
import io.agentledger.command.report.render.ReportRenderer;
import io.agentledger.command.report.render.ReportRenderers;
import io.agentledger.store.NodeHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** Shows templates with sample facts, in HTML. */
final class ReportTemplateRenderer implements ReportTemplatePreviewer {
  private final Path scratch;

  ReportTemplateRenderer(NodeHome home) {
    this.scratch = home.privateDirectory("reports");
  }

  @Override
  public String preview(ReportTemplateDefinition definition) {
    var sample = ReportTemplateSample.of(definition.type());
    var texts = ReportDraft.textsOf(sample);
    var introduction = render("introduction", definition.introduction(), texts);
    var closing = render("closing", definition.closing(), texts);
    try {
      var folder = Files.createTempDirectory(scratch, "preview");
      try {
        var out = new ByteArrayOutputStream();
        try (var renderer = ReportRenderers.open(ReportFormat.HTML, out, folder)) {
          renderer.start(sample);
          write(definition, introduction, closing, renderer);
          renderer.finish();
        }
        return out.toString(StandardCharsets.UTF_8);
      } finally {
        FileSystemUtils.deleteRecursively(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String render(String field, String template, Map<String, String> texts) {
    try {
      ReportTemplateText.check(template);
      return ReportTemplateText.render(template, texts);
    } catch (MustacheException e) {
      throw new InvalidReportTemplateException(
          field, "must be a Mustache template without partials: " + e.getMessage());
    }
  }

  private static void write(
      ReportTemplateDefinition definition,
      String introduction,
      String closing,
      ReportRenderer renderer)
      throws IOException {
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
  }
}
