package io.agentledger.command.claude.runner;

import io.agentledger.api.shared.OrderedCopy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the Claude CLI.
 *
 * @param cliPath the executable, instead of the installed one; {@code CLAUDE_CLI_PATH}
 * @param root the directory that holds {@code command-side}, where the CLI is installed
 * @param sandbox full, shared-uid or none; by default the best that works here; {@code
 *     AGENTLEDGER_SANDBOX}
 * @param poolMib [200..1,048,576] memory in MiB of all kept processes together
 * @param processMib [50..4096] assumed memory in MiB of one process
 * @param idleTimeout [1s..24h] after which an idle process is ended
 * @param inactivityTimeout [10s..1h] how long a run may be silent while it waits for nothing
 * @param orphanTimeout [30s..1h] how long processes keep running without a heartbeat of a service
 * @param prewarmedMib [0..65,536] memory in MiB of the processes that are started before their
 *     sessions are opened, in addition to the pool; less than {@code processMib}: none
 * @param prewarmedTimeout [10s..1h] after which such a process is ended if no session took it
 * @param variables names of the service's environment variables that environments may pass into the
 *     sandbox; none by default
 */
@Validated
@ConfigurationProperties("agentledger.claude")
public record ClaudeSettings(
    @Nullable Path cliPath,
    @DefaultValue(".") Path root,
    @Nullable String sandbox,
    @DefaultValue("4096") @Min(200) @Max(1_048_576) int poolMib,
    @DefaultValue("200") @Min(50) @Max(4096) int processMib,
    @DefaultValue("15m") Duration idleTimeout,
    @DefaultValue("12m") Duration inactivityTimeout,
    @DefaultValue("5m") Duration orphanTimeout,
    @DefaultValue("200") @Min(0) @Max(65_536) int prewarmedMib,
    @DefaultValue("5m") Duration prewarmedTimeout,
    @DefaultValue List<String> variables) {

  public ClaudeSettings {
    requireInRange("idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
    requireInRange(
        "inactivity-timeout", inactivityTimeout, Duration.ofSeconds(10), Duration.ofHours(1));
    requireInRange("orphan-timeout", orphanTimeout, Duration.ofSeconds(30), Duration.ofHours(1));
    requireInRange(
        "prewarmed-timeout", prewarmedTimeout, Duration.ofSeconds(10), Duration.ofHours(1));
    variables = List.copyOf(variables);
    variables.forEach(VariablePassthrough::requireValidName);
  }

  private static void requireInRange(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "agentledger.claude."
              + name
              + " must be "
              + DurationStyle.SIMPLE.print(least, ChronoUnit.SECONDS)
              + " to "
              + DurationStyle.SIMPLE.print(most, ChronoUnit.SECONDS));
    }
  }

  VariablePassthrough variablePassthrough() {
    return new VariablePassthrough(OrderedCopy.of(variables), System::getenv);
  }

  /** Returns the maximum number of kept processes. */
  int processesMax() {
    return Math.max(1, poolMib / processMib);
  }

  /** Returns the maximum number of prewarmed processes. */
  int prewarmedMax() {
    return prewarmedMib / processMib;
  }
}
