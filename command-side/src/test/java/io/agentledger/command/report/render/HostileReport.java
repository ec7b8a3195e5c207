package io.agentledger.command.report.render;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportLogo;
import io.agentledger.command.report.document.Branding;
import io.agentledger.command.report.document.Fact;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportHead;
import io.agentledger.command.report.document.ReportSection;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** A report that contains what is dangerous or difficult in any format. */
final class HostileReport {
  static final Instant TIME = Instant.parse("2026-11-23T20:15:30Z");
  static final String SCRIPT = "<script>alert(1)</script>";
  static final String SVG =
      "<svg onload=\"alert(2)\"><image href=\"https://evil.example/x\"/></svg>";
  static final String HEBREW = "שלום עולם";
  static final String ARABIC = "مرحبا بالعالم";
  static final String CHINESE = "中文文本";
  static final String EMOJI = "😀";
  static final String BROKEN = "a\u0000b\u0007c\ud800d\udc00e\ufffef";
  static final String LONG_LINE = "x".repeat(10_000);
  static final String SUBJECT = SCRIPT + " | # *Subject* [link](javascript:alert(3)) " + HEBREW;

  private HostileReport() {}

  static ReportHead head() {
    return head(Branding.NONE);
  }

  /** Looks whose texts are hostile, too. */
  static Branding branding() throws IOException {
    var logo = Base64.getEncoder().encodeToString(png(300, 100));
    return new Branding(
        "Acme " + SCRIPT, "Internal " + SVG, "#8a1f5a", new ReportLogo("image/png", logo));
  }

  static ReportHead head(Branding branding) {
    return new ReportHead(
        "Session transcript",
        SUBJECT,
        List.of(
            new Fact("Owner", "ada@example.org " + SVG),
            new Fact("Started", TIME),
            new Fact("Cost (USD)", new BigDecimal("0.012300000")),
            new Fact("Turns", 12L),
            new Fact("Complete", true),
            new Fact("Parent", null)),
        TIME,
        ZoneId.of("Europe/Berlin"),
        branding);
  }

  static void write(ReportRenderer renderer) throws IOException {
    renderer.start(head());
    renderer.section(new ReportSection(1, "Summary " + SCRIPT));
    renderer.block(
        new ReportBlock.PlainText("# no heading\n- no list\n    no code\n1. none\n" + BROKEN));
    renderer.block(new ReportBlock.Table(columns(), rows()));
    renderer.section(new ReportSection(2, "Images ](x) | `a`\n# second line"));
    renderer.block(new ReportBlock.Image("image/png", png(1, 1), "one pixel " + SCRIPT));
    renderer.block(new ReportBlock.Image("image/png", png(640, 200), "gradient"));
    renderer.block(new ReportBlock.Image("image/png", new byte[] {1, 2, 3}, "broken"));
    renderer.block(new ReportBlock.Image("image/png", bomb(), "bomb"));
    renderer.block(new ReportBlock.Image("image/svg+xml", SVG.getBytes(), "vector"));
    renderer.section(new ReportSection(1, "Conversation"));
    renderer.block(
        new ReportBlock.MessageCard(
            "user",
            "Ada <b>Lovelace</b>",
            TIME,
            List.of(new ReportBlock.Markdown("Please mend the build. " + HEBREW + " " + EMOJI))));
    renderer.block(
        new ReportBlock.MessageCard(
            "assistant", "claude-opus", TIME.plusSeconds(3), List.of(markdown(), call())));
    renderer.block(new ReportBlock.MessageCard("evil\" onclick=\"x", "", TIME, List.of()));
    renderer.section(new ReportSection(3, HEBREW + " " + ARABIC + " " + CHINESE));
    renderer.block(new ReportBlock.PlainText(LONG_LINE));
    renderer.block(new ReportBlock.Markdown(HEBREW + "\n\n-\n- \ue000 " + HEBREW));
    renderer.block(new ReportBlock.PlainText(ARABIC + "\n" + CHINESE + "\n" + EMOJI));
    renderer.block(new ReportBlock.Markdown(">".repeat(5_000) + " deep " + "*a _b ".repeat(5_000)));
    renderer.block(
        new ReportBlock.Markdown(
            "|a".repeat(3_000) + "\n" + "|-".repeat(3_000) + "\n|".repeat(3_000)));
    renderer.block(new ReportBlock.Table(columns(), List.of()));
    renderer.finish();
  }

  static List<ReportBlock.Column> columns() {
    return List.of(
        new ReportBlock.Column("name", "Name | <i>x</i>", false),
        new ReportBlock.Column("day", "Day", false),
        new ReportBlock.Column("cost_usd", "Cost (USD)", true));
  }

  static List<List<Object>> rows() {
    return List.of(
        Arrays.asList("=1+1", LocalDate.of(2026, 11, 23), new BigDecimal("-0.50")),
        Arrays.asList("+2|pipe\nnew line, \"quoted\"", null, 7L),
        Arrays.asList("@SUM(A1)", "\tTab", 3),
        Arrays.asList("-3" + SCRIPT, "\rCR", null),
        Arrays.asList(BROKEN + " " + CHINESE, "ordinary", 0L));
  }

  static ReportBlock.Markdown markdown() {
    return new ReportBlock.Markdown(
        """
        # Heading of the model
        Some *emphasis*, **strong** and `code`, a [good link](https://example.org/a?b=c "t") and a \
        [bad link](javascript:alert(4)) and ![tracking](https://evil.example/pixel.png).

        <img src="https://evil.example/x" onerror="alert(5)">

        Inline <b onclick="x()">HTML</b> &#1; &lt;script&gt;alert(6)&lt;/script&gt;

        | file | lines |
        | --- | ---: |
        | a\\|b.java | 12 |

        ````java
        ```
        class A { String s = "nested fence"; }
        ```
        ````

        1. first
        2. second
           - nested

        > quoted

        Setext
        ======
        """
            + "[ref]: javascript:alert(7)\n\n[ref] "
            + CHINESE
            + " "
            + ARABIC);
  }

  static ReportBlock.ToolCallCard call() {
    return new ReportBlock.ToolCallCard(
        "tcl_1",
        "Bash",
        "failed",
        TIME.plusSeconds(4),
        TIME.plusMillis(5_250),
        List.of(
            new ReportBlock.Code("sh", "echo '```' && cat <<EOF\n````\n</pre><script>x</script>")),
        List.of(
            new ReportBlock.PlainText("exit 1 " + SCRIPT),
            new ReportBlock.Diff(
                "src/<A>.java",
                "--- a/A.java\n+++ b/A.java\n@@ -1,3 +1,3 @@\n same\n-removed "
                    + SVG
                    + "\n+added\n")));
  }

  static byte[] png(int width, int height) throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    var graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, new Color(43, 92, 158), width, height, Color.WHITE));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** A PNG of few bytes whose header claims 60,000 by 60,000 pixels. */
  private static byte[] bomb() throws IOException {
    var bytes = png(1, 1);
    bytes[18] = (byte) 0xEA;
    bytes[19] = 0x60;
    bytes[22] = (byte) 0xEA;
    bytes[23] = 0x60;
    var crc = new java.util.zip.CRC32();
    crc.update(bytes, 12, 17);
    for (int i = 0; i < 4; i++) bytes[29 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
    return bytes;
  }

  static byte[] render(ReportFormat format, Path scratch) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var renderer = ReportRenderers.open(format, out, scratch)) {
      write(renderer);
    }
    return out.toByteArray();
  }
}
