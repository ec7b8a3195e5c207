package io.agentledger.command.claude.snapshot;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the checkpoints of a session's files after each run.
 *
 * @param mibMax [1..65536] a larger workspace is neither stored nor served as an archive, and a
 *     larger file is not served; sparse files count in full
 * @param entriesMax [1..1000000] likewise, the number of files, directories and links
 * @param timeout [1s..1h] how long the next run waits for the checkpoint; then it starts without it
 */
@Validated
@ConfigurationProperties("agentledger.snapshot")
public record SnapshotSettings(
    @DefaultValue("4096") @Min(1) @Max(65_536) long mibMax,
    @DefaultValue("200000") @Min(1) @Max(1_000_000) int entriesMax,
    @DefaultValue("5m") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration timeout) {
  private static final long BYTES_PER_MIB = 1024L * 1024;

  public long bytesMax() {
    return mibMax * BYTES_PER_MIB;
  }
}
