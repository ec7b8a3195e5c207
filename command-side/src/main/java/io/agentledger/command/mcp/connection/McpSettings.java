package io.agentledger.command.mcp.connection;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * MCP servers, as far as the operator has a say.
 *
 * @param programs directories with the programs of stdio servers, seen read-only at their own paths
 *     by every one of them, beside the system's own; none
 * @param variables what {@code ${NAME}} stands for in every tenant's connections; nothing of the
 *     service's own environment is ever filled in; none
 * @param connectTimeout [1s..5m] until a server has said what it is
 * @param callTimeout [1s..24h] of one call
 * @param checkInterval [1s..30d] between two looks at each server that is switched on
 * @param messageBytesMax [1KB..64MB] of one message of a server
 * @param toolCountMax [1..1024] of one server; one that offers more is not used
 */
@Validated
@ConfigurationProperties("agentledger.mcp")
public record McpSettings(
    @DefaultValue List<Path> programs,
    @DefaultValue Map<String, String> variables,
    @DefaultValue("20s") @DurationMin(seconds = 1) @DurationMax(minutes = 5)
        Duration connectTimeout,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(hours = 24) Duration callTimeout,
    @DefaultValue("15m") @DurationMin(seconds = 1) @DurationMax(days = 30) Duration checkInterval,
    @DefaultValue("8MB") DataSize messageBytesMax,
    @DefaultValue("256") @Min(1) @Max(1024) int toolCountMax) {
  private static final DataSize SMALLEST = DataSize.ofKilobytes(1);
  private static final DataSize LARGEST = DataSize.ofMegabytes(64);

  public McpSettings {
    programs = List.copyOf(programs);
    variables = Map.copyOf(variables);
    if (messageBytesMax.compareTo(SMALLEST) < 0 || messageBytesMax.compareTo(LARGEST) > 0)
      throw new IllegalArgumentException("agentledger.mcp.message-bytes-max: 1KB to 64MB");
  }
}
