package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.sandbox.ControlGroups.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ControlGroupsTest {
  private static final SandboxSettings FIFTH_OF_A_PROCESSOR =
      new SandboxSettings(512, 20, 64, 256, 16, 64, 1000, Duration.ofSeconds(2));

  @Test
  void processesTogetherHaveNoMoreThanTheirCeilingOfProcessorTime() throws Exception {
    ControlGroups groups = ControlGroups.detect(Path.of("/proc/self"));
    Assumptions.assumeTrue(
        groups.canLimit(Resource.CPU), "PROCESSOR TIME TEST SKIPPED: no control groups for it");
    String name = "cpu-test-" + ProcessHandle.current().pid();
    try {
      List<String> line = new ArrayList<>(List.of("sh", "-c"));
      line.add(
          groups.create(name, FIFTH_OF_A_PROCESSOR).stream()
                  .map(group -> "echo 0 >" + group + "/cgroup.procs; ")
                  .collect(Collectors.joining("", "", "for i in 1 2 3 4; do timeout 2 sh -c"))
              + " 'while :; do :; done' & done; wait; times");
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String times = new String(process.getInputStream().readAllBytes()).strip();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(times.lines().toList().getLast()).startsWith("0m0.").doesNotStartWith("0m0.00");
      assertThat(groups.limitHits(name, Resource.CPU)).isPresent();
      assertThat(groups.limitHits(name, Resource.CPU).getAsLong()).isPositive();
    } finally {
      groups.remove(name);
      groups.close();
    }
  }
}
