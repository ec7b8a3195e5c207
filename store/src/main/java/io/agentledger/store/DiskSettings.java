package io.agentledger.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Thresholds for the free space on the disk of the home directory.
 *
 * @param degradedBelow [1MB..] free bytes below which the health is degraded
 * @param downBelow [0..degradedBelow] free bytes below which the service counts as down
 */
@ConfigurationProperties("agentledger.disk")
public record DiskSettings(
    @DefaultValue("2GB") DataSize degradedBelow, @DefaultValue("256MB") DataSize downBelow) {
  public DiskSettings {
    if (degradedBelow.toBytes() < 1 << 20)
      throw new IllegalArgumentException("agentledger.disk.degraded-below must be 1MB or more");
    if (downBelow.isNegative() || downBelow.compareTo(degradedBelow) > 0)
      throw new IllegalArgumentException(
          "agentledger.disk.down-below must be 0B to agentledger.disk.degraded-below");
  }
}
