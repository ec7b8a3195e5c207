package io.agentledger.client.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Flame graph of the CPU samples in a recording of the JDK Flight Recorder ({@code
 * jdk.CPUTimeSample}): a box for each method, as wide as its share of the samples, above its
 * caller; the lowest ones are the threads, without their numbers.
 */
final class FlameGraph {
  static final String EVENT = "jdk.CPUTimeSample";

  private static final double WIDTH = 1600;
  private static final int ROW = 16;
  private static final int MARGIN = 24;

  /** Boxes that are narrower are left out. */
  private static final double WIDTH_MIN = 8;

  private static final double LETTER = 6.6;

  private final StringBuilder svg = new StringBuilder();
  private int total;
  private int height;

  /** Frames with the same callers. */
  private static final class Frame {
    final Map<String, Frame> callees = new TreeMap<>();
    int samples;

    Frame enter(String name) {
      Frame callee = callees.computeIfAbsent(name, unused -> new Frame());
      callee.samples++;
      return callee;
    }

    int depth(double samplesMin) {
      return callees.values().stream()
          .filter(callee -> callee.samples >= samplesMin)
          .mapToInt(callee -> 1 + callee.depth(samplesMin))
          .max()
          .orElse(0);
    }
  }

  private FlameGraph() {}

  /** Writes the graph of a recording as SVG. */
  static void write(Path recording, String title, Path file) throws IOException {
    Frame root = new Frame();
    try (RecordingFile events = new RecordingFile(recording)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (event.getEventType().getName().equals(EVENT)) add(root, event);
      }
    }
    Files.writeString(file, new FlameGraph().draw(root, title));
  }

  private static void add(Frame root, RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    if (stack == null) return;
    root.samples++;
    Frame frame = root.enter(threadName(event.getThread("eventThread")));
    List<RecordedFrame> frames = stack.getFrames();
    for (RecordedFrame next : frames.reversed()) frame = frame.enter(methodName(next.getMethod()));
  }

  private static String threadName(RecordedThread thread) {
    String name = thread == null ? "" : thread.getJavaName();
    if (name == null || name.isEmpty()) return "virtual threads";
    return name.replaceAll("_[0-9a-z]{10}|[-#]?[0-9]+", "");
  }

  private static String methodName(RecordedMethod method) {
    RecordedClass type = method.getType();
    String name = type == null ? "?" : type.getName().replaceAll("[/+.]?0x[0-9a-f]+", "");
    return name + "." + method.getName();
  }

  private String draw(Frame root, String title) {
    total = Math.max(1, root.samples);
    height = root.depth(total * WIDTH_MIN / WIDTH) * ROW + 2 * MARGIN;
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\""
                + " font-family=\"monospace\" font-size=\"11\">%n<rect width=\"100%%\""
                + " height=\"100%%\" fill=\"#fff\"/>%n<text x=\"4\" y=\"16\">%s, %,d samples</text>%n",
            WIDTH,
            height,
            escape(title),
            root.samples));
    drawCallees(root, 0, 0);
    return svg.append("</svg>\n").toString();
  }

  private void drawCallees(Frame caller, double left, int level) {
    double x = left;
    for (Map.Entry<String, Frame> callee : caller.callees.entrySet()) {
      double width = WIDTH * callee.getValue().samples / total;
      if (width >= WIDTH_MIN) {
        drawBox(callee.getKey(), callee.getValue().samples, x, width, level);
        drawCallees(callee.getValue(), x, level + 1);
      }
      x += width;
    }
  }

  private void drawBox(String name, int samples, double x, double width, int level) {
    int y = height - MARGIN - (level + 1) * ROW;
    svg.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
                + " fill=\"%s\" stroke=\"#fff\" stroke-width=\".5\"/>",
            escape(name),
            100.0 * samples / total,
            x,
            y,
            width,
            ROW,
            color(name, level)));
    String shortName = level == 0 ? name : name.replaceFirst("^.*\\.(?=[^.]+\\.[^.]+$)", "");
    int letters = (int) ((width - 4) / LETTER);
    if (letters >= 3)
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\">%s</text>",
              x + 2,
              y + ROW - 4,
              escape(shortName.substring(0, Math.min(letters, shortName.length())))));
    svg.append("</g>\n");
  }

  private static String color(String name, int level) {
    if (level == 0) return "#bbb";
    if (name.startsWith("io.agentledger.")) return "#f2a057";
    return name.matches("(java|jdk|sun|javax)\\..*") ? "#9cc3e0" : "#d9d08b";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
