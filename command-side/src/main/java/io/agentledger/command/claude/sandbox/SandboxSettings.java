package io.agentledger.command.claude.sandbox;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of one agent, with its CLI, its commands and all processes that these start. {@link
 * ResourceLimiter} reports which of them are enforced on this machine.
 *
 * @param memoryMib [512..1,048,576] memory of all its processes together, files in memory included
 * @param cpuPercent [10..102,400] of one processor's time, by all its processes together
 * @param processes [64..65,536] processes and threads at a time
 * @param openFiles [256..1,048,576] open files of one process
 * @param fileMib [16..1,048,576] the largest file that it can write
 * @param diskMib [64..1,048,576] on disk outside its workspace: home, temporary files, files
 *     without a name, the CLI's output; the workspace's limit is its owner's quota
 * @param entriesMax [1,000..10,000,000] files, folders and links in its workspace, and as many
 *     outside it
 * @param diskCheckInterval [100ms..1m] how often disk usage is measured while a run is in progress
 */
@Validated
@ConfigurationProperties("agentledger.sandbox")
public record SandboxSettings(
    @DefaultValue("4096") @Min(512) @Max(1_048_576) long memoryMib,
    @DefaultValue("400") @Min(10) @Max(102_400) int cpuPercent,
    @DefaultValue("1024") @Min(64) @Max(65_536) int processes,
    @DefaultValue("8192") @Min(256) @Max(1_048_576) int openFiles,
    @DefaultValue("2048") @Min(16) @Max(1_048_576) long fileMib,
    @DefaultValue("2048") @Min(64) @Max(1_048_576) long diskMib,
    @DefaultValue("500000") @Min(1_000) @Max(10_000_000) int entriesMax,
    @DefaultValue("2s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration diskCheckInterval) {
  static final SandboxSettings DEFAULT =
      new SandboxSettings(4096, 400, 1024, 8192, 2048, 2048, 500_000, Duration.ofSeconds(2));

  private static final int MIB_SHIFT = 20;

  /**
   * Returns a copy with the lower limits of an environment; an environment cannot raise a limit.
   */
  SandboxSettings withEnvironmentLimits(Limits limits) {
    return new SandboxSettings(
        limits.memoryMib() == 0 ? memoryMib : Math.min(memoryMib, limits.memoryMib()),
        cpuPercent,
        limits.processes() == 0 ? processes : Math.min(processes, limits.processes()),
        openFiles,
        fileMib,
        diskMib,
        entriesMax,
        diskCheckInterval);
  }

  long memoryBytes() {
    return memoryMib << MIB_SHIFT;
  }

  long fileBytes() {
    return fileMib << MIB_SHIFT;
  }

  public long diskBytes() {
    return diskMib << MIB_SHIFT;
  }
}
