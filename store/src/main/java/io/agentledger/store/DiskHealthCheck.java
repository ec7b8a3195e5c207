package io.agentledger.store;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Health of the disk with the home directory, by its free space. */
final class DiskHealthCheck implements HealthCheck {
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
    var disk = Files.getFileStore(home);
    long free = disk.getUsableSpace();
    var details =
        Map.<String, Object>of(
            "free_bytes", free,
            "total_bytes", disk.getTotalSpace(),
            "low_bytes", settings.degradedBelow().toBytes(),
            "full_bytes", settings.downBelow().toBytes());
    if (free < settings.downBelow().toBytes())
      return ComponentHealth.down(name(), "The disk of the home directory is full.", details);
    if (free < settings.degradedBelow().toBytes())
      return ComponentHealth.degraded(
          name(), "The disk of the home directory is nearly full.", details);
    return ComponentHealth.up(
        name(), "The disk of the home directory has enough free space.", details);
  }
}
