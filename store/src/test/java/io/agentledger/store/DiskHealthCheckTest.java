package io.agentledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.ops.SystemHealthView.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class DiskHealthCheckTest {
  private static final DataSize MORE_THAN_THERE_IS = DataSize.ofTerabytes(1_000_000);

  @TempDir Path home;

  private Status condition(DataSize low, DataSize full) throws IOException {
    return new DiskHealthCheck(home, new DiskSettings(low, full)).check().status();
  }

  @Test
  void statusFollowsTheConfiguredThresholds() throws IOException {
    assertThat(condition(DataSize.ofMegabytes(1), DataSize.ofBytes(0))).isEqualTo(Status.UP);
    assertThat(condition(MORE_THAN_THERE_IS, DataSize.ofBytes(0))).isEqualTo(Status.DEGRADED);
    assertThat(condition(MORE_THAN_THERE_IS, MORE_THAN_THERE_IS)).isEqualTo(Status.DOWN);
  }

  @Test
  void fullDiskOfRunsOutsideOfTheHomeIsReported(@TempDir Path runs) throws IOException {
    Files.writeString(home.resolve("run.path"), runs + "\n");
    try (SmallDisk disk = SmallDisk.mount(runs, 2048)) {
      assertThat(condition(DataSize.ofMegabytes(1), DataSize.ofKilobytes(64))).isEqualTo(Status.UP);
      disk.fill(0);
      assertThat(condition(DataSize.ofMegabytes(1), DataSize.ofKilobytes(64)))
          .isEqualTo(Status.DOWN);
    }
  }

  @Test
  void rejectsInconsistentSettings() {
    assertThatThrownBy(() -> new DiskSettings(DataSize.ofBytes(1), DataSize.ofBytes(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DiskSettings(DataSize.ofGigabytes(1), DataSize.ofGigabytes(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
