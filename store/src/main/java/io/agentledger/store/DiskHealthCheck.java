package io.agentledger.store;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Health of the disk with the home directory, by its free space. If the directory of runs is on
 * another disk ({@code run.path}) with less free space, that disk is reported.
 */
final class DiskHealthCheck implements HealthCheck {
  /** File with the directory of runs if it is not in the home directory. */
  private static final String RUNS_ELSEWHERE = "run.path";

  private final Path home;
  private final DiskSettings settings;

  DiskHealthCheck(Path home, DiskSettings settings) {
    this.home = home;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public ComponentHealth check() throws IOException {
    ComponentHealth ofHome = check(home, "home directory");
    Path elsewhere = home.resolve(RUNS_ELSEWHERE);
    if (Files.notExists(elsewhere)) return ofHome;
    ComponentHealth ofRuns = check(Path.of(Files.readString(elsewhere).strip()), "run directory");
    return ofRuns.status().compareTo(ofHome.status()) > 0 ? ofRuns : ofHome;
  }

  private ComponentHealth check(Path directory, String content) throws IOException {
    var disk = Files.getFileStore(directory);
    long free = disk.getUsableSpace();
    var details =
        Map.<String, Object>of(
            "free_bytes", free,
            "total_bytes", disk.getTotalSpace(),
            "low_bytes", settings.degradedBelow().toBytes(),
            "full_bytes", settings.downBelow().toBytes());
    if (free < settings.downBelow().toBytes())
      return ComponentHealth.down(name(), "The disk of the " + content + " is full.", details);
    if (free < settings.degradedBelow().toBytes())
      return ComponentHealth.degraded(
          name(), "The disk of the " + content + " is nearly full.", details);
    return ComponentHealth.up(
        name(), "The disk of the " + content + " has enough free space.", details);
  }
}
