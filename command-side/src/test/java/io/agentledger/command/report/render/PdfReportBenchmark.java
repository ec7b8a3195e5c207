package io.agentledger.command.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.command.report.document.ReportBlock;
import io.agentledger.command.report.document.ReportBlock.Code;
import io.agentledger.command.report.document.ReportBlock.Markdown;
import io.agentledger.command.report.document.ReportBlock.MessageCard;
import io.agentledger.command.report.document.ReportBlock.PlainText;
import io.agentledger.command.report.document.ReportBlock.ToolCallCard;
import io.agentledger.command.report.document.ReportSection;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the PDF of a transcript of about 1,000 pages and 12,000 events. Run by {@code
 * -Dtest=PdfReportBenchmark -Dtest.jvm=}.
 */
class PdfReportBenchmark {
  private static final int TURNS = Integer.getInteger("report.turns", 1_000);
  private static final int ROUNDS = Integer.getInteger("report.rounds", 4);
  private static final String OUTPUT =
      """
      [INFO] Running com.example.orders.OrderServiceTest
      [INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.412 s
      [INFO] Running com.example.orders.OrderRepositoryTest
      [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1.903 s
      [INFO] BUILD SUCCESS
      """;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @TempDir Path scratch;

  @Test
  void transcriptIsRendered() throws IOException {
    for (int round = 1; round <= ROUNDS; round++) {
      var file = scratch.resolve("report.pdf");
      long began = System.nanoTime();
      long cpuBegan = THREADS.getCurrentThreadCpuTime();
      try (var out = Files.newOutputStream(file)) {
        render(out);
      }
      var duration = Duration.ofNanos(System.nanoTime() - began);
      var cpu = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpuBegan);
      try (var pdf = Loader.loadPDF(file.toFile())) {
        assertThat(pdf.getNumberOfPages()).isGreaterThan(TURNS / 2);
        System.out.printf(
            "round %d: %d pages, %d KiB, %.2f s, %.2f s of CPU%n",
            round,
            pdf.getNumberOfPages(),
            Files.size(file) >> 10,
            duration.toMillis() / 1000.0,
            cpu.toMillis() / 1000.0);
      }
    }
  }

  private void render(OutputStream out) throws IOException {
    try (var renderer = ReportRenderers.open(ReportFormat.PDF, out, scratch)) {
      renderer.start(HostileReport.head());
      renderer.section(new ReportSection(1, "Conversation"));
      for (int turn = 0; turn < TURNS; turn++) {
        renderer.section(new ReportSection(2, "Turn " + turn));
        renderer.block(card("user", new PlainText("Please rename the field and run the tests.")));
        renderer.block(
            card(
                "assistant",
                new Markdown(
                    "I look at **all** uses of `total` first, then I change:\n\n- a\n- b")));
        renderer.block(call("Bash", new Code("bash", "mvn -q test -pl orders"), OUTPUT));
        renderer.block(
            call(
                "Edit",
                new ReportBlock.Diff(
                    "src/Order.java", "@@ -1,2 +1,2 @@\n-int total;\n+int sum;\n x"),
                "The file has been updated."));
        renderer.block(
            call("Write", new Code("java", "record Order" + turn + "(int sum) {}\n"), "Done."));
      }
      renderer.finish();
    }
  }

  private static MessageCard card(String role, ReportBlock content) {
    return new MessageCard(role, role, HostileReport.TIME, List.of(content));
  }

  private static ToolCallCard call(String tool, ReportBlock input, String output) {
    return new ToolCallCard(
        "tlc_7k2m9pq4xw",
        tool,
        "succeeded",
        HostileReport.TIME,
        HostileReport.TIME.plusSeconds(2),
        List.of(input),
        List.of(new Code("", output)));
  }
}
