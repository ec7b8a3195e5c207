package io.agentledger.command.mcp.connection;

import io.agentledger.api.shared.OrderedCopy;
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
 * Operator's settings of MCP servers.
 *
 * @param programs directories with the programs of stdio servers, which every one of them can read
 *     at the same paths, in addition to the system's directories; none by default
 * @param variables values of {@code ${NAME}} in every tenant's connections; the service's own
 *     environment is never used; none by default
 * @param connectTimeout [1s..5m] until a server has initialized the connection
 * @param callTimeout [1s..24h] of one call
 * @param checkInterval [1s..30d] between two checks of each enabled server
 * @param messageBytesMax [1KB..64MB] of one message of a server
 * @param toolCountMax [1..1024] of one server; a server that offers more is not used
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
    variables = OrderedCopy.of(variables);
    if (messageBytesMax.compareTo(SMALLEST) < 0 || messageBytesMax.compareTo(LARGEST) > 0)
      throw new IllegalArgumentException("agentledger.mcp.message-bytes-max must be 1KB to 64MB");
  }
}
