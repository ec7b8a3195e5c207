package io.agentledger.command.report.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportSection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class ReportRenderersTest {
  private static final Set<String> URL_ATTRIBUTES =
      Set.of("src", "href", "action", "srcset", "data");

  @TempDir Path scratch;

  @Test
  void brandingIsInEachDocument() throws Exception {
    var html = branded(ReportFormat.HTML);
    assertThat(html)
        .contains("--accent: #8a1f5a", "class=\"logo\"><img src=\"data:image/png;base64,")
        .contains("Acme &lt;script", "<footer", "Internal &lt;svg")
        .doesNotContain("<script", "<svg", "Agentledger</p>");
    assertThat(branded(ReportFormat.JSON)).contains("\"Organization\"", "\"Footer\"");
    assertThat(branded(ReportFormat.MARKDOWN)).contains("**Organization:** Acme \\<script");
  }

  private String branded(ReportFormat format) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(format, out, scratch)) {
      renderer.start(HostileReport.head(HostileReport.branding()));
      renderer.finish();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void jsonKeepsTextAndTypes() throws IOException {
    var report = JsonMapper.shared().readTree(HostileReport.render(ReportFormat.JSON, scratch));

    assertThat(report.at("/subject").asString()).isEqualTo(HostileReport.SUBJECT);
    assertThat(report.at("/created_at").asString()).isEqualTo("2026-11-23T20:15:30Z");
    assertThat(report.at("/time_zone").asString()).isEqualTo("Europe/Berlin");
    assertThat(report.at("/facts/2/value").asString()).isEqualTo("0.012300000");
    assertThat(report.at("/facts/3/value").isIntegralNumber()).isTrue();
    assertThat(report.at("/facts/5/value").isNull()).isTrue();
    assertThat(report.at("/sections").size()).isEqualTo(4);
    var blocks = report.at("/sections/0/blocks");
    assertThat(blocks.at("/0/type").asString()).isEqualTo("plain_text");
    assertThat(blocks.at("/0/text").asString()).endsWith("a\u0000b\u0007c\ufffdd\ufffde\ufffef");
    assertThat(blocks.at("/1/columns/2/name").asString()).isEqualTo("cost_usd");
    assertThat(blocks.at("/1/rows/0/name").asString()).isEqualTo("=1+1");
    assertThat(blocks.at("/1/rows/0/cost_usd").asString()).isEqualTo("-0.50");
    assertThat(report.at("/sections/1/blocks/0/data").binaryValue())
        .isEqualTo(HostileReport.png(1, 1));
    var card = report.at("/sections/2/blocks/1");
    assertThat(card.at("/content/1/outcome").asString()).isEqualTo("failed");
    assertThat(card.at("/content/1/output/1/path").asString()).isEqualTo("src/<A>.java");
  }

  @Test
  void csvIsTheFirstTableWithoutFormulas() throws IOException {
    var text = new String(HostileReport.render(ReportFormat.CSV, scratch), UTF_8);

    assertThat(text).startsWith("name,day,cost_usd\r\n");
    try (var csv = CSVFormat.RFC4180.parse(new StringReader(text))) {
      var records = csv.getRecords();
      assertThat(records).hasSize(6).allMatch(record -> record.size() == 3);
      assertThat(records.get(1).values()).containsExactly("'=1+1", "2026-11-23", "-0.50");
      assertThat(records.get(2).get(0)).isEqualTo("'+2|pipe\nnew line, \"quoted\"");
      assertThat(records.get(2).get(1)).isEmpty();
      assertThat(records.get(3).values()).containsExactly("'@SUM(A1)", "'\tTab", "3");
      assertThat(records.get(4).get(1)).isEqualTo("'\rCR");
      assertThat(records.get(5).get(0)).doesNotContain("\0").contains(HostileReport.CHINESE);
    }
  }

  @Test
  void markdownHasTheStructureOfTheReportAlone() throws IOException {
    var text = new String(HostileReport.render(ReportFormat.MARKDOWN, scratch), UTF_8);
    var document =
        Parser.builder().extensions(List.of(TablesExtension.create())).build().parse(text);

    var headings = new ArrayList<String>();
    var links = new ArrayList<String>();
    var tables = new ArrayList<TableBlock>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(HtmlBlock html) {
            throw new AssertionError(html.getLiteral());
          }

          @Override
          public void visit(HtmlInline html) {
            throw new AssertionError(html.getLiteral());
          }

          @Override
          public void visit(Image image) {
            assertThat(image.getDestination()).startsWith("data:image/png;base64,");
          }

          @Override
          public void visit(Link link) {
            links.add(link.getDestination());
          }

          @Override
          public void visit(Heading heading) {
            headings.add(
                heading.getLevel() + " " + TextContentRenderer.builder().build().render(heading));
          }

          @Override
          public void visit(CustomBlock block) {
            if (block instanceof TableBlock table) tables.add(table);
            visitChildren(block);
          }
        });
    assertThat(headings)
        .containsExactly(
            "1 Session transcript: " + HostileReport.SUBJECT,
            "2 Summary " + HostileReport.SCRIPT,
            "3 Images ](x) | `a` # second line",
            "2 Conversation",
            "4 " + HostileReport.HEBREW + " " + HostileReport.ARABIC + " " + HostileReport.CHINESE);
    assertThat(links).isEmpty(); // Addresses are text.
    assertThat(tables).hasSize(3);
    var words = TextContentRenderer.builder().build().render(document);
    assertThat(words)
        .contains("# no heading", "- no list", "1. none", "```\nclass A")
        .contains("</pre><script>x</script>", "Image: tracking", HostileReport.LONG_LINE);
  }

  @Test
  void htmlRunsAndLoadsNothing() throws IOException {
    var text = new String(HostileReport.render(ReportFormat.HTML, scratch), UTF_8);
    var page = Jsoup.parse(text);

    assertThat(page.select("script, svg, iframe, object, embed, link, base, form, b")).isEmpty();
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    for (var element : page.getAllElements())
      for (var attribute : element.attributes()) {
        assertThat(attribute.getKey()).doesNotStartWith("on").isNotEqualTo("style");
        if (URL_ATTRIBUTES.contains(attribute.getKey()))
          assertThat(attribute.getValue())
              .matches("(?s)#s\\d|data:image/png;base64,.*|https://example.org/a\\?b=c");
      }
    assertThat(page.select("a[href^=https]")).hasSize(1);
    assertThat(page.select("h1").text()).isEqualTo(HostileReport.SUBJECT);
    assertThat(page.select("h2").eachText())
        .containsExactly("Summary " + HostileReport.SCRIPT, "Conversation");
    assertThat(page.select("nav a").eachText()).hasSize(4);
    for (var link : page.select("nav a"))
      assertThat(page.select(link.attr("href")).text()).isEqualTo(link.text());
    assertThat(page.select("details.failed summary .tool").text()).isEqualTo("Bash");
    assertThat(page.select(".diff .removed").text()).contains(HostileReport.SVG);
    assertThat(page.select("img")).hasSize(2);
    assertThat(page.select(".missing")).hasSize(3);
    assertThat(page.select(".markdown pre").eachText())
        .contains("```\nclass A { String s = \"nested fence\"; }\n```");
    assertThat(page.select(".markdown pre .sk").eachText()).contains("class");
    assertThat(page.select(".code pre").text()).contains("</pre><script>x</script>");
    assertThat(page.select(".markdown table td").eachText()).contains("a|b.java", "12");
    assertThat(page.text()).contains("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
    assertThat(text.codePoints().filter(c -> c < 32 && c != '\n' && c != '\t')).isEmpty();
    assertThat(scratch).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(ReportFormat.class)
  void interruptEndsRendering(ReportFormat format) throws Exception {
    try (var renderer = ReportRenderers.open(format, OutputStream.nullOutputStream(), scratch)) {
      renderer.start(HostileReport.head());
      renderer.section(new ReportSection(1, "Endless"));
      var rows = new CountDownLatch(2_000);
      Iterable<List<Object>> endless = () -> Stream.generate(() -> row(rows)).iterator();
      var result =
          new FutureTask<Throwable>(
              () -> {
                try {
                  renderer.block(new ReportBlock.Table(HostileReport.columns(), endless));
                  return new AssertionError("ended");
                } catch (Throwable e) {
                  return e;
                }
              });
      var thread = new Thread(result);
      thread.start();
      rows.await();
      long before = System.nanoTime();
      thread.interrupt();
      assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
      assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L);
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private static List<Object> row(CountDownLatch rows) {
    rows.countDown();
    return List.of("text", "text", 1L);
  }

  @ParameterizedTest
  @EnumSource(value = ReportFormat.class, names = "PDF", mode = EnumSource.Mode.EXCLUDE)
  void writesRowsWhileTheyAreRead(ReportFormat format) throws IOException {
    var out = new CountingOutputStream();
    Iterable<List<Object>> rows =
        () ->
            IntStream.range(0, 5_000)
                .mapToObj(
                    i -> {
                      long unwritten = i * 1_000L - out.bytes - size(scratch);
                      assertThat(unwritten).isLessThan(100_000);
                      return List.<Object>of("row " + i, "x".repeat(1_000), i);
                    })
                .iterator();
    try (var renderer = ReportRenderers.open(format, out, scratch)) {
      renderer.start(HostileReport.head());
      renderer.section(new ReportSection(1, "Rows"));
      renderer.block(new ReportBlock.Table(HostileReport.columns(), rows));
      renderer.finish();
    }
    assertThat(out.bytes).isGreaterThan(5_000_000);
  }

  private static long size(Path folder) {
    long size = 0;
    for (var file : Objects.requireNonNull(folder.toFile().listFiles())) size += file.length();
    return size;
  }

  private static final class CountingOutputStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int value) {
      bytes++;
    }

    @Override
    public void write(byte[] values, int offset, int length) {
      bytes += length;
    }
  }
}
