package io.agentledger.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class FlameGraphTest {
  private static final Duration BUSY = Duration.ofSeconds(1);

  @TempDir Path directory;
  private volatile long sum;

  @Test
  void methodThatIsBusyHasTheWidestBoxOfItsThread() throws Exception {
    Path file = directory.resolve("busy.svg");
    try (Recording recording = new Recording()) {
      recording.enable(FlameGraph.EVENT).with("throttle", "5ms");
      recording.start();
      Thread thread = new Thread(this::addNumbers, "calculator-17");
      thread.start();
      thread.join();
      recording.stop();
      Path samples = directory.resolve("busy.jfr");
      recording.dump(samples);
      FlameGraph.write(samples, "a <title>", file);
    }
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var boxes = parser.parse(file.toFile()).getElementsByTagName("g");
    String text = Files.readString(file);
    assertThat(text).contains("a &lt;title&gt;, ").contains(">calculator<");
    double thread = 0;
    double method = 0;
    for (int i = 0; i < boxes.getLength(); i++) {
      Element box = (Element) boxes.item(i);
      String title = box.getElementsByTagName("title").item(0).getTextContent();
      Element rectangle = (Element) box.getElementsByTagName("rect").item(0);
      double width = Double.parseDouble(rectangle.getAttribute("width"));
      if (title.startsWith("calculator,")) thread = width;
      if (title.startsWith(getClass().getName() + ".addNumbers,")) method = width;
    }
    assertThat(thread).isGreaterThan(100);
    assertThat(method).isBetween(0.8 * thread, thread);
  }

  private void addNumbers() {
    long end = System.nanoTime() + BUSY.toNanos();
    while (System.nanoTime() < end) sum += end;
  }
}
