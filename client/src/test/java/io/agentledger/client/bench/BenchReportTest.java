package io.agentledger.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.support.ClientJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  private static final BenchReport REPORT =
      new BenchReport(
          Instant.parse("2026-11-22T10:00:00Z"),
          new Machine("AMD EPYC", 2, 8192, "6.18", "ext4", "Eclipse Adoptium 25"),
          "0123456789ab",
          false,
          "0.10 0.20 0.30",
          "1.10 1.20 1.30",
          List.of(
              new Measurement(
                  BenchRow.RENAME,
                  "commands",
                  "1/s",
                  new double[] {4000, 2000},
                  new double[] {400, 600},
                  List.of(Bar.ratioAtLeast(0.15))),
              new Measurement(
                  BenchRow.RENAME,
                  "service CPU",
                  "ms",
                  new double[0],
                  new double[] {3, 5},
                  List.of(Bar.atMost(2)))));

  @Test
  void textHasMachineLoadBuildAndEveryRowWithItsBar() {
    assertThat(REPORT.toLines())
        .contains(
            "machine       2 processors, AMD EPYC; 8192 MiB; Linux 6.18; database on ext4",
            "jdk           Eclipse Adoptium 25",
            "build         0123456789ab",
            "load          0.10 0.20 0.30 before, 1.10 1.20 1.30 after")
        .anyMatch(
            line ->
                line.matches(
                    "rename +commands +3000 +500 +0\\.200 +0\\.100\\.\\.0\\.300"
                        + " +1/s +yes +>= x0\\.150"))
        .anyMatch(
            line ->
                line.matches(
                    "rename +service CPU +- +4\\.00 +- +3\\.00\\.\\.5\\.00 +ms +no +<= 2\\.00 ms"))
        .anyMatch(line -> line.matches("rename +floor: INSERT .*"));
  }

  @Test
  void jsonHasTheNumbersOfEveryRound() {
    var report = ClientJson.MAPPER.readTree(REPORT.toJson());
    assertThat(report.path("revision").asString()).isEqualTo("0123456789ab");
    assertThat(report.at("/machine/processors").asInt()).isEqualTo(2);
    assertThat(report.at("/machine/load_after").asString()).isEqualTo("1.10 1.20 1.30");
    var commands = report.at("/rows/0");
    assertThat(commands.path("row").asString()).isEqualTo("rename");
    assertThat(commands.path("ratio").asDouble()).isEqualTo(0.2);
    assertThat(commands.path("floor_rounds").toString()).isEqualTo("[4000.0,2000.0]");
    assertThat(commands.path("met").asBoolean()).isTrue();
    assertThat(report.at("/rows/1").has("ratio")).isFalse();
    assertThat(report.at("/rows/1").path("met").asBoolean()).isFalse();
  }

  @Test
  void everyRowIsDescribedWithItsFloor() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "benchmarks.md"));
    for (BenchRow row : BenchRow.values()) {
      assertThat(document).contains("`" + row.label() + "`");
      assertThat(document).contains(row.floor());
    }
  }
}
