package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.HostPattern;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of network access for sessions whose environment has a network.
 *
 * @param enabled whether any session has a way out at all
 * @param allowedHosts beyond which no environment reaches, as {@link HostPattern} has them; empty:
 *     any
 * @param deniedHosts that are closed to all, whatever an environment says
 * @param allowedNetworks ranges that are open although they are not public, {@code 10.1.0.0/16};
 *     none. Where clouds hand out credentials stays closed
 * @param sentMax [1KB..1TB] of one run
 * @param receivedMax [1KB..1TB] of one run
 * @param connections [1..1024] of one session at a time
 * @param hostsMax [1..1000] different ones of one run: each is on the record
 * @param connectTimeout [10ms..60s] until the name is found, and again until it is connected
 * @param idleTimeout [1s..1h] without a byte in either direction
 */
@Validated
@ConfigurationProperties("agentledger.claude.egress")
public record EgressSettings(
    @DefaultValue("false") boolean enabled,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue List<String> deniedHosts,
    @DefaultValue List<String> allowedNetworks,
    @DefaultValue("64MB") DataSize sentMax,
    @DefaultValue("2GB") DataSize receivedMax,
    @DefaultValue("64") @Min(1) @Max(1024) int connections,
    @DefaultValue("200") @Min(1) @Max(1000) int hostsMax,
    @DefaultValue("10s") @DurationMin(millis = 10) @DurationMax(seconds = 60)
        Duration connectTimeout,
    @DefaultValue("2m") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration idleTimeout) {
  private static final DataSize LEAST = DataSize.ofKilobytes(1);
  private static final DataSize MOST = DataSize.ofTerabytes(1);

  public EgressSettings {
    allowedHosts = List.copyOf(allowedHosts);
    deniedHosts = List.copyOf(deniedHosts);
    allowedNetworks = List.copyOf(allowedNetworks);
    parsePatterns("allowed-hosts", allowedHosts); // A mistake shows at start.
    parsePatterns("denied-hosts", deniedHosts);
    requireInRange("sent-max", sentMax);
    requireInRange("received-max", receivedMax);
  }

  private static void requireInRange(String name, DataSize size) {
    if (size.compareTo(LEAST) < 0 || size.compareTo(MOST) > 0)
      throw new IllegalArgumentException("agentledger.claude.egress." + name + ": 1KB to 1TB");
  }

  private static List<HostPattern> parsePatterns(String name, List<String> lines) {
    return lines.stream()
        .map(
            line ->
                HostPattern.of(line)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "agentledger.claude.egress." + name + ": " + line + " is no host")))
        .toList();
  }

  List<HostPattern> allowedPatterns() {
    return parsePatterns("allowed-hosts", allowedHosts);
  }

  List<HostPattern> deniedPatterns() {
    return parsePatterns("denied-hosts", deniedHosts);
  }
}
