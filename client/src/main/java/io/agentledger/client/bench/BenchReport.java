package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Result of a benchmark.
 *
 * @param revision digest of the build's sources
 * @param loadBefore load averages of the last 1, 5 and 15 minutes
 */
public record BenchReport(
    Instant at,
    Machine machine,
    String revision,
    boolean quick,
    String loadBefore,
    String loadAfter,
    List<Measurement> measurements) {
  private static final String FORMAT = "%-13s %-24s %9s %9s %7s  %-15s %-5s %-4s %s";

  /** Returns the lines for a person. */
  public List<String> toLines() {
    List<String> lines = new ArrayList<>();
    lines.add("at            " + at);
    lines.add(
        "machine       %d processors, %s; %d MiB; Linux %s; database on %s"
            .formatted(
                machine.processors(),
                machine.processor(),
                machine.memoryMib(),
                machine.kernel(),
                machine.fileSystem()));
    lines.add("jdk           " + machine.jdk());
    lines.add("build         " + revision + (quick ? ", quick: short rounds, wide spread" : ""));
    lines.add("load          " + loadBefore + " before, " + loadAfter + " after");
    lines.add("");
    lines.add(
        FORMAT
            .formatted("row", "", "floor", "ours", "ratio", "spread", "unit", "met", "bar")
            .stripTrailing());
    measurements.forEach(measurement -> lines.add(toLine(measurement)));
    lines.add("");
    measurements.stream()
        .map(Measurement::row)
        .distinct()
        .filter(row -> !row.floor().isEmpty())
        .forEach(row -> lines.add("%-13s floor: %s".formatted(row.label(), row.floor())));
    return lines;
  }

  /** Returns the line of a row, as the table has it. */
  static String toLine(Measurement measurement) {
    double[] spread = measurement.spread();
    return FORMAT
        .formatted(
            measurement.row().label(),
            measurement.name(),
            Measurement.format(measurement.medianFloor()),
            Measurement.format(measurement.medianOurs()),
            Measurement.format(measurement.ratio()),
            Measurement.format(spread[0]) + ".." + Measurement.format(spread[1]),
            measurement.unit(),
            measurement.bars().isEmpty() ? "" : measurement.isMet() ? "yes" : "no",
            bars(measurement))
        .stripTrailing();
  }

  private static String bars(Measurement measurement) {
    return measurement.bars().stream()
        .map(bar -> bar.describe(measurement.unit()))
        .collect(Collectors.joining(", "));
  }

  /** Returns the report for a program: the numbers of every round, too. */
  public String toJson() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("at", at.toString());
    report.put("revision", revision);
    report.put("quick", quick);
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("processor", machine.processor());
    place.put("processors", machine.processors());
    place.put("memory_mib", machine.memoryMib());
    place.put("kernel", machine.kernel());
    place.put("file_system", machine.fileSystem());
    place.put("jdk", machine.jdk());
    place.put("load_before", loadBefore);
    place.put("load_after", loadAfter);
    report.put("machine", place);
    report.put("rows", measurements.stream().map(BenchReport::toFields).toList());
    return ClientJson.MAPPER.writeValueAsString(report);
  }

  private static Map<String, Object> toFields(Measurement measurement) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("row", measurement.row().label());
    fields.put("name", measurement.name());
    fields.put("unit", measurement.unit());
    fields.put("ours", measurement.medianOurs());
    fields.put("ours_rounds", measurement.ours());
    if (measurement.hasFloor()) {
      fields.put("floor", measurement.medianFloor());
      fields.put("floor_rounds", measurement.floor());
      fields.put("ratio", measurement.ratio());
    }
    fields.put("spread", measurement.spread());
    if (!measurement.bars().isEmpty()) {
      fields.put("bar", bars(measurement));
      fields.put("met", measurement.isMet());
    }
    return fields;
  }
}
